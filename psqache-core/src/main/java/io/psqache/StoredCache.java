/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A cache that is stored in the database, whether an application still uses it or not.
 *
 * @param name the name of the cache
 * @param createdAt the time of its first use, by this machine's clock
 * @param usedAt the time of its last read or write by an application, accurate to one
 * hour
 * @param bounds the bounds of the cache
 * @param usage the usage at the last count of the sweeper; {@code null} until the sweeper
 * has scanned the whole table once
 */
public record StoredCache(String name, Instant createdAt, Instant usedAt, CacheBounds bounds,
		@Nullable CacheUsage usage) {

	/**
	 * The fraction of a bound above which reads are recorded.
	 */
	private static final double NEARLY_FULL = 0.75;

	private double fullness() {
		return (this.usage != null) ? this.bounds.fullness(this.usage.entries(), this.usage.bytes()) : 0;
	}

	/**
	 * Return the approximate age at which an unused entry is evicted.
	 * @return the age, or {@code null} if the cache is below 75 % of its bounds
	 */
	public @Nullable Duration evictionAge() {
		return (this.usage != null && fullness() >= NEARLY_FULL) ? this.usage.unused() : null;
	}

	/**
	 * Return whether the cache exceeds a bound, so that writers also evict entries.
	 */
	public boolean isOverfull() {
		return fullness() > 1;
	}

}
