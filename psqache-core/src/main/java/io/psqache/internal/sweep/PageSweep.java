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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.psqache.CacheBounds;
import io.psqache.StoreException;
import io.psqache.internal.engine.Session;
import io.psqache.internal.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * Executes the statements of a {@link Sweep} on one range of pages:
 * <ol>
 * <li>evict the excess that the previous walk has found,</li>
 * <li>count the entries,</li>
 * <li>delete the entries that can no longer be read.</li>
 * </ol>
 * Evictions and deletions are repeated while a statement reaches its limit of rows. Not
 * thread-safe.
 */
final class PageSweep {

	private final Sweep.Requests requests;

	private final PageRange range;

	private final BoundEvictions evictions;

	private final Map<Integer, CacheCensus> censuses;

	private final String since;

	private final @Nullable String horizon;

	private boolean evicting;

	private @Nullable List<PageStatistics> statistics;

	/**
	 * Set by the worker thread.
	 */
	private volatile boolean started;

	/**
	 * Create a new instance.
	 * @param range the pages
	 * @param since the time from which unused times are measured
	 * @param horizon a snapshot of the transactions whose tombstones can be deleted;
	 * {@code null} if none is known
	 * @param evictions the evictions that the previous walk has planned
	 * @param censuses receive the counts
	 */
	PageSweep(Sweep.Requests requests, PageRange range, String since, @Nullable String horizon,
			BoundEvictions evictions, Map<Integer, CacheCensus> censuses) {
		this.requests = requests;
		this.range = range;
		this.since = since;
		this.horizon = horizon;
		this.evictions = evictions;
		this.censuses = censuses;
		this.evicting = !evictions.isEmpty();
	}

	/**
	 * Execute the remaining statements, up to the first one that reaches its limit of
	 * rows.
	 * @param maxRows the largest number of rows that a statement may delete
	 * @throws StoreException if a statement failed
	 */
	Sweep.Step next(int maxRows) {
		long evicted = this.evicting ? evict(maxRows) : 0;
		this.evicting = evicted == maxRows;
		if (this.evicting) {
			return new Sweep.Step(0, 0, evicted, false);
		}
		List<PageStatistics> counted = this.statistics;
		if (counted == null) {
			counted = await(this::count);
			this.statistics = counted;
		}
		boolean dead = counted.stream().anyMatch((statistics) -> statistics.dead() && !statistics.tombstone());
		long expired = dead ? await((session) -> removeDead(session, maxRows)) : 0;
		boolean forgotten = counted.stream().anyMatch((statistics) -> statistics.dead() && statistics.tombstone());
		long tombstones = forgotten ? await((session) -> removeTombstones(session, maxRows)) : 0;
		if (expired == maxRows || tombstones == maxRows) {
			return new Sweep.Step(0, expired, evicted, false);
		}
		counted.forEach((statistics) -> census(statistics.cacheId()).add(statistics));
		return new Sweep.Step(counted.stream().mapToLong(PageStatistics::entries).sum(), expired, evicted, true);
	}

	/**
	 * Return whether a worker has begun to execute the last statement. If not, its
	 * failure does not depend on these pages.
	 */
	boolean wasStarted() {
		return this.started;
	}

	private <T> T await(Work<T> work) {
		this.started = false;
		return this.requests.await((session) -> {
			this.started = true;
			return work.on(session);
		});
	}

	private CacheCensus census(int cacheId) {
		return this.censuses.computeIfAbsent(cacheId, (id) -> new CacheCensus(CacheBounds.NONE));
	}

	private long evict(int maxRows) {
		Map<Integer, Long> evicted = await((session) -> removeUnused(session, maxRows));
		evicted.forEach((cacheId, entries) -> census(cacheId).evicted(entries));
		return evicted.values().stream().mapToLong(Long::longValue).sum();
	}

	private Map<Integer, Long> removeUnused(Session session, int maxRows) throws SQLException {
		PreparedStatement statement = session.update(SweepSql.REMOVE_UNUSED);
		int index = this.evictions.bind(statement, 1);
		index = this.range.bind(statement, index);
		statement.setInt(index, maxRows);
		Map<Integer, Long> evicted = new HashMap<>();
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				evicted.put(rows.getInt("cache_id"), rows.getLong("removed"));
			}
		}
		return evicted;
	}

	/**
	 * The statement has the time limit of a write, because the timeout of a write does
	 * not close the connection.
	 */
	private List<PageStatistics> count(Session session) throws SQLException {
		List<PageStatistics> counted = new ArrayList<>();
		PreparedStatement statement = session.update(SweepSql.COUNT);
		statement.setString(1, this.horizon);
		statement.setString(2, this.since);
		this.range.bind(statement, 3);
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				counted.add(PageStatistics.of(rows));
			}
		}
		return counted;
	}

	private long removeDead(Session session, int maxRows) throws SQLException {
		return remove(session, SweepSql.REMOVE_DEAD, maxRows);
	}

	private long removeTombstones(Session session, int maxRows) throws SQLException {
		return remove(session, SweepSql.REMOVE_TOMBSTONES, maxRows);
	}

	private long remove(Session session, String sql, int maxRows) throws SQLException {
		PreparedStatement statement = session.update(sql);
		int index = this.range.bind(statement, 1);
		statement.setString(index, this.horizon);
		statement.setInt(index + 1, maxRows);
		return statement.executeUpdate();
	}

}
