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
 * The usage of one cache at the last count of the sweeper. The numbers are counted, not
 * estimated, and exact except for changes during the count. All instances of an
 * application see the same usage.
 *
 * @param entries the number of live entries
 * @param bytes the size of these entries in the table, in bytes: compressed, without the
 * index
 * @param dead the number of expired or otherwise unreadable entries that the sweeper
 * deleted during the count
 * @param writtenFrom the time of the oldest write; {@code null} if there is no entry
 * @param writtenTo the time of the newest write; {@code null} if there is no entry
 * @param unused the least recently used 5 % of the entries have not been used for about
 * this time or longer; {@code null} if there is no entry, or the cache has no bound
 * @param countedAt the end of the count, by this machine's clock
 */
public record CacheUsage(long entries, long bytes, long dead, @Nullable Instant writtenFrom,
		@Nullable Instant writtenTo, @Nullable Duration unused, Instant countedAt) {

	/**
	 * Return the share of counted entries that had expired or could no longer be read for
	 * another reason.
	 * @return a fraction, 0 to 1
	 */
	public double expiredShare() {
		return (this.dead == 0) ? 0 : (double) this.dead / (this.entries + this.dead);
	}

	/**
	 * Return the current age of the oldest entry.
	 * @return the age, or {@code null} if there was no entry
	 */
	public @Nullable Duration oldest() {
		return (this.writtenFrom != null) ? since(this.writtenFrom) : null;
	}

	/**
	 * Return the time since the sweeper counted.
	 * @return the age of this usage
	 */
	public Duration age() {
		return since(this.countedAt);
	}

	private static Duration since(Instant past) {
		Duration age = Duration.between(past, Instant.now());
		return age.isNegative() ? Duration.ZERO : age;
	}

}
