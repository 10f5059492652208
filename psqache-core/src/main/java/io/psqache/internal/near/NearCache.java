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
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.psqache.NearSettings;
import io.psqache.StoreException;
import io.psqache.internal.store.KeyHash;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.util.unit.DataSize;

/**
 * The copies of one cache's entries in this process. Thread-safe.
 * <p>
 * A read must not bring back what has changed meanwhile:
 * <ol>
 * <li>A reader of an entry takes a stamp before: the sum of two counters, one that the
 * key shares with others and one of the whole cache.</li>
 * <li>A change raises the counter first, and then removes the copies.</li>
 * <li>The copy is made under the lock of its key, where it is first put into the index by
 * which changes find it, and then made only if the stamp is still the same.</li>
 * </ol>
 * So a change either is seen by the maker of the copy, or finds the copy and waits for
 * it.
 */
public final class NearCache {

	private static final int STRIPES = 256;

	/**
	 * The part of the time left for which a copy may be used of an entry that expires
	 * when it is not read. The database prolongs an entry as exactly.
	 */
	private static final int IDLE_SHARE = 16;

	private final NearSettings settings;

	private final ImmutableTypes immutableTypes;

	private final boolean idling;

	private final Liveness liveness;

	private final NearCounters statistics = new NearCounters();

	private final Cache<Object, NearEntry> copies;

	/**
	 * The keys of the copies by the hashes of their stored forms: {@code 1} and
	 * {@code 1L} are one entry. Changed only under the lock of the key in the copies.
	 */
	private final ConcurrentMap<Long, Set<Object>> index = new ConcurrentHashMap<>();

	private final AtomicLongArray stripes = new AtomicLongArray(STRIPES);

	private final AtomicLong whole = new AtomicLong();

	private volatile long keepsFrom = System.nanoTime();

	/**
	 * Create it.
	 * @param idling whether a read prolongs the life of an entry
	 */
	NearCache(NearSettings settings, ImmutableTypes immutableTypes, boolean idling, Liveness liveness) {
		this.settings = settings;
		this.immutableTypes = immutableTypes;
		this.idling = idling;
		this.liveness = liveness;
		this.copies = Caffeine.newBuilder()
			.maximumWeight(settings.maxEntries())
			.weigher(this::weight)
			.evictionListener(this::evicted)
			.executor(Runnable::run)
			.build();
	}

	/**
	 * One bound holds both: the larger share of either that a copy takes.
	 */
	private int weight(Object key, NearEntry copy) {
		DataSize maxSize = this.settings.maxSize();
		double share = (maxSize != null) ? (double) copy.bytes / maxSize.toBytes() : 0;
		return (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.ceil(share * this.settings.maxEntries())));
	}

	private void evicted(@Nullable Object key, @Nullable NearEntry copy, RemovalCause cause) {
		if (key != null && copy != null) { // which they are: neither is held weakly
			copy.end();
			removeFromIndex(copy.hash, key);
		}
	}

	/**
	 * Read a copy.
	 * @param key the key by which it was filled
	 * @param decoder reads the value where it is not shared
	 * @return the value, or {@code null} if there is none here: ask the database
	 * @throws StoreException if the decoder cannot read it
	 */
	public @Nullable ValueWrapper get(Object key, Decoder decoder) {
		NearEntry copy = this.copies.getIfPresent(key);
		long now = System.nanoTime();
		if (!this.liveness.isAlive(now)) {
			this.statistics.bypasses.increment();
			return null;
		}
		ValueWrapper value = (copy != null && copy.isAlive(now)) ? copy.value(decoder) : null;
		if (value == null) {
			this.statistics.misses.increment();
			return null;
		}
		this.statistics.hits.increment();
		return value;
	}

	/**
	 * An entry is about to be read from the database.
	 * @param key the key by which a copy is to be found
	 * @param storedKey the key as stored
	 * @return takes the value, or {@code null} if no copies are kept now
	 */
	public @Nullable PendingNearEntry begin(Object key, String storedKey) {
		long now = System.nanoTime();
		if (!this.liveness.isAlive(now) || now - this.keepsFrom < 0) {
			return null;
		}
		long hash = KeyHash.of(storedKey);
		return new PendingNearEntry(this, key, storedKey.length(), hash, stamp(hash), now);
	}

	void fill(PendingNearEntry fill, StoredValue stored, Duration timeLeft, ValueWrapper value, Decoder decoder) {
		long life = Math.min(this.settings.timeToLive().toNanos(), usable(timeLeft).toNanos());
		if (life <= 0) {
			return;
		}
		long deadline = fill.begun() + life;
		long bytes = stored.bytes() + fill.keyLength();
		boolean immutable = this.immutableTypes.isImmutable(value.get());
		this.copies.asMap().compute(fill.key(), (key, present) -> {
			addToIndex(fill.hash(), key);
			if (stamp(fill.hash()) != fill.stamp()) {
				if (present == null) {
					removeFromIndex(fill.hash(), key);
				}
				return present;
			}
			boolean share = immutable && (present == null || present.mayBeSharedBy(decoder));
			return share ? NearEntry.shared(fill.hash(), deadline, bytes, value, decoder)
					: NearEntry.stored(fill.hash(), deadline, bytes, stored);
		});
	}

	/**
	 * A read of a copy does not prolong an entry, which is not to expire long before the
	 * time that its last read allows.
	 */
	private Duration usable(Duration timeLeft) {
		return this.idling ? timeLeft.dividedBy(IDLE_SHARE) : timeLeft;
	}

	/**
	 * An entry has changed.
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
	 * Any entry may have changed.
	 */
	void dropAll() {
		this.whole.incrementAndGet();
		this.index.forEach((hash, keys) -> keys.forEach((key) -> remove(hash, key)));
	}

	/**
	 * Not by {@code computeIfPresent}: that looks without the lock first, and would not
	 * wait for a copy that is being made. What is out of the index but can still be found
	 * must have ended: another change would not wait for it.
	 */
	private void remove(long hash, Object key) {
		this.copies.asMap().compute(key, (any, copy) -> {
			if (copy != null) {
				copy.end();
			}
			removeFromIndex(hash, key);
			return null;
		});
	}

	/**
	 * Keep no copies before some time has passed, not even of what is being read.
	 */
	void pause(Duration duration) {
		this.keepsFrom = System.nanoTime() + duration.toNanos();
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
	 * What happened to it.
	 * @return the live counts
	 */
	public NearCounters statistics() {
		return this.statistics;
	}

	/**
	 * How many copies there are.
	 * @return about their number; those whose time has come count until they make room
	 */
	public long size() {
		return this.copies.estimatedSize();
	}

	/**
	 * How many keys changes would find, for tests: as many as there are copies.
	 */
	int indexed() {
		return this.index.values().stream().mapToInt(Set::size).sum();
	}

}
