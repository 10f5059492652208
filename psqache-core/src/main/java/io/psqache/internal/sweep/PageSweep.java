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
 * What a {@link Sweep} does on one range of pages, statement by statement:
 * <ol>
 * <li>evict what the walk before has found to be too much,</li>
 * <li>look what there is,</li>
 * <li>delete what can be read no more.</li>
 * </ol>
 * Evicting and deleting are repeated as long as there was more than one statement may
 * delete. Not thread-safe.
 */
final class PageSweep {

	private final Sweep.Requests requests;

	private final PageRange range;

	private final BoundEvictions evictions;

	private final Map<Integer, CacheCensus> censuses;

	private final String since;

	private final @Nullable String horizon;

	private boolean toEvict;

	private @Nullable List<PageStatistics> finds;

	/**
	 * Written on the worker.
	 */
	private volatile boolean underWay;

	/**
	 * Prepare it.
	 * @param range the pages
	 * @param since the time that ages are counted from
	 * @param horizon a snapshot of the transactions whose tombstones can go; {@code null}
	 * if none is known
	 * @param evictions what is too much
	 * @param censuses what is found is added to them
	 */
	PageSweep(Sweep.Requests requests, PageRange range, String since, @Nullable String horizon,
			BoundEvictions evictions, Map<Integer, CacheCensus> censuses) {
		this.requests = requests;
		this.range = range;
		this.since = since;
		this.horizon = horizon;
		this.evictions = evictions;
		this.censuses = censuses;
		this.toEvict = !evictions.isEmpty();
	}

	/**
	 * Do all there is to do, or as much of it as ends with a statement that has deleted
	 * as many rows as it may.
	 * @param most rows that a statement may delete
	 * @throws StoreException if it failed
	 */
	Sweep.Step next(int most) {
		long evicted = this.toEvict ? evict(most) : 0;
		this.toEvict = evicted == most;
		if (this.toEvict) {
			return new Sweep.Step(0, 0, evicted, false);
		}
		List<PageStatistics> present = this.finds;
		if (present == null) {
			present = await(this::look);
			this.finds = present;
		}
		boolean dead = present.stream().anyMatch((find) -> find.dead() && !find.tombstone());
		long expired = dead ? await((session) -> removeDead(session, most)) : 0;
		boolean forgotten = present.stream().anyMatch((find) -> find.dead() && find.tombstone());
		long tombstones = forgotten ? await((session) -> removeTombstones(session, most)) : 0;
		if (expired == most || tombstones == most) {
			return new Sweep.Step(0, expired, evicted, false);
		}
		present.forEach((find) -> census(find.cacheId()).add(find));
		return new Sweep.Step(present.stream().mapToLong(PageStatistics::entries).sum(), expired, evicted, true);
	}

	/**
	 * Whether its last statement got to the database at all: if not, that it failed says
	 * nothing about these pages.
	 */
	boolean wasUnderWay() {
		return this.underWay;
	}

	private <T> T await(Work<T> work) {
		this.underWay = false;
		return this.requests.await((session) -> {
			this.underWay = true;
			return work.on(session);
		});
	}

	private CacheCensus census(int cacheId) {
		return this.censuses.computeIfAbsent(cacheId, (made) -> new CacheCensus(CacheBounds.NONE));
	}

	private long evict(int most) {
		Map<Integer, Long> evicted = await((session) -> removeUnused(session, most));
		evicted.forEach((cacheId, entries) -> census(cacheId).evicted(entries));
		return evicted.values().stream().mapToLong(Long::longValue).sum();
	}

	private Map<Integer, Long> removeUnused(Session session, int most) throws SQLException {
		PreparedStatement statement = session.update(SweepSql.REMOVE_UNUSED);
		int index = this.evictions.bind(statement, 1);
		index = this.range.bind(statement, index);
		statement.setInt(index, most);
		Map<Integer, Long> evicted = new HashMap<>();
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				evicted.put(rows.getInt("cache_id"), rows.getLong("removed"));
			}
		}
		return evicted;
	}

	/**
	 * It has the time limit of a write, which breaks no connection.
	 */
	private List<PageStatistics> look(Session session) throws SQLException {
		List<PageStatistics> present = new ArrayList<>();
		PreparedStatement statement = session.update(SweepSql.LOOK);
		statement.setString(1, this.horizon);
		statement.setString(2, this.since);
		this.range.bind(statement, 3);
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				present.add(PageStatistics.of(rows));
			}
		}
		return present;
	}

	private long removeDead(Session session, int most) throws SQLException {
		return remove(session, SweepSql.REMOVE_DEAD, most);
	}

	private long removeTombstones(Session session, int most) throws SQLException {
		return remove(session, SweepSql.REMOVE_TOMBSTONES, most);
	}

	private long remove(Session session, String sql, int most) throws SQLException {
		PreparedStatement statement = session.update(sql);
		int index = this.range.bind(statement, 1);
		statement.setString(index, this.horizon);
		statement.setInt(index + 1, most);
		return statement.executeUpdate();
	}

}
