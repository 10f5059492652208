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
 * One walk over all entries, for all caches of all applications. It deletes what can be
 * read no more (entries that have expired, are of an earlier epoch, or have no cache) and
 * what is too much by the {@link CacheBounds}, and counts what remains.
 * <ol>
 * <li>It goes by ranges of pages. Each statement on a range is short and has a time limit
 * of its own; when one fails, a smaller range is tried next, and a single page that fails
 * is left out, so that the rest of the table has its turn.</li>
 * <li>A tombstone goes when every fence that is still valid shows its transaction as
 * committed: see {@link Horizon}. What is too much by the bounds goes at once.</li>
 * <li>Which entries are too many shows only when all are counted: the walk after that
 * evicts them.</li>
 * <li>It goes as far as the table reaches when it gets to where its end was when it
 * began: then it is at the end, however fast the table grows. What it skips, since
 * another transaction has it locked, is for the next walk.</li>
 * </ol>
 * Not thread-safe.
 */
final class Sweep {

	/**
	 * Rows of schema version 1 deleted by a statement: without their values, they take it
	 * some 20 ms.
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
	 * The pages that it is at, unless it is between them.
	 */
	private @Nullable PageSweep current;

	private long currentEnd;

	private int failures;

	/**
	 * Begin a walk.
	 * @param first the page it begins with
	 * @param size how much a step takes on
	 * @param evictions what the walk before has found to be too much
	 * @param horizon tells which tombstones have had their time
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
	 * Whether there is more to go through.
	 */
	boolean hasNext() {
		return this.next < this.end;
	}

	/**
	 * Go through the next pages, or do a part of what there is to do on them: one
	 * statement that deletes as many rows as it may ends the step.
	 * @return what was done
	 * @throws StoreException if it failed. If that is because of these pages the next
	 * call tries fewer of them, and after a single one goes on behind it
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
				goOn();
				this.size.grow();
				extendOnce();
			}
			return step;
		}
		catch (StoreException ex) {
			this.failures++;
			if (isBecauseOfItsPages(ex.failureCause(), current)) {
				if (this.size.isLeast()) {
					goOn();
				}
				this.current = null;
				this.size.shrink();
			}
			throw ex;
		}
	}

	/**
	 * A statement that waited for a worker all the time was not too much for the
	 * database.
	 */
	private static boolean isBecauseOfItsPages(FailureCause cause, PageSweep current) {
		return cause.isOfAnItem() || (cause == FailureCause.TIMEOUT && current.wasUnderWay());
	}

	private void goOn() {
		this.next = this.currentEnd;
		this.current = null;
	}

	private void extendOnce() {
		if (this.next == this.end && !this.extended) {
			this.end = Math.max(this.end, this.requests.await(this::extent).pages());
			this.extended = true;
		}
	}

	/**
	 * Go through all that is left.
	 * @return how many entries were deleted
	 * @throws StoreException if a step failed for another reason than the time it took,
	 * or several times
	 */
	long toTheEnd() {
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
	 * Whether it began with the first page, so that it has seen all when it is at its
	 * end. One that has not knows nothing of any cache.
	 */
	boolean isWhole() {
		return this.whole;
	}

	/**
	 * What the next walk is to evict.
	 * @param before the walk before this one, from which the growth shows, if there was
	 * one
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
	 * How many entries may be added before some cache is worth another look.
	 */
	long room() {
		return this.censuses.values().stream().mapToLong(CacheCensus::room).min().orElse(Long.MAX_VALUE);
	}

	/**
	 * Tell all instances what was found, and forget the loads of those that have died and
	 * the rows of those of schema version 1.
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
	 * The page where it goes on.
	 */
	long place() {
		return this.next;
	}

	/**
	 * How many steps of the present size the whole table takes.
	 */
	long steps() {
		return this.end / this.size.pages() + 1;
	}

	/**
	 * Whether it has failed so often in a row that it has tried the smallest step there
	 * is, or that no worker took it all the time.
	 */
	boolean isStuck() {
		return this.failures > StepSize.SIZES;
	}

	/**
	 * What a step did.
	 *
	 * @param looked entries it has counted
	 * @param expired entries it has deleted because they could be read no more
	 * @param evicted entries it has deleted because there were too many
	 * @param done whether it is done with its pages
	 */
	record Step(long looked, long expired, long evicted, boolean done) {

		long removed() {
			return this.expired + this.evicted;
		}

	}

	/**
	 * What a walk sets out with.
	 *
	 * @param now the time, in words of the database
	 * @param pages how far the table reaches
	 * @param snapshot what it can see
	 */
	private record Extent(String now, long pages, String snapshot) {

	}

	/**
	 * How its statements get to the database.
	 */
	@FunctionalInterface
	interface Requests {

		<T> T await(Work<T> work);

	}

}
