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
 * What the sweeper found of one cache when it last walked over the whole table: counted,
 * not estimated, and exact but for what was written (and so may have moved) while it
 * walked. All instances of an application see the same.
 *
 * @param entries number of entries that can be read
 * @param bytes what they take in the table, in bytes, as they lie there (compressed, and
 * without the index)
 * @param dead number of entries that could be read no more, when the walk came by and
 * deleted them
 * @param writtenFrom when the oldest of the entries was written; {@code null} if there is
 * none
 * @param writtenTo when the newest of the entries was written; {@code null} if there is
 * none
 * @param unused for how long the twentieth of the entries has not been used that was used
 * least recently, as far as reads are noted; {@code null} if there is none, or the cache
 * has no bound
 * @param countedAt when the walk was done, by this machine's clock
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
		return (this.writtenFrom != null) ? until(this.writtenFrom) : null;
	}

	/**
	 * Return the time since the sweeper counted.
	 * @return the age of this usage
	 */
	public Duration age() {
		return until(this.countedAt);
	}

	private static Duration until(Instant past) {
		Duration age = Duration.between(past, Instant.now());
		return age.isNegative() ? Duration.ZERO : age;
	}

}
