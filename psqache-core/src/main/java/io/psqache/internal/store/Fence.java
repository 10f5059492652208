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

package io.psqache.internal.store;

import java.time.Duration;
import java.util.UUID;

/**
 * What a read that missed could see of the database, by which the put that follows is
 * told from one that comes too late (a fencing token, or the lease of memcached):
 * <ol>
 * <li>A read misses, and takes a snapshot. Whatever is loaded from now on is at least as
 * new.</li>
 * <li>A transaction changes the data and evicts the entry, which leaves a tombstone with
 * the transaction's number; or it overwrites the entry; or it clears the cache, which
 * raises its epoch.</li>
 * <li>The put of what was loaded is refused if the row that it would overwrite is of a
 * transaction that the snapshot does not show as committed, or the epoch is another. A
 * row that was deleted because of a bound has left its number with the cache
 * ({@code bound_eviction}).</li>
 * </ol>
 * A fence is valid for as long as tombstones are kept: a load that takes longer is not
 * cached. A crash of the server empties UNLOGGED tables, and with the tombstones goes the
 * one row of {@code incarnation}, by whose id a fence from before is known. Immutable.
 */
public final class Fence {

	private final CacheRow cache;

	private final long epoch;

	private final UUID incarnation;

	private final String snapshot;

	private final long takenAt;

	private final Duration life;

	Fence(CacheRow cache, long epoch, UUID incarnation, String snapshot, long takenAt, Duration life) {
		this.cache = cache;
		this.epoch = epoch;
		this.incarnation = incarnation;
		this.snapshot = snapshot;
		this.takenAt = takenAt;
		this.life = life;
	}

	/**
	 * Whether what stands behind it may be written at all.
	 * @param cache the row of the cache as it is known now
	 */
	boolean holds(CacheRow cache) {
		return this.cache.isSameAs(cache) && System.nanoTime() - this.takenAt < this.life.toNanos();
	}

	/**
	 * The fence once a clear that is about to be written is committed.
	 * @return a fence in the next epoch
	 */
	public Fence afterClear() {
		return new Fence(this.cache, this.epoch + 1, this.incarnation, this.snapshot, this.takenAt, this.life);
	}

	/**
	 * The fence for a load that may see less than the snapshot shows.
	 * @return a fence that lets nothing pass
	 */
	public Fence shut() {
		return new Fence(this.cache, this.epoch, this.incarnation, this.snapshot, this.takenAt, Duration.ZERO);
	}

	long epoch() {
		return this.epoch;
	}

	UUID incarnation() {
		return this.incarnation;
	}

	boolean isTakenBefore(Fence other) {
		return this.takenAt - other.takenAt < 0;
	}

	/**
	 * Whether the cache was not cleared, and the server did not crash, between this fence
	 * and another.
	 */
	boolean isOfTheTimeOf(Fence other) {
		return this.epoch == other.epoch && this.incarnation.equals(other.incarnation);
	}

	/**
	 * As {@code pg_snapshot} has it: {@code xmin:xmax:} and those in progress between.
	 */
	String snapshot() {
		return this.snapshot;
	}

	/**
	 * Whether another fence of the same incarnation shows all that this one does. The
	 * numbers of transactions only grow, and of two snapshots with the same end the later
	 * one has fewer in progress.
	 */
	boolean isOlderThan(Fence other) {
		long end = end(this.snapshot);
		long otherEnd = end(other.snapshot);
		return (end != otherEnd) ? end < otherEnd : inProgress(this.snapshot) > inProgress(other.snapshot);
	}

	private static long end(String snapshot) {
		int first = snapshot.indexOf(':');
		return Long.parseLong(snapshot.substring(first + 1, snapshot.indexOf(':', first + 1)));
	}

	private static long inProgress(String snapshot) {
		return snapshot.endsWith(":") ? 0 : snapshot.chars().filter((character) -> character == ',').count() + 1;
	}

}
