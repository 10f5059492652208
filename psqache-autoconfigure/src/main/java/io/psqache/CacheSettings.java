package io.psqache;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.psqache.codec.Storage;
import io.psqache.store.Lifetime;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one cache. Immutable; each {@code with} method answers with a changed copy.
 *
 * @param timeToLive age limit of an entry from its write; {@link Duration#ZERO} means it
 * never expires
 * @param timeToIdle age limit of an entry from its last read; {@code null} means that
 * reads do not matter
 * @param jitter fraction, 0 to 0.5, by which each entry's life is shortened at random, so
 * that entries written together do not expire together
 * @param cacheNullValues whether a {@code null} result is cached
 * @param storage how values are kept
 * @param writes when a put returns
 * @param type the type of the values, generics included; {@code null} means that it is
 * inferred, or else told by each entry. A value of another class is not cached, and an
 * entry of another is a miss
 */
public record CacheSettings(Duration timeToLive, @Nullable Duration timeToIdle, double jitter, boolean cacheNullValues,
		Storage storage, Writes writes, @Nullable Type type) {

	/**
	 * The most that {@link #jitter()} may be.
	 */
	public static final double MAX_JITTER = 0.5;

	/**
	 * The longest time-to-live and time-to-idle: a hundred years. Longer than that is
	 * {@link Duration#ZERO}, for ever.
	 */
	public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(36_500);

	private static final CacheSettings DEFAULTS = new CacheSettings(Duration.ofDays(28), null, 0, true, Storage.JSONB,
			Writes.ACKNOWLEDGED, null);

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
	}

	/**
	 * The settings of a cache for which nothing is set.
	 * @return 28 days, no idle limit, no jitter, nulls cached, JSONB, acknowledged
	 * writes, type inferred
	 */
	public static CacheSettings defaults() {
		return DEFAULTS;
	}

	public CacheSettings withTimeToLive(Duration timeToLive) {
		return new CacheSettings(timeToLive, this.timeToIdle, this.jitter, this.cacheNullValues, this.storage,
				this.writes, this.type);
	}

	public CacheSettings withTimeToIdle(@Nullable Duration timeToIdle) {
		return new CacheSettings(this.timeToLive, timeToIdle, this.jitter, this.cacheNullValues, this.storage,
				this.writes, this.type);
	}

	public CacheSettings withJitter(double jitter) {
		return new CacheSettings(this.timeToLive, this.timeToIdle, jitter, this.cacheNullValues, this.storage,
				this.writes, this.type);
	}

	public CacheSettings withCacheNullValues(boolean cacheNullValues) {
		return new CacheSettings(this.timeToLive, this.timeToIdle, this.jitter, cacheNullValues, this.storage,
				this.writes, this.type);
	}

	public CacheSettings withStorage(Storage storage) {
		return new CacheSettings(this.timeToLive, this.timeToIdle, this.jitter, this.cacheNullValues, storage,
				this.writes, this.type);
	}

	public CacheSettings withWrites(Writes writes) {
		return new CacheSettings(this.timeToLive, this.timeToIdle, this.jitter, this.cacheNullValues, this.storage,
				writes, this.type);
	}

	public CacheSettings withType(@Nullable Type type) {
		return new CacheSettings(this.timeToLive, this.timeToIdle, this.jitter, this.cacheNullValues, this.storage,
				this.writes, type);
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

}
