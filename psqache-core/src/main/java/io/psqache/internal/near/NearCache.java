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

package io.psqache.internal.near;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.psqache.NearCoherence;
import io.psqache.NearSettings;
import io.psqache.StoreException;
import io.psqache.internal.store.KeyHash;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.util.unit.DataSize;

/**
 * The near entries of one cache. Thread-safe.
 * <p>
 * A read that runs concurrently with a change must not create an out-of-date near entry:
 * <ol>
 * <li>Before the read, the reader takes a stamp: the sum of a counter that is shared by
 * several keys and a counter of the whole cache.</li>
 * <li>A change increments the counter first and then removes the near entries.</li>
 * <li>The near entry is created under the lock of its key. The key is added to the index
 * first, and the entry is created only if the stamp is unchanged.</li>
 * </ol>
 * Either the reader sees the new counter, or the change finds the key in the index and
 * waits for its lock.
 */
public final class NearCache {

	private static final int STRIPES = 256;

	/**
	 * The fraction of the remaining lifetime for which a near entry is valid if its cache
	 * has a time-to-idle. The database uses the same fraction when it extends the
	 * lifetime of an entry.
	 */
	private static final int IDLE_SHARE = 16;

	private final NearSettings settings;

	private final ImmutableTypes immutableTypes;

	private final boolean idling;

	private final Liveness liveness;

	private final SuspendedKeys suspended = new SuspendedKeys();

	private final NearCounters statistics = new NearCounters();

	private final Cache<Object, NearEntry> nearEntries;

	/**
	 * The keys of the near entries by the hash of the stored key: {@code 1} and
	 * {@code 1L} are one entry. Modified only under the lock of the key in
	 * {@code nearEntries}.
	 */
	private final ConcurrentMap<Long, Set<Object>> index = new ConcurrentHashMap<>();

	private final AtomicLongArray stripes = new AtomicLongArray(STRIPES);

	private final AtomicLong whole = new AtomicLong();

	private volatile long pausedUntil = System.nanoTime();

	/**
	 * Create a new instance.
	 * @param idling whether a read extends the lifetime of an entry
	 * @param liveness determines until when near entries are valid
	 */
	NearCache(NearSettings settings, ImmutableTypes immutableTypes, boolean idling, Liveness liveness) {
		this.settings = settings;
		this.immutableTypes = immutableTypes;
		this.idling = idling;
		this.liveness = liveness;
		this.nearEntries = Caffeine.newBuilder()
			.maximumWeight(settings.maxEntries())
			.weigher(this::weight)
			.evictionListener(this::evicted)
			.executor(Runnable::run)
			.build();
	}

	/**
	 * The weight covers both bounds: it is the larger share that the near entry takes of
	 * either.
	 */
	private int weight(Object key, NearEntry nearEntry) {
		DataSize maxSize = this.settings.maxSize();
		double share = (maxSize != null) ? (double) nearEntry.bytes / maxSize.toBytes() : 0;
		return (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.ceil(share * this.settings.maxEntries())));
	}

	private void evicted(@Nullable Object key, @Nullable NearEntry nearEntry, RemovalCause cause) {
		if (key != null && nearEntry != null) { // Neither is null, because Caffeine does
												// not hold them weakly here.
			nearEntry.end();
			removeFromIndex(nearEntry.hash, key);
		}
	}

	/**
	 * Read a near entry.
	 * @param key the key of the near entry
	 * @param decoder converts the value if it is not shared
	 * @return the value, or {@code null} if the near cache has none
	 * @throws StoreException if the decoder cannot convert the value
	 */
	public @Nullable ValueWrapper get(Object key, Decoder decoder) {
		NearEntry nearEntry = this.nearEntries.getIfPresent(key);
		long now = System.nanoTime();
		if (!this.liveness.isAlive(now)) {
			this.statistics.bypasses.increment();
			return null;
		}
		ValueWrapper value = (nearEntry != null && nearEntry.isAlive(now)) ? nearEntry.value(decoder) : null;
		if (value == null) {
			this.statistics.misses.increment();
			return null;
		}
		this.statistics.hits.increment();
		return value;
	}

	/**
	 * Begin a read of the database that may create a near entry.
	 * @param key the key of the near entry
	 * @param storedKey the key as stored
	 * @return the pending near entry, or {@code null} if none can be created now
	 */
	public @Nullable PendingNearEntry begin(Object key, String storedKey) {
		long now = System.nanoTime();
		if (!this.liveness.isAlive(now) || now - this.pausedUntil < 0) {
			return null;
		}
		long hash = KeyHash.of(storedKey);
		long stamp = stamp(hash); // First, because a suspension changes it
									// last.
		return this.suspended.contains(hash) ? null
				: new PendingNearEntry(this, key, storedKey.length(), hash, stamp, now);
	}

	/**
	 * Drop near entries, and create no others of these keys until the suspension ends.
	 * @param hashes the hashes of the keys; {@code null} for all
	 */
	void suspend(SuspendedKeys.Source source, @Nullable Collection<Long> hashes) {
		this.suspended.add(source, (hashes != null) ? Set.copyOf(hashes) : null);
		if (hashes != null) {
			hashes.forEach(this::drop);
		}
		else {
			dropAll();
		}
	}

	SuspendedKeys suspended() {
		return this.suspended;
	}

	Liveness liveness() {
		return this.liveness;
	}

	boolean isStrict() {
		return this.settings.coherence() == NearCoherence.STRICT;
	}

	void complete(PendingNearEntry pending, StoredValue stored, Duration timeLeft, ValueWrapper value,
			Decoder decoder) {
		long life = Math.min(this.settings.timeToLive().toNanos(), usable(timeLeft).toNanos());
		if (life <= 0) {
			return;
		}
		long deadline = pending.begun() + life;
		long bytes = stored.bytes() + pending.keyLength();
		boolean immutable = this.immutableTypes.isImmutable(value.get());
		this.nearEntries.asMap().compute(pending.key(), (key, present) -> {
			addToIndex(pending.hash(), key);
			if (stamp(pending.hash()) != pending.stamp()) {
				if (present == null) {
					removeFromIndex(pending.hash(), key);
				}
				return present;
			}
			boolean share = immutable && (present == null || present.mayBeSharedBy(decoder));
			return share ? NearEntry.shared(pending.hash(), deadline, bytes, value, decoder)
					: NearEntry.stored(pending.hash(), deadline, bytes, stored);
		});
	}

	/**
	 * A hit of a near entry does not extend the lifetime in the database, so the near
	 * entry must end well before the entry expires.
	 */
	private Duration usable(Duration timeLeft) {
		return this.idling ? timeLeft.dividedBy(IDLE_SHARE) : timeLeft;
	}

	/**
	 * Drop the near entries of a changed entry.
	 * @param hash the hash of its key
	 */
	void drop(long hash) {
		this.stripes.incrementAndGet(stripe(hash));
		Set<Object> keys = this.index.get(hash);
		if (keys != null) {
			keys.forEach((key) -> remove(hash, key));
		}
	}

	/**
	 * Drop all near entries.
	 */
	void dropAll() {
		this.whole.incrementAndGet();
		this.index.forEach((hash, keys) -> keys.forEach((key) -> remove(hash, key)));
	}

	/**
	 * Remove a near entry. {@code computeIfPresent} looks without the lock first, so it
	 * would not wait for a near entry that is being created. A reader may still hold the
	 * removed entry, so its deadline is set to the past.
	 */
	private void remove(long hash, Object key) {
		this.nearEntries.asMap().compute(key, (any, nearEntry) -> {
			if (nearEntry != null) {
				nearEntry.end();
			}
			removeFromIndex(hash, key);
			return null;
		});
	}

	/**
	 * Create no near entries for some time, including those of reads in progress.
	 */
	void pause(Duration duration) {
		this.pausedUntil = System.nanoTime() + duration.toNanos();
		dropAll();
	}

	private long stamp(long hash) {
		return this.stripes.get(stripe(hash)) + this.whole.get();
	}

	private static int stripe(long hash) {
		return (int) (hash & (STRIPES - 1));
	}

	private void addToIndex(long hash, Object key) {
		this.index.merge(hash, Set.of(key), (present, added) -> {
			if (present.contains(key)) {
				return present;
			}
			Set<Object> more = new HashSet<>(present);
			more.add(key);
			return more;
		});
	}

	private void removeFromIndex(long hash, Object key) {
		this.index.computeIfPresent(hash, (any, present) -> {
			Set<Object> fewer = new HashSet<>(present);
			fewer.remove(key);
			return fewer.isEmpty() ? null : fewer;
		});
	}

	/**
	 * Return the counters.
	 * @return the live counters
	 */
	public NearCounters statistics() {
		return this.statistics;
	}

	/**
	 * Return the number of near entries.
	 * @return the approximate number, including expired near entries that are not yet
	 * removed
	 */
	public long size() {
		return this.nearEntries.estimatedSize();
	}

	/**
	 * Return the number of indexed keys, for tests: it equals the number of near entries.
	 */
	int indexed() {
		return this.index.values().stream().mapToInt(Set::size).sum();
	}

}
