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
 * Settings of one cache. Immutable; each {@code with} method answers with a changed copy.
 * <p>
 * The bounds {@code maxEntries} and {@code maxSize} are of the whole cache, all instances
 * of the application together. The sweeper holds them in the background: when it finds a
 * cache over one of them it evicts down to 95 % of it, and entries that were recently
 * read stay. So a cache may pass its bound for a moment.
 */
public final class CacheSettings {

	/**
	 * The most that {@link #jitter()} may be.
	 */
	public static final double MAX_JITTER = 0.5;

	/**
	 * The longest time-to-live and time-to-idle: a hundred years. An entry that never
	 * expires has {@link Duration#ZERO}.
	 */
	public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(36_500);

	private static final CacheSettings DEFAULTS = new CacheSettings(new Values(Duration.ofDays(28), null, 0, true,
			Storage.JSONB, null, null, null, NearSettings.defaults(), LoadSettings.defaults()));

	private final Values values;

	private CacheSettings(Values values) {
		this.values = values;
	}

	/**
	 * The settings of a cache for which nothing is set.
	 * @return 28 days, no idle limit, no jitter, nulls cached, JSONB, no bounds, type
	 * inferred, no copies, one load of a key at a time in each instance
	 */
	public static CacheSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets the age limit of an entry from its write.
	 * @param timeToLive the limit; {@link Duration#ZERO} means that entries never expire
	 * @return a changed copy
	 */
	public CacheSettings withTimeToLive(Duration timeToLive) {
		return new CacheSettings(new Values(timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, this.values.loading));
	}

	/**
	 * Sets the age limit of an entry from its last read.
	 * @param timeToIdle the limit; {@code null} means none
	 * @return a changed copy
	 */
	public CacheSettings withTimeToIdle(@Nullable Duration timeToIdle) {
		return new CacheSettings(new Values(this.values.timeToLive, timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, this.values.loading));
	}

	/**
	 * Sets by how much each entry's life is shortened at random.
	 * @param jitter a fraction between 0 and {@link #MAX_JITTER}
	 * @return a changed copy
	 */
	public CacheSettings withJitter(double jitter) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, this.values.loading));
	}

	/**
	 * Sets whether a {@code null} result is cached.
	 * @param cacheNullValues whether it is cached
	 * @return a changed copy
	 */
	public CacheSettings withCacheNullValues(boolean cacheNullValues) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Sets how values are stored.
	 * @param storage the stored form
	 * @return a changed copy
	 */
	public CacheSettings withStorage(Storage storage) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, storage, this.values.maxEntries, this.values.maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Sets the number of entries that the cache is held to.
	 * @param maxEntries the number, at least 1; {@code null} means any
	 * @return a changed copy
	 */
	public CacheSettings withMaxEntries(@Nullable Long maxEntries) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, maxEntries, this.values.maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Sets the size that the cache is held to.
	 * @param maxSize the size, at least 1 byte; {@code null} means any
	 * @return a changed copy
	 */
	public CacheSettings withMaxSize(@Nullable DataSize maxSize) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, maxSize, this.values.type,
				this.values.near, this.values.loading));
	}

	/**
	 * Sets the type of the values.
	 * @param type the type, generics included; {@code null} means that it is inferred
	 * @return a changed copy
	 */
	public CacheSettings withType(@Nullable Type type) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize, type,
				this.values.near, this.values.loading));
	}

	/**
	 * Sets the near cache.
	 * @param near its settings
	 * @return a changed copy
	 */
	public CacheSettings withNear(NearSettings near) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, near, this.values.loading));
	}

	/**
	 * Sets how values are loaded.
	 * @param loading its settings
	 * @return a changed copy
	 */
	public CacheSettings withLoading(LoadSettings loading) {
		return new CacheSettings(new Values(this.values.timeToLive, this.values.timeToIdle, this.values.jitter,
				this.values.cacheNullValues, this.values.storage, this.values.maxEntries, this.values.maxSize,
				this.values.type, this.values.near, loading));
	}

	/**
	 * Return the age limit of an entry from its write.
	 * @return the age limit of an entry from its write; {@link Duration#ZERO} means it
	 * never expires
	 */
	public Duration timeToLive() {
		return this.values.timeToLive;
	}

	/**
	 * Return the age limit of an entry from its last read.
	 * @return the age limit of an entry from its last read; {@code null} means that reads
	 * do not matter
	 */
	public @Nullable Duration timeToIdle() {
		return this.values.timeToIdle;
	}

	/**
	 * Return the fraction, 0 to 0.5, by which each entry's life is shortened at random,
	 * so that entries written together do not expire together.
	 * @return fraction, 0 to 0.5, by which each entry's life is shortened at random, so
	 * that entries written together do not expire together
	 */
	public double jitter() {
		return this.values.jitter;
	}

	/**
	 * Return whether a {@code null} result is cached.
	 * @return whether a {@code null} result is cached
	 */
	public boolean cacheNullValues() {
		return this.values.cacheNullValues;
	}

	/**
	 * Return how values are kept.
	 * @return how values are kept
	 */
	public Storage storage() {
		return this.values.storage;
	}

	/**
	 * Return the number of entries that the cache is held to, at least 1.
	 * @return the number of entries that the cache is held to, at least 1; {@code null}
	 * means any
	 */
	public @Nullable Long maxEntries() {
		return this.values.maxEntries;
	}

	/**
	 * Return the size that the cache is held to, at least 1 byte, counted as PostgreSQL
	 * stores its entries: compressed, with their keys, without the index.
	 * @return the size that the cache is held to, at least 1 byte, counted as PostgreSQL
	 * stores its entries: compressed, with their keys, without the index; {@code null}
	 * means any
	 */
	public @Nullable DataSize maxSize() {
		return this.values.maxSize;
	}

	/**
	 * Return the type of the values, generics included.
	 * @return the type of the values, generics included; {@code null} means that it is
	 * inferred, or else told by each entry. A value of another class is not cached, and
	 * an entry of another is a miss
	 */
	public @Nullable Type type() {
		return this.values.type;
	}

	/**
	 * Return the copies that this process keeps.
	 * @return the copies that this process keeps
	 */
	public NearSettings near() {
		return this.values.near;
	}

	/**
	 * Return how values are loaded.
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
