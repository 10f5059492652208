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
 * A cache that the database knows, whether any application still uses it or not.
 *
 * @param name its name
 * @param createdAt when it was first used, by this machine's clock
 * @param usedAt when an application last used it, to read or to write, to within an hour
 * @param bounds what it may hold
 * @param figures what the sweeper found of it; {@code null} until it has walked over the
 * whole table once
 */
public record StoredCache(String name, Instant createdAt, Instant usedAt, CacheBounds bounds,
		@Nullable CacheUsage figures) {

	/**
	 * The part of its bound from which on reads are noted.
	 */
	private static final double NEARLY_FULL = 0.75;

	private double fullness() {
		return (this.figures != null) ? this.bounds.fullness(this.figures.entries(), this.figures.bytes()) : 0;
	}

	/**
	 * About the age at which an entry is evicted if it is not used.
	 * @return {@code null} if the cache is not nearly full
	 */
	public @Nullable Duration evictionAge() {
		return (this.figures != null && fullness() >= NEARLY_FULL) ? this.figures.unused() : null;
	}

	/**
	 * Whether a bound is exceeded, so that writers help to evict.
	 */
	public boolean isOverfull() {
		return fullness() > 1;
	}

}
