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

/**
 * How the values of one cache are loaded. Immutable; each {@code with} method answers
 * with a changed copy.
 */
public final class LoadSettings {

	/**
	 * The most that {@link #refreshAhead()} may be.
	 */
	public static final double MAX_REFRESH_AHEAD = 100;

	private static final LoadSettings DEFAULTS = new LoadSettings(
			new Values(SingleFlightScope.LOCAL, null, 0, null, null, null));

	private final Values values;

	private LoadSettings(Values values) {
		this.values = values;
	}

	/**
	 * The settings of a cache for which nothing is set.
	 * @return one load of a key at a time in each instance, and no old values
	 */
	public static LoadSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets which callers share one load of a key.
	 * @param singleFlight the scope
	 * @return a changed copy
	 */
	public LoadSettings withSingleFlight(SingleFlightScope singleFlight) {
		return new LoadSettings(new Values(singleFlight, this.values.freshFor, this.values.refreshAhead,
				this.values.staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Sets the age after which an entry is stale and is refreshed.
	 * @param freshFor the age, positive; {@code null} means that entries are never stale
	 * @return a changed copy
	 */
	public LoadSettings withFreshFor(@Nullable Duration freshFor) {
		return new LoadSettings(new Values(this.values.singleFlight, freshFor, this.values.refreshAhead,
				this.values.staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Sets how much earlier an entry may be refreshed at random.
	 * @param refreshAhead the beta of XFetch, between 0 and {@link #MAX_REFRESH_AHEAD}; 0
	 * means not at all
	 * @return a changed copy
	 */
	public LoadSettings withRefreshAhead(double refreshAhead) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, refreshAhead,
				this.values.staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Sets how long an expired entry is kept in case its loader fails or takes too long.
	 * @param staleIfError the time, positive; {@code null} means not at all
	 * @return a changed copy
	 */
	public LoadSettings withStaleIfError(@Nullable Duration staleIfError) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, this.values.refreshAhead,
				staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Sets how long a caller waits for a load if it could have a stale entry.
	 * @param softTimeout the time, positive; {@code null} means until the load ends
	 * @return a changed copy
	 */
	public LoadSettings withSoftTimeout(@Nullable Duration softTimeout) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, this.values.refreshAhead,
				this.values.staleIfError, softTimeout, this.values.hardTimeout));
	}

	/**
	 * Sets how long a caller waits for a load.
	 * @param hardTimeout the time, positive; {@code null} means until the load ends
	 * @return a changed copy
	 */
	public LoadSettings withHardTimeout(@Nullable Duration hardTimeout) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, this.values.refreshAhead,
				this.values.staleIfError, this.values.softTimeout, hardTimeout));
	}

	/**
	 * Return which callers share one load of a key.
	 * @return which callers share one load of a key
	 */
	public SingleFlightScope singleFlight() {
		return this.values.singleFlight;
	}

	/**
	 * Return the age of an entry after which its readers still get it, while one of them
	 * refreshes it.
	 * @return the age of an entry after which its readers still get it, while one of them
	 * refreshes it; {@code null} means never. It matters only if it is shorter than the
	 * time-to-live
	 */
	public @Nullable Duration freshFor() {
		return this.values.freshFor;
	}

	/**
	 * Return how much earlier than at the end of that time, or else of the time-to-live,
	 * an entry may be refreshed at random (the beta of XFetch): 0 not at all, 1 as the
	 * paper proposes, and the more the earlier.
	 * @return how much earlier than at the end of that time, or else of the time-to-live,
	 * an entry may be refreshed at random (the beta of XFetch): 0 not at all, 1 as the
	 * paper proposes, and the more the earlier
	 */
	public double refreshAhead() {
		return this.values.refreshAhead;
	}

	/**
	 * Return how long an entry is kept that has expired, in case its loader fails or
	 * takes too long.
	 * @return how long an entry is kept that has expired, in case its loader fails or
	 * takes too long; {@code null} means not at all
	 */
	public @Nullable Duration staleIfError() {
		return this.values.staleIfError;
	}

	/**
	 * Return how long a caller waits for a load if there is such an entry.
	 * @return how long a caller waits for a load if there is such an entry; {@code null}
	 * means until it ends. Where this or the next is set, loaders run on threads of the
	 * cache's own
	 */
	public @Nullable Duration softTimeout() {
		return this.values.softTimeout;
	}

	/**
	 * Return how long a caller waits for a load, before a {@code LoadTimeoutException}.
	 * @return how long a caller waits for a load, before a {@code LoadTimeoutException};
	 * {@code null} means until it ends
	 */
	public @Nullable Duration hardTimeout() {
		return this.values.hardTimeout;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof LoadSettings settings && settings.values.equals(this.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString();
	}

	private record Values(SingleFlightScope singleFlight, @Nullable Duration freshFor, double refreshAhead,
			@Nullable Duration staleIfError, @Nullable Duration softTimeout, @Nullable Duration hardTimeout) {

		Values {
			requirePositive("freshFor", freshFor);
			requirePositive("staleIfError", staleIfError);
			requirePositive("softTimeout", softTimeout);
			requirePositive("hardTimeout", hardTimeout);
			if (!(refreshAhead >= 0 && refreshAhead <= MAX_REFRESH_AHEAD)) {
				throw new IllegalArgumentException(
						"refreshAhead " + refreshAhead + " must be between 0 and " + MAX_REFRESH_AHEAD);
			}
		}

		private static void requirePositive(String name, @Nullable Duration duration) {
			if (duration != null && (duration.isNegative() || duration.isZero())) {
				throw new IllegalArgumentException(name + " " + duration + " must be positive, or null for none");
			}
		}

	}

}
