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
 * Settings of a near cache. Immutable and thread-safe: each {@code with} method returns a
 * new instance.
 */
public final class NearSettings {

	/**
	 * The maximum time-to-live of a near entry.
	 */
	public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(365);

	/**
	 * The largest maximum number of near entries.
	 */
	public static final long MAX_ENTRIES = Integer.MAX_VALUE;

	private static final NearSettings DEFAULTS = new NearSettings(
			new Values(false, NearCoherence.EVENTUAL, 10_000, null, Duration.ofMinutes(5)));

	private final Values values;

	private NearSettings(Values values) {
		this.values = values;
	}

	/**
	 * Return the default settings.
	 * @return settings of a disabled near cache, with at most 10,000 entries of any size
	 * for five minutes
	 */
	public static NearSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Return settings that enable or disable the near cache.
	 * @param enabled whether the near cache is enabled
	 * @return new settings
	 */
	public NearSettings withEnabled(boolean enabled) {
		return new NearSettings(new Values(enabled, this.values.coherence, this.values.maxEntries, this.values.maxSize,
				this.values.timeToLive));
	}

	/**
	 * Return settings with the given coherence of near entries.
	 * @param coherence the coherence
	 * @return new settings
	 */
	public NearSettings withCoherence(NearCoherence coherence) {
		return new NearSettings(new Values(this.values.enabled, coherence, this.values.maxEntries, this.values.maxSize,
				this.values.timeToLive));
	}

	/**
	 * Return settings with the given maximum number of near entries.
	 * @param maxEntries the bound, between 1 and {@link #MAX_ENTRIES}
	 * @return new settings
	 * @throws IllegalArgumentException if it is out of range
	 */
	public NearSettings withMaxEntries(long maxEntries) {
		return new NearSettings(new Values(this.values.enabled, this.values.coherence, maxEntries, this.values.maxSize,
				this.values.timeToLive));
	}

	/**
	 * Return settings with the given maximum size.
	 * @param maxSize the bound, at least 1 byte; {@code null} for no bound
	 * @return new settings
	 * @throws IllegalArgumentException if it is less than 1 byte
	 */
	public NearSettings withMaxSize(@Nullable DataSize maxSize) {
		return new NearSettings(new Values(this.values.enabled, this.values.coherence, this.values.maxEntries, maxSize,
				this.values.timeToLive));
	}

	/**
	 * Return settings with the given time-to-live of near entries.
	 * @param timeToLive the time, positive and at most {@link #MAX_TIME_TO_LIVE}
	 * @return new settings
	 * @throws IllegalArgumentException if it is out of range
	 */
	public NearSettings withTimeToLive(Duration timeToLive) {
		return new NearSettings(new Values(this.values.enabled, this.values.coherence, this.values.maxEntries,
				this.values.maxSize, timeToLive));
	}

	/**
	 * Return whether the near cache is enabled.
	 * @return {@code true} if it is enabled
	 */
	public boolean enabled() {
		return this.values.enabled;
	}

	/**
	 * Return the coherence of the near entries.
	 * @return the coherence
	 */
	public NearCoherence coherence() {
		return this.values.coherence;
	}

	/**
	 * Return the maximum number of near entries.
	 * @return the bound, at least 1
	 */
	public long maxEntries() {
		return this.values.maxEntries;
	}

	/**
	 * Return the maximum size of the near entries, measured as their entries are stored,
	 * with keys.
	 * @return the bound, at least 1 byte; {@code null} if there is none
	 */
	public @Nullable DataSize maxSize() {
		return this.values.maxSize;
	}

	/**
	 * Return the time-to-live of near entries. A near entry ends earlier if its entry
	 * expires earlier.
	 * @return the time, positive
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

	private record Values(boolean enabled, NearCoherence coherence, long maxEntries, @Nullable DataSize maxSize,
			Duration timeToLive) {

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
