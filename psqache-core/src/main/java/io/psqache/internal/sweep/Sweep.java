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

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.psqache.CacheBounds;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Session;
import io.psqache.internal.engine.Work;
import io.psqache.internal.store.StoredBounds;
import org.jspecify.annotations.Nullable;

/**
 * One walk over all entries of all caches of all applications. The walk deletes entries
 * that can no longer be read (expired, of an earlier epoch, or without a cache), evicts
 * entries that exceed the {@link CacheBounds}, and counts the remaining ones.
 * <ol>
 * <li>The walk processes ranges of pages. Each statement on a range is short and has its
 * own time limit. If a statement fails, a smaller range is tried next. A single page that
 * fails is skipped, so that the other pages are processed.</li>
 * <li>A tombstone is deleted when every valid fence shows its transaction as committed:
 * see {@link Horizon}. Evictions by the bounds do not wait for that.</li>
 * <li>The excess over a bound is known only when all entries are counted, so the next
 * walk evicts it.</li>
 * <li>At the page where the table ended when the walk began, the walk extends once to the
 * new end of the table. It therefore ends however fast the table grows. Rows that another
 * transaction has locked are left to the next walk.</li>
 * </ol>
 * Not thread-safe.
 */
final class Sweep {

	/**
	 * The largest number of rows of schema version 1 that a statement deletes. Without
	 * their values this takes about 20 ms.
	 */
	private static final int OLD_ROWS = 5_000;

	private final Requests requests;

	private final BoundEvictions evictions;

	private final String begun;

	private final @Nullable String horizon;

	private final boolean whole;

	private final Map<Integer, CacheCensus> censuses;

	private final StepSize size;

	private long end;

	private boolean extended;

	private long next;

	/**
	 * The range in progress, or {@code null} between two ranges.
	 */
	private @Nullable PageSweep current;

	private long currentEnd;

	private int failures;

	/**
	 * Begin a walk.
	 * @param first the first page; 0 if the table has become shorter
	 * @param size the size of the steps
	 * @param evictions the evictions that the previous walk has planned
	 * @param horizon determines which tombstones can be deleted
	 */
	Sweep(Requests requests, long first, StepSize size, BoundEvictions evictions, Horizon horizon) {
		this.requests = requests;
		this.size = size;
		this.evictions = evictions;
		Extent extent = requests.await(this::extent);
		this.begun = extent.now();
		this.horizon = horizon.snapshotBefore(extent.snapshot());
		this.end = extent.pages();
		this.next = (first < this.end) ? first : 0;
		this.whole = this.next == 0;
		this.censuses = requests.await(this::caches);
		if (!evictions.isEmpty()) {
			requests.await(this::beginEviction);
		}
	}

	private Extent extent(Session session) throws SQLException {
		try (ResultSet rows = session.query(SweepSql.EXTENT).executeQuery()) {
			rows.next();
			return new Extent(rows.getString("now"), rows.getLong("pages"), rows.getString("snapshot"));
		}
	}

	private Map<Integer, CacheCensus> caches(Session session) throws SQLException {
		Map<Integer, CacheCensus> caches = new TreeMap<>();
		try (ResultSet rows = session.query(SweepSql.CACHES).executeQuery()) {
			while (rows.next()) {
				caches.put(rows.getInt("id"), new CacheCensus(StoredBounds.of(rows)));
			}
		}
		return caches;
	}

	private int beginEviction(Session session) throws SQLException {
		PreparedStatement statement = session.update(SweepSql.BEGIN_EVICTION);
		statement.setObject(1, this.evictions.cacheIds());
		return statement.executeUpdate();
	}

	/**
	 * Return whether pages remain.
	 */
	boolean hasNext() {
		return this.next < this.end;
	}

	/**
	 * Process the next pages. A statement that reaches its limit of rows ends the step,
	 * and the next call continues with the same pages.
	 * @return the result of the step
	 * @throws StoreException if a statement failed. If these pages are the reason, the
	 * next call tries fewer of them, and skips a single page that failed
	 */
	Step next() {
		PageSweep current = this.current;
		if (current == null) {
			this.currentEnd = Math.min(this.next + this.size.pages(), this.end);
			current = new PageSweep(this.requests, new PageRange(this.next, this.currentEnd), this.begun, this.horizon,
					this.evictions, this.censuses);
			this.current = current;
		}
		try {
			Step step = current.next(this.size.rows());
			this.failures = 0;
			if (step.done()) {
				finishRange();
				this.size.grow();
				extendAtEnd();
			}
			return step;
		}
		catch (StoreException ex) {
			this.failures++;
			if (isCausedByPages(ex.failureCause(), current)) {
				if (this.size.isLeast()) {
					finishRange();
				}
				this.current = null;
				this.size.shrink();
			}
			throw ex;
		}
	}

	/**
	 * A statement that no worker executed before the timeout was not too large.
	 */
	private static boolean isCausedByPages(FailureCause cause, PageSweep current) {
		return cause.isOfAnItem() || (cause == FailureCause.TIMEOUT && current.wasStarted());
	}

	private void finishRange() {
		this.next = this.currentEnd;
		this.current = null;
	}

	private void extendAtEnd() {
		if (this.next == this.end && !this.extended) {
			this.end = Math.max(this.end, this.requests.await(this::extent).pages());
			this.extended = true;
		}
	}

	/**
	 * Process all remaining pages.
	 * @return the number of deleted entries
	 * @throws StoreException if a step failed for another reason than a timeout, or too
	 * often in succession
	 */
	long sweepRemaining() {
		long deleted = 0;
		while (hasNext()) {
			try {
				deleted += next().removed();
			}
			catch (StoreException ex) {
				if (ex.failureCause() != FailureCause.TIMEOUT || isStuck()) {
					throw ex;
				}
			}
		}
		return deleted;
	}

	/**
	 * Return whether the walk began with the first page. Otherwise its counts are
	 * incomplete and must not be used.
	 */
	boolean isWhole() {
		return this.whole;
	}

	/**
	 * Plan the evictions of the next walk.
	 * @param before the previous walk, for the growth since then, or {@code null} if
	 * there was none
	 */
	BoundEvictions excess(@Nullable Sweep before) {
		List<BoundEviction> excess = new ArrayList<>();
		this.censuses.forEach((id, census) -> {
			CacheCensus earlier = (before != null) ? before.censuses.get(id) : null;
			BoundEviction eviction = census.eviction(id, (earlier != null) ? census.growthSince(earlier) : 0);
			if (eviction != null) {
				excess.add(eviction);
			}
		});
		return new BoundEvictions(this.begun, excess);
	}

	/**
	 * Return how many entries may be added before a cache is to be counted again.
	 */
	long headroom() {
		return this.censuses.values().stream().mapToLong(CacheCensus::headroom).min().orElse(Long.MAX_VALUE);
	}

	/**
	 * Record the counts for all instances. Delete the loads of dead instances and the
	 * rows of instances of schema version 1.
	 */
	void record(UsageTable usage) {
		this.requests.await((session) -> usage.record(session, this.censuses));
		this.requests.await((session) -> session.update(SweepSql.FORGET_EVICTIONS).executeUpdate());
		this.requests.await((session) -> session.update(SweepSql.FORGET_LOADS).executeUpdate());
		int deleted;
		do {
			deleted = this.requests.await(Sweep::removeOld);
		}
		while (deleted == OLD_ROWS);
	}

	private static int removeOld(Session session) throws SQLException {
		PreparedStatement statement = session.update(SweepSql.REMOVE_OLD);
		statement.setInt(1, OLD_ROWS);
		try (ResultSet rows = statement.executeQuery()) {
			rows.next();
			return rows.getInt(1);
		}
	}

	/**
	 * Return the page where the walk continues.
	 */
	long nextPage() {
		return this.next;
	}

	/**
	 * Return the number of steps of the current size for the whole table.
	 */
	long steps() {
		return this.end / this.size.pages() + 1;
	}

	/**
	 * Return whether so many successive steps have failed that even the smallest step
	 * fails, or that no worker executes the steps.
	 */
	boolean isStuck() {
		return this.failures > StepSize.SIZES;
	}

	/**
	 * The result of a step.
	 *
	 * @param counted the number of counted entries
	 * @param expired the number of deleted entries that could no longer be read
	 * @param evicted the number of entries evicted because of a bound
	 * @param done whether the step has finished its pages
	 */
	record Step(long counted, long expired, long evicted, boolean done) {

		long removed() {
			return this.expired + this.evicted;
		}

	}

	/**
	 * The state of the table when a walk begins.
	 *
	 * @param now the database's time as text
	 * @param pages the number of pages of the table
	 * @param snapshot the current {@code pg_snapshot}
	 */
	private record Extent(String now, long pages, String snapshot) {

	}

	/**
	 * Executes the statements of a walk.
	 */
	@FunctionalInterface
	interface Requests {

		<T> T await(Work<T> work);

	}

}
