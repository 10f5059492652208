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

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Settings of the near cache of one cache: copies that this process keeps of what it
 * reads. Immutable; each {@code with} method answers with a changed copy.
 */
public final class NearSettings {

	/**
	 * The longest time-to-live of a copy.
	 */
	public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(365);

	/**
	 * The most copies.
	 */
	public static final long MAX_ENTRIES = Integer.MAX_VALUE;

	private static final NearSettings DEFAULTS = new NearSettings(
			new Values(false, 10_000, null, Duration.ofMinutes(5)));

	private final Values values;

	private NearSettings(Values values) {
		this.values = values;
	}

	/**
	 * The settings of a near cache for which nothing is set.
	 * @return not enabled; 10,000 copies of any size, for five minutes
	 */
	public static NearSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets whether near entries are kept.
	 * @param enabled whether they are kept
	 * @return a changed copy
	 */
	public NearSettings withEnabled(boolean enabled) {
		return new NearSettings(
				new Values(enabled, this.values.maxEntries, this.values.maxSize, this.values.timeToLive));
	}

	/**
	 * Sets the number of near entries that are kept.
	 * @param maxEntries the number, between 1 and {@link #MAX_ENTRIES}
	 * @return a changed copy
	 */
	public NearSettings withMaxEntries(long maxEntries) {
		return new NearSettings(
				new Values(this.values.enabled, maxEntries, this.values.maxSize, this.values.timeToLive));
	}

	/**
	 * Sets the size of the near entries that are kept.
	 * @param maxSize the size, at least 1 byte; {@code null} means any
	 * @return a changed copy
	 */
	public NearSettings withMaxSize(@Nullable DataSize maxSize) {
		return new NearSettings(
				new Values(this.values.enabled, this.values.maxEntries, maxSize, this.values.timeToLive));
	}

	/**
	 * Sets the age limit of a near entry.
	 * @param timeToLive the limit, positive and at most {@link #MAX_TIME_TO_LIVE}
	 * @return a changed copy
	 */
	public NearSettings withTimeToLive(Duration timeToLive) {
		return new NearSettings(
				new Values(this.values.enabled, this.values.maxEntries, this.values.maxSize, timeToLive));
	}

	/**
	 * Return whether copies are kept.
	 * @return whether copies are kept
	 */
	public boolean enabled() {
		return this.values.enabled;
	}

	/**
	 * Return the number of copies that are kept, at least 1.
	 * @return the number of copies that are kept, at least 1
	 */
	public long maxEntries() {
		return this.values.maxEntries;
	}

	/**
	 * Return the size of the copies, at least 1 byte, counted as their entries are
	 * stored, keys included.
	 * @return the size of the copies, at least 1 byte, counted as their entries are
	 * stored, keys included; {@code null} means any
	 */
	public @Nullable DataSize maxSize() {
		return this.values.maxSize;
	}

	/**
	 * Return the age limit of a copy, positive.
	 * @return the age limit of a copy, positive; one that its entry reaches before is
	 * kept as well
	 */
	public Duration timeToLive() {
		return this.values.timeToLive;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof NearSettings settings && settings.values.equals(this.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString();
	}

	private record Values(boolean enabled, long maxEntries, @Nullable DataSize maxSize, Duration timeToLive) {

		Values {
			if (maxEntries < 1 || maxEntries > MAX_ENTRIES) {
				throw new IllegalArgumentException(
						"maxEntries " + maxEntries + " of a near cache must be between 1 and " + MAX_ENTRIES);
			}
			if (maxSize != null && maxSize.toBytes() < 1) {
				throw new IllegalArgumentException(
						"maxSize " + maxSize + " of a near cache must be at least 1 byte, or null for any size");
			}
			if (timeToLive.isNegative() || timeToLive.isZero() || timeToLive.compareTo(MAX_TIME_TO_LIVE) > 0) {
				throw new IllegalArgumentException("timeToLive " + timeToLive
						+ " of a near cache must be positive and at most " + MAX_TIME_TO_LIVE.toDays() + " days");
			}
		}

	}

}
