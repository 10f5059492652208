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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.psqache.codec.Storage;
import io.psqache.load.LoadSettings;
import io.psqache.near.NearSettings;
import io.psqache.store.Bounds;
import io.psqache.store.Lifetime;
import io.psqache.store.Staleness;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Settings of one cache. Immutable; each {@code with} method answers with a changed copy.
 * <p>
 * The bounds {@code maxEntries} and {@code maxSize} are of the whole cache, all instances
 * of the application together. The sweeper holds them in the background: when it finds a
 * cache over one of them it evicts down to 95 % of it, and entries that were recently
 * read stay. So a cache may pass its bound for a moment.
 *
 * @param timeToLive age limit of an entry from its write; {@link Duration#ZERO} means it
 * never expires
 * @param timeToIdle age limit of an entry from its last read; {@code null} means that
 * reads do not matter
 * @param jitter fraction, 0 to 0.5, by which each entry's life is shortened at random, so
 * that entries written together do not expire together
 * @param cacheNullValues whether a {@code null} result is cached
 * @param storage how values are kept
 * @param maxEntries number of entries that the cache is held to, at least 1; {@code null}
 * means any
 * @param maxSize size that the cache is held to, at least 1 byte, counted as PostgreSQL
 * stores its entries: compressed, with their keys, without the index; {@code null} means
 * any
 * @param type the type of the values, generics included; {@code null} means that it is
 * inferred, or else told by each entry. A value of another class is not cached, and an
 * entry of another is a miss
 * @param near copies that this process keeps
 * @param loading how values are loaded
 */
public record CacheSettings(Duration timeToLive, @Nullable Duration timeToIdle, double jitter, boolean cacheNullValues,
		Storage storage, @Nullable Long maxEntries, @Nullable DataSize maxSize, @Nullable Type type, NearSettings near,
		LoadSettings loading) {

	/**
	 * The most that {@link #jitter()} may be.
	 */
	public static final double MAX_JITTER = 0.5;

	/**
	 * The longest time-to-live and time-to-idle: a hundred years. An entry that never
	 * expires has {@link Duration#ZERO}.
	 */
	public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(36_500);

	private static final CacheSettings DEFAULTS = new CacheSettings(Duration.ofDays(28), null, 0, true, Storage.JSONB,
			null, null, null, NearSettings.defaults(), LoadSettings.defaults());

	public CacheSettings {
		if (timeToLive.isNegative() || timeToLive.compareTo(MAX_TIME_TO_LIVE) > 0) {
			throw new IllegalArgumentException("timeToLive " + timeToLive + " must be zero (never expires) or at most "
					+ MAX_TIME_TO_LIVE.toDays() + " days");
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
			throw new IllegalArgumentException("maxSize " + maxSize + " must be at least 1 byte, or null for any size");
		}
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
		return with((draft) -> draft.timeToLive = timeToLive);
	}

	/**
	 * Sets the age limit of an entry from its last read.
	 * @param timeToIdle the limit; {@code null} means none
	 * @return a changed copy
	 */
	public CacheSettings withTimeToIdle(@Nullable Duration timeToIdle) {
		return with((draft) -> draft.timeToIdle = timeToIdle);
	}

	/**
	 * Sets by how much each entry's life is shortened at random.
	 * @param jitter a fraction between 0 and {@link #MAX_JITTER}
	 * @return a changed copy
	 */
	public CacheSettings withJitter(double jitter) {
		return with((draft) -> draft.jitter = jitter);
	}

	/**
	 * Sets whether a {@code null} result is cached.
	 * @param cacheNullValues whether it is cached
	 * @return a changed copy
	 */
	public CacheSettings withCacheNullValues(boolean cacheNullValues) {
		return with((draft) -> draft.cacheNullValues = cacheNullValues);
	}

	/**
	 * Sets how values are stored.
	 * @param storage the stored form
	 * @return a changed copy
	 */
	public CacheSettings withStorage(Storage storage) {
		return with((draft) -> draft.storage = storage);
	}

	/**
	 * Sets the number of entries that the cache is held to.
	 * @param maxEntries the number, at least 1; {@code null} means any
	 * @return a changed copy
	 */
	public CacheSettings withMaxEntries(@Nullable Long maxEntries) {
		return with((draft) -> draft.maxEntries = maxEntries);
	}

	/**
	 * Sets the size that the cache is held to.
	 * @param maxSize the size, at least 1 byte; {@code null} means any
	 * @return a changed copy
	 */
	public CacheSettings withMaxSize(@Nullable DataSize maxSize) {
		return with((draft) -> draft.maxSize = maxSize);
	}

	/**
	 * Sets the type of the values.
	 * @param type the type, generics included; {@code null} means that it is inferred
	 * @return a changed copy
	 */
	public CacheSettings withType(@Nullable Type type) {
		return with((draft) -> draft.type = type);
	}

	/**
	 * Sets the near cache.
	 * @param near its settings
	 * @return a changed copy
	 */
	public CacheSettings withNear(NearSettings near) {
		return with((draft) -> draft.near = near);
	}

	/**
	 * Sets how values are loaded.
	 * @param loading its settings
	 * @return a changed copy
	 */
	public CacheSettings withLoading(LoadSettings loading) {
		return with((draft) -> draft.loading = loading);
	}

	private CacheSettings with(Consumer<Draft> change) {
		Draft draft = new Draft(this);
		change.accept(draft);
		return draft.settings();
	}

	Bounds bounds() {
		return new Bounds(this.maxEntries, (this.maxSize != null) ? this.maxSize.toBytes() : null);
	}

	/**
	 * The shortest life that an entry may have, unless its writer says how long it lives.
	 */
	Lifetime shortestLifetime() {
		Duration least = Duration.ofNanos((long) (this.timeToLive.toNanos() * (1 - this.jitter)));
		return new Lifetime(this.timeToLive.isZero() ? null : least, this.timeToIdle);
	}

	/**
	 * The life of an entry written now that is to live as long as its writer says, to the
	 * moment.
	 * @throws IllegalArgumentException if a time-to-live cannot be that long
	 */
	Lifetime lifetime(Duration timeToLive) {
		return withTimeToLive(timeToLive).withJitter(0).lifetime();
	}

	/**
	 * The life of an entry written now.
	 */
	Lifetime lifetime() {
		if (this.timeToLive.isZero()) {
			return new Lifetime(null, this.timeToIdle);
		}
		double fraction = (this.jitter > 0) ? 1 - this.jitter * ThreadLocalRandom.current().nextDouble() : 1;
		return new Lifetime(Duration.ofNanos((long) (this.timeToLive.toNanos() * fraction)), this.timeToIdle);
	}

	/**
	 * What matters of old entries: their age to readers, if any are refreshed, and how
	 * long they are kept.
	 */
	Staleness staleness() {
		boolean refreshed = this.loading.freshFor() != null || this.loading.refreshAhead() > 0;
		Duration kept = this.loading.staleIfError();
		return new Staleness(refreshed, (kept != null) ? kept : Duration.ZERO);
	}

	/**
	 * A copy that can be changed, so that a {@code with} method names only what it sets.
	 */
	private static final class Draft {

		private Duration timeToLive;

		private @Nullable Duration timeToIdle;

		private double jitter;

		private boolean cacheNullValues;

		private Storage storage;

		private @Nullable Long maxEntries;

		private @Nullable DataSize maxSize;

		private @Nullable Type type;

		private NearSettings near;

		private LoadSettings loading;

		Draft(CacheSettings settings) {
			this.timeToLive = settings.timeToLive;
			this.timeToIdle = settings.timeToIdle;
			this.jitter = settings.jitter;
			this.cacheNullValues = settings.cacheNullValues;
			this.storage = settings.storage;
			this.maxEntries = settings.maxEntries;
			this.maxSize = settings.maxSize;
			this.type = settings.type;
			this.near = settings.near;
			this.loading = settings.loading;
		}

		CacheSettings settings() {
			return new CacheSettings(this.timeToLive, this.timeToIdle, this.jitter, this.cacheNullValues, this.storage,
					this.maxEntries, this.maxSize, this.type, this.near, this.loading);
		}

	}

}
