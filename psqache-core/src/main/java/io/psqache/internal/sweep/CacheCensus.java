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
 * What a walk finds of one cache, as it goes along.
 */
final class CacheCensus {

	/**
	 * A cache that is past a bound is brought down to this part of it, so that it is not
	 * past it again with the next put.
	 */
	private static final double KEPT = 0.95;

	private static final double MOST_GROWTH = 0.1;

	/**
	 * What is added to a full cache before it is worth another look, as a part of its
	 * bound: a quarter of what a burst may add until it is noticed.
	 */
	private static final double WORTH_A_LOOK = 0.025;

	/**
	 * Longer than anything has not been used: 285 years.
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

	void add(PageStatistics find) {
		if (find.tombstone()) {
			return;
		}
		if (find.dead()) {
			this.dead += find.entries();
			return;
		}
		this.entries += find.entries();
		this.bytes += find.bytes();
		this.writtenFrom = earlier(this.writtenFrom, find.writtenFrom());
		this.writtenTo = later(this.writtenTo, find.writtenTo());
		if (find.ageClass() != null) {
			this.ages.merge(find.ageClass(), new AgeClass(find.entries(), find.bytes()), AgeClass::plus);
		}
	}

	/**
	 * The walk has evicted some.
	 */
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
	 * How many entries may be added before it is worth another look.
	 */
	long room() {
		double room = Math.min(room(this.entries, this.bounds.maxEntries()),
				room(this.bytes, this.bounds.maxBytes()) / averageBytes());
		return (long) room; // a long at most
	}

	/**
	 * What is left, or what is worth a look if that is more.
	 */
	private static double room(long amount, @Nullable Long bound) {
		return (bound != null) ? Math.max((double) bound - amount, WORTH_A_LOOK * bound) : Double.MAX_VALUE;
	}

	/**
	 * How many entries were added between two walks.
	 * @param before what the walk before this one has found
	 */
	long growthSince(CacheCensus before) {
		return Math.max(0, this.entries + this.evicted - before.entries);
	}

	/**
	 * What is to go because of the bounds: from the oldest on, as much as it takes.
	 * @param cacheId the cache
	 * @param growth how many entries will have been added before they are gone, if it
	 * goes on like that; a tenth of the bound at most counts, since a burst may be over
	 * @return {@code null} if nothing is
	 */
	@Nullable BoundEviction eviction(int cacheId, long growth) {
		double entriesToGo = excess((double) this.entries, (double) growth, this.bounds.maxEntries());
		double bytesToGo = excess((double) this.bytes, growth * averageBytes(), this.bounds.maxBytes());
		if (entriesToGo <= 0 && bytesToGo <= 0) {
			return null;
		}
		long allMicros = NEVER;
		for (Map.Entry<Integer, AgeClass> age : this.ages.descendingMap().entrySet()) {
			AgeClass found = age.getValue();
			double share = Math.max(entriesToGo / found.entries(), bytesToGo / found.bytes());
			if (share <= 1) {
				return new BoundEviction(cacheId, allMicros, leastMicros(age.getKey()), Math.max(0, share));
			}
			entriesToGo -= found.entries();
			bytesToGo -= found.bytes();
			allMicros = leastMicros(age.getKey());
		}
		return new BoundEviction(cacheId, allMicros, allMicros, 1);
	}

	/**
	 * What is past the part that is kept, if the bound will be exceeded.
	 */
	private static double excess(double amount, double growth, @Nullable Long bound) {
		if (bound == null) {
			return 0;
		}
		double expected = amount + Math.min(growth, MOST_GROWTH * bound);
		return (expected > bound) ? expected - Math.ceil(KEPT * bound) : 0;
	}

	private double averageBytes() {
		return (this.entries > 0) ? (double) this.bytes / this.entries : 1;
	}

	/**
	 * How long the twentieth of the entries has not been used that was used least
	 * recently, and would be evicted next.
	 * @return {@code null} if there are no entries, or the cache has no bound
	 */
	@Nullable Long unusedMillis() {
		double toGo = (1 - KEPT) * this.entries;
		for (Map.Entry<Integer, AgeClass> age : this.ages.descendingMap().entrySet()) {
			toGo -= age.getValue().entries();
			if (toGo <= 0) {
				return leastMicros(age.getKey()) / 1_000;
			}
		}
		return null;
	}

	/**
	 * The least age of a class, see {@link SweepSql#LOOK}.
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
	 * Entries that were not used for about the same time.
	 *
	 * @param entries their number
	 * @param bytes their size
	 */
	private record AgeClass(long entries, long bytes) {

		AgeClass plus(AgeClass other) {
			return new AgeClass(this.entries + other.entries, this.bytes + other.bytes);
		}

	}

}
