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

import java.lang.reflect.Type;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Settings of one cache. Immutable and thread-safe: each {@code with} method returns a
 * new instance.
 * <p>
 * The bounds {@code maxEntries} and {@code maxSize} apply to the whole cache, over all
 * instances of the application. The sweeper enforces them in the background: it evicts
 * entries down to 95 % of an exceeded bound and keeps recently read entries. A cache may
 * exceed its bound for a short time.
 */
public final class CacheSettings {

	/**
	 * The maximum {@linkplain #jitter() jitter}.
	 */
	public static final double MAX_JITTER = 0.5;

	/**
	 * The maximum time-to-live and time-to-idle: one hundred years. Use
	 * {@link Duration#ZERO} as time-to-live for entries that never expire.
	 */
	public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(36_500);

	private static final CacheSettings DEFAULTS = new CacheSettings(new Values(Duration.ofDays(28), null, 0, true,
			Storage.JSONB, null, null, null, NearSettings.defaults(), LoadSettings.defaults()));

	private final Values values;

	private CacheSettings(Values values) {
		this.values = values;
	}

	/**
	 * Return the default settings.
	 * @return settings with a time-to-live of 28 days, no time-to-idle, no jitter, cached
	 * nulls, JSONB storage, no bounds, inferred types, no near cache, and single flight
	 * within each instance
	 */
	public static CacheSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Return settings with the given time-to-live.
	 * @param timeToLive the time from the write of an entry to its expiry, at most
	 * {@link #MAX_TIME_TO_LIVE}; {@link Duration#ZERO} if entries never expire
	 * @return new settings
	 * @throws IllegalArgumentException if it is out of range
	 */
	public CacheSettings withTimeToLive(Duration timeToLive) {
		return new CacheSettings(new Values(timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given time-to-idle.
	 * @param timeToIdle the time from the last read of an entry to its expiry, positive
	 * and at most {@link #MAX_TIME_TO_LIVE}; {@code null} for no limit
	 * @return new settings
	 * @throws IllegalArgumentException if it is out of range
	 */
	public CacheSettings withTimeToIdle(@Nullable Duration timeToIdle) {
		return new CacheSettings(new Values(this.values.timeToLive, timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given jitter.
	 * @param jitter the maximum fraction by which each lifetime is randomly shortened,
	 * between 0 and {@link #MAX_JITTER}
	 * @return new settings
	 * @throws IllegalArgumentException if it is out of range
	 */
	public CacheSettings withJitter(double jitter) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, this.values.loading));
	}

	/**
	 * Return settings that enable or disable the caching of {@code null}.
	 * @param cacheNullValues whether {@code null} is cached
	 * @return new settings
	 */
	public CacheSettings withCacheNullValues(boolean cacheNullValues) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given storage.
	 * @param storage how values are stored
	 * @return new settings
	 */
	public CacheSettings withStorage(Storage storage) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, storage, this.values.maxEntries, this.values.maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given maximum number of entries.
	 * @param maxEntries the bound, at least 1; {@code null} for no bound
	 * @return new settings
	 * @throws IllegalArgumentException if it is less than 1
	 */
	public CacheSettings withMaxEntries(@Nullable Long maxEntries) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, maxEntries, this.values.maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given maximum size.
	 * @param maxSize the bound, at least 1 byte; {@code null} for no bound
	 * @return new settings
	 * @throws IllegalArgumentException if it is less than 1 byte
	 */
	public CacheSettings withMaxSize(@Nullable DataSize maxSize) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given type of values.
	 * @param type the type including type arguments; {@code null} to infer it
	 * @return new settings
	 */
	public CacheSettings withType(@Nullable Type type) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize, type,
				this.values.near, this.values.loading));
	}

	/**
	 * Return settings with the given near cache settings.
	 * @param near the settings of the near cache
	 * @return new settings
	 */
	public CacheSettings withNear(NearSettings near) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, near, this.values.loading));
	}

	/**
	 * Return settings with the given load settings.
	 * @param loading how values are loaded
	 * @return new settings
	 */
	public CacheSettings withLoading(LoadSettings loading) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, loading));
	}

	/**
	 * Return the time-to-live of entries.
	 * @return the time from the write of an entry to its expiry; {@link Duration#ZERO} if
	 * entries never expire
	 */
	public Duration timeToLive() {
		return this.values.timeToLive;
	}

	/**
	 * Return the time-to-idle of entries.
	 * @return the time from the last read of an entry to its expiry; {@code null} if
	 * there is no limit
	 */
	public @Nullable Duration timeToIdle() {
		return this.values.timeToIdle;
	}

	/**
	 * Return the jitter, which prevents entries written together from expiring together.
	 * @return the maximum fraction by which each lifetime is randomly shortened, 0 to 0.5
	 */
	public double jitter() {
		return this.values.jitter;
	}

	/**
	 * Return whether {@code null} results are cached.
	 * @return {@code true} if {@code null} is cached
	 */
	public boolean cacheNullValues() {
		return this.values.cacheNullValues;
	}

	/**
	 * Return how values are stored.
	 * @return the storage
	 */
	public Storage storage() {
		return this.values.storage;
	}

	/**
	 * Return the maximum number of entries.
	 * @return the bound, at least 1; {@code null} if there is none
	 */
	public @Nullable Long maxEntries() {
		return this.values.maxEntries;
	}

	/**
	 * Return the maximum size, measured as PostgreSQL stores the entries: compressed,
	 * with their keys, without the index.
	 * @return the bound, at least 1 byte; {@code null} if there is none
	 */
	public @Nullable DataSize maxSize() {
		return this.values.maxSize;
	}

	/**
	 * Return the type of the values. A value of another class is not cached, and an entry
	 * of another class is a miss.
	 * @return the type including type arguments; {@code null} if it is inferred, or
	 * stored with each entry
	 */
	public @Nullable Type type() {
		return this.values.type;
	}

	/**
	 * Return the near cache settings.
	 * @return the settings of the near cache
	 */
	public NearSettings near() {
		return this.values.near;
	}

	/**
	 * Return the load settings.
	 * @return how values are loaded
	 */
	public LoadSettings loading() {
		return this.values.loading;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CacheSettings settings && settings.values.equals(this.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString();
	}

	private record Values(Duration timeToLive, @Nullable Duration timeToIdle, double jitter, boolean cacheNullValues,
			Storage storage, @Nullable Long maxEntries, @Nullable DataSize maxSize, @Nullable Type type,
			NearSettings near, LoadSettings loading) {

		Values {
			if (timeToLive.isNegative() || timeToLive.compareTo(MAX_TIME_TO_LIVE) > 0) {
				throw new IllegalArgumentException("timeToLive " + timeToLive
						+ " must be zero (never expires) or at most " + MAX_TIME_TO_LIVE.toDays() + " days");
			}
			if (timeToIdle != null
					&& (timeToIdle.isNegative() || timeToIdle.isZero() || timeToIdle.compareTo(MAX_TIME_TO_LIVE) > 0)) {
				throw new IllegalArgumentException("timeToIdle " + timeToIdle + " must be positive and at most "
						+ MAX_TIME_TO_LIVE.toDays() + " days");
			}
			if (!(jitter >= 0 && jitter <= MAX_JITTER)) {
				throw new IllegalArgumentException("jitter " + jitter + " must be between 0 and " + MAX_JITTER);
			}
			if (maxEntries != null && maxEntries < 1) {
				throw new IllegalArgumentException(
						"maxEntries " + maxEntries + " must be at least 1, or null for any number of entries");
			}
			if (maxSize != null && maxSize.toBytes() < 1) {
				throw new IllegalArgumentException(
						"maxSize " + maxSize + " must be at least 1 byte, or null for any size");
			}
		}

	}

}
