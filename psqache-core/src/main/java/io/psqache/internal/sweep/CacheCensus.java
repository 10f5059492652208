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

package io.psqache.internal.sweep;

import java.time.OffsetDateTime;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.psqache.CacheBounds;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache that a walk has counted so far. Not thread-safe.
 */
final class CacheCensus {

	/**
	 * A cache that exceeds a bound is reduced to this fraction of the bound, so that the
	 * next put does not exceed it again.
	 */
	private static final double TARGET_SHARE = 0.95;

	private static final double MAX_GROWTH = 0.1;

	/**
	 * The number of entries that may be added to a full cache before the next walk is
	 * hurried, as a fraction of its bound: a quarter of {@link #MAX_GROWTH}.
	 */
	private static final double RECOUNT_SHARE = 0.025;

	/**
	 * An unused time that no entry reaches: 285 years, in microseconds.
	 */
	private static final long NEVER = 9_000_000_000_000_000L;

	private final CacheBounds bounds;

	private long entries;

	private long bytes;

	private long evicted;

	private long dead;

	private @Nullable OffsetDateTime writtenFrom;

	private @Nullable OffsetDateTime writtenTo;

	private final NavigableMap<Integer, AgeClass> ages = new TreeMap<>();

	CacheCensus(CacheBounds bounds) {
		this.bounds = bounds;
	}

	void add(PageStatistics statistics) {
		if (statistics.tombstone()) {
			return;
		}
		if (statistics.dead()) {
			this.dead += statistics.entries();
			return;
		}
		this.entries += statistics.entries();
		this.bytes += statistics.bytes();
		this.writtenFrom = earlier(this.writtenFrom, statistics.writtenFrom());
		this.writtenTo = later(this.writtenTo, statistics.writtenTo());
		if (statistics.ageClass() != null) {
			this.ages.merge(statistics.ageClass(), new AgeClass(statistics.entries(), statistics.bytes()),
					AgeClass::plus);
		}
	}

	void evicted(long entries) {
		this.evicted += entries;
	}

	private static OffsetDateTime earlier(@Nullable OffsetDateTime known, OffsetDateTime found) {
		return (known == null || found.isBefore(known)) ? found : known;
	}

	private static OffsetDateTime later(@Nullable OffsetDateTime known, OffsetDateTime found) {
		return (known == null || found.isAfter(known)) ? found : known;
	}

	/**
	 * Return how many entries may be added before the cache is to be counted again.
	 */
	long headroom() {
		double headroom = Math.min(headroom(this.entries, this.bounds.maxEntries()),
				headroom(this.bytes, this.bounds.maxBytes()) / averageBytes());
		return (long) headroom; // a cast limits it to Long.MAX_VALUE
	}

	/**
	 * The distance to the bound, or the minimum that makes a count worthwhile if that is
	 * more.
	 */
	private static double headroom(long amount, @Nullable Long bound) {
		return (bound != null) ? Math.max((double) bound - amount, RECOUNT_SHARE * bound) : Double.MAX_VALUE;
	}

	/**
	 * Return how many entries were added between two walks.
	 * @param before the census of the previous walk
	 */
	long growthSince(CacheCensus before) {
		return Math.max(0, this.entries + this.evicted - before.entries);
	}

	/**
	 * Plan the eviction that brings the cache back within its bounds, the longest unused
	 * entries first.
	 * @param cacheId the id of the cache
	 * @param growth the expected number of entries that will be added until the eviction
	 * is done. At most a tenth of the bound counts, because a burst may be over
	 * @return the eviction, or {@code null} if no bound is or will be exceeded
	 */
	@Nullable BoundEviction eviction(int cacheId, long growth) {
		double excessEntries = excess((double) this.entries, (double) growth, this.bounds.maxEntries());
		double excessBytes = excess((double) this.bytes, growth * averageBytes(), this.bounds.maxBytes());
		if (excessEntries <= 0 && excessBytes <= 0) {
			return null;
		}
		long allMicros = NEVER;
		for (Map.Entry<Integer, AgeClass> age : this.ages.descendingMap().entrySet()) {
			AgeClass found = age.getValue();
			double share = Math.max(excessEntries / found.entries(), excessBytes / found.bytes());
			if (share <= 1) {
				return new BoundEviction(cacheId, allMicros, leastMicros(age.getKey()), Math.max(0, share));
			}
			excessEntries -= found.entries();
			excessBytes -= found.bytes();
			allMicros = leastMicros(age.getKey());
		}
		return new BoundEviction(cacheId, allMicros, allMicros, 1);
	}

	/**
	 * The amount above {@link #TARGET_SHARE} of the bound, or 0 if the bound will not be
	 * exceeded.
	 */
	private static double excess(double amount, double growth, @Nullable Long bound) {
		if (bound == null) {
			return 0;
		}
		double expected = amount + Math.min(growth, MAX_GROWTH * bound);
		return (expected > bound) ? expected - Math.ceil(TARGET_SHARE * bound) : 0;
	}

	private double averageBytes() {
		return (this.entries > 0) ? (double) this.bytes / this.entries : 1;
	}

	/**
	 * Return how long the least recently used twentieth of the entries was unused. An
	 * eviction would remove these entries next.
	 * @return the time in milliseconds, or {@code null} if there are no entries or the
	 * cache has no bound
	 */
	@Nullable Long unusedMillis() {
		double remaining = (1 - TARGET_SHARE) * this.entries;
		for (Map.Entry<Integer, AgeClass> age : this.ages.descendingMap().entrySet()) {
			remaining -= age.getValue().entries();
			if (remaining <= 0) {
				return leastMicros(age.getKey()) / 1_000;
			}
		}
		return null;
	}

	/**
	 * The least unused time of a class, in microseconds, see {@link SweepSql#COUNT}.
	 */
	private static long leastMicros(int ageClass) {
		return (long) (1_000 * Math.exp(ageClass / 20.0));
	}

	long entries() {
		return this.entries;
	}

	long bytes() {
		return this.bytes;
	}

	long dead() {
		return this.dead;
	}

	@Nullable OffsetDateTime writtenFrom() {
		return this.writtenFrom;
	}

	@Nullable OffsetDateTime writtenTo() {
		return this.writtenTo;
	}

	/**
	 * The entries that were unused for about the same time.
	 *
	 * @param entries the number of entries
	 * @param bytes the size of the entries
	 */
	private record AgeClass(long entries, long bytes) {

		AgeClass plus(AgeClass other) {
			return new AgeClass(this.entries + other.entries, this.bytes + other.bytes);
		}

	}

}
