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
 * Settings for loading the values of one cache. Immutable and thread-safe: each
 * {@code with} method returns a new instance.
 */
public final class LoadSettings {

	/**
	 * The maximum of {@link #refreshAhead()}.
	 */
	public static final double MAX_REFRESH_AHEAD = 100;

	private static final LoadSettings DEFAULTS = new LoadSettings(
			new Values(SingleFlightScope.LOCAL, null, 0, null, null, null));

	private final Values values;

	private LoadSettings(Values values) {
		this.values = values;
	}

	/**
	 * Return the default settings.
	 * @return settings with single flight within each instance, and without stale or
	 * expired values
	 */
	public static LoadSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Return settings with the given single-flight scope.
	 * @param singleFlight which callers share one load of a key
	 * @return new settings
	 */
	public LoadSettings withSingleFlight(SingleFlightScope singleFlight) {
		return new LoadSettings(new Values(singleFlight, this.values.freshFor, this.values.refreshAhead,
				this.values.staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Return settings with the given time for which entries are fresh.
	 * @param freshFor the age at which an entry becomes stale, positive; {@code null} if
	 * entries never become stale
	 * @return new settings
	 * @throws IllegalArgumentException if it is not positive
	 */
	public LoadSettings withFreshFor(@Nullable Duration freshFor) {
		return new LoadSettings(new Values(this.values.singleFlight, freshFor, this.values.refreshAhead,
				this.values.staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Return settings with the given refresh-ahead factor.
	 * @param refreshAhead the beta of XFetch, between 0 and {@link #MAX_REFRESH_AHEAD}; 0
	 * disables early refreshes
	 * @return new settings
	 * @throws IllegalArgumentException if it is out of range
	 */
	public LoadSettings withRefreshAhead(double refreshAhead) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, refreshAhead,
				this.values.staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Return settings with the given time for which expired entries are kept.
	 * @param staleIfError the time, positive; {@code null} to keep none
	 * @return new settings
	 * @throws IllegalArgumentException if it is not positive
	 */
	public LoadSettings withStaleIfError(@Nullable Duration staleIfError) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, this.values.refreshAhead,
				staleIfError, this.values.softTimeout, this.values.hardTimeout));
	}

	/**
	 * Return settings with the given soft timeout.
	 * @param softTimeout the time a caller waits for a load if a stale or expired value
	 * exists, positive; {@code null} for no limit
	 * @return new settings
	 * @throws IllegalArgumentException if it is not positive
	 */
	public LoadSettings withSoftTimeout(@Nullable Duration softTimeout) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, this.values.refreshAhead,
				this.values.staleIfError, softTimeout, this.values.hardTimeout));
	}

	/**
	 * Return settings with the given hard timeout.
	 * @param hardTimeout the time a caller waits for a load, positive; {@code null} for
	 * no limit
	 * @return new settings
	 * @throws IllegalArgumentException if it is not positive
	 */
	public LoadSettings withHardTimeout(@Nullable Duration hardTimeout) {
		return new LoadSettings(new Values(this.values.singleFlight, this.values.freshFor, this.values.refreshAhead,
				this.values.staleIfError, this.values.softTimeout, hardTimeout));
	}

	/**
	 * Return which callers share one load of a key.
	 * @return the single-flight scope
	 */
	public SingleFlightScope singleFlight() {
		return this.values.singleFlight;
	}

	/**
	 * Return the age at which an entry becomes stale. Readers still receive a stale
	 * entry, and one of them refreshes it. Has an effect only if it is shorter than the
	 * time-to-live.
	 * @return the age, positive; {@code null} if entries never become stale
	 */
	public @Nullable Duration freshFor() {
		return this.values.freshFor;
	}

	/**
	 * Return how early an entry may be refreshed at random before it becomes stale or,
	 * without {@code freshFor}, before it expires. This is the beta of XFetch: 0 disables
	 * early refreshes, 1 is the value of the paper, and larger values refresh earlier.
	 * @return the factor, 0 to {@link #MAX_REFRESH_AHEAD}
	 */
	public double refreshAhead() {
		return this.values.refreshAhead;
	}

	/**
	 * Return how long an expired entry is kept in case a load fails or takes too long.
	 * @return the time, positive; {@code null} if expired entries are not kept
	 */
	public @Nullable Duration staleIfError() {
		return this.values.staleIfError;
	}

	/**
	 * Return how long a caller waits for a load if a stale or expired value exists. With
	 * a soft or hard timeout, loaders run on threads of psqache.
	 * @return the time, positive; {@code null} for no limit
	 */
	public @Nullable Duration softTimeout() {
		return this.values.softTimeout;
	}

	/**
	 * Return how long a caller waits for a load before a {@link LoadTimeoutException} is
	 * thrown.
	 * @return the time, positive; {@code null} for no limit
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
