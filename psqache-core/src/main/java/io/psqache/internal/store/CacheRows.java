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

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.StoredCache;
import io.psqache.internal.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * The rows of caches in {@code cache}. A row is looked up, and made, when its cache is
 * first used. It is given what this application has set, if another one had set something
 * else. Thread-safe.
 */
final class CacheRows {

	/**
	 * How long an instance that writes may not know that others keep copies now.
	 */
	static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

	private static final String FIND = """
			select id, generation, max_entries, max_bytes, stale_ms, near, leases,
			  array(
			    select l.id || ' ' || l.instance
			    from ${schema}.near_lease l
			    where l.cache_id = cache.id
			  ) as holders
			from ${schema}.cache
			where namespace = ? and name = ?
			""";

	private static final String MAKE = """
			insert into ${schema}.cache (namespace, name, near)
			values (?, ?, ?)
			on conflict (namespace, name) do nothing
			""";

	private static final String SET = """
			update ${schema}.cache
			set max_entries = ?, max_bytes = ?, stale_ms = ?
			where id = (
			  select id
			  from ${schema}.cache
			  where generation = ?
			  for no key update skip locked
			)
			""";

	private static final String IS_NEAR = """
			select near
			from ${schema}.cache
			where generation = ?
			""";

	private static final String MARK_NEAR = """
			update ${schema}.cache
			set near = true
			where id = (
			  select id
			  from ${schema}.cache
			  where generation = ?
			  for no key update skip locked
			)
			""";

	/**
	 * A transaction that keeps its snapshot fails here if the row was changed after it.
	 * Until the transaction ends no instance takes a lease.
	 */
	private static final String LOCK = """
			select
			from ${schema}.cache
			where generation = ? and leases <= ?
			for share
			""";

	private final UsageRegistry usage;

	private final Notify notify;

	CacheRows(UsageRegistry usage, Notify notify) {
		this.usage = usage;
		this.notify = notify;
	}

	/**
	 * The row of a cache, for a statement that reads its entries.
	 */
	CacheRow row(Session session, CacheHandle cache) throws SQLException {
		CacheRow known = cache.row;
		return (known != null) ? known : lookUp(session, cache);
	}

	/**
	 * As {@link #row}, but always from the database: the known row may be an earlier
	 * version, found by a transaction that keeps its snapshot.
	 */
	CacheRow lookUp(Session session, CacheHandle cache) throws SQLException {
		CacheRow found = find(session, cache);
		while (found == null) {
			make(session, cache);
			found = find(session, cache);
		}
		return found;
	}

	/**
	 * The row of a cache, for a statement that changes its entries. An instance that does
	 * not know that others keep copies of them looks now and then; an instance that
	 * begins to keep some waits until all have looked.
	 */
	CacheRow rowToChange(Session session, CacheHandle cache) throws SQLException {
		CacheRow known = row(session, cache);
		if (!cache.isSet) {
			set(session, cache, known);
		}
		if (!hasLooked(cache)) {
			learn(session, cache, known, isMarked(session, known));
		}
		return known;
	}

	/**
	 * As {@link #rowToChange}, for a change outside of transactions.
	 * @param suspended the leases that the change has suspended; {@code null} for all
	 * @throws LeasesChangedException if there is another lease
	 */
	CacheRow rowToChange(Session session, CacheHandle cache, @Nullable List<LeaseHolder> suspended)
			throws SQLException {
		CacheRow known = rowToChange(session, cache);
		if (suspended != null && !suspended.containsAll(known.holders())) {
			throw new LeasesChangedException();
		}
		return known;
	}

	/**
	 * Lock the row of a cache against new leases.
	 * @param known the row, as the transaction has used it
	 * @return whether it is still the latest version
	 */
	boolean lock(Session session, CacheRow known) throws SQLException {
		PreparedStatement statement = session.query(LOCK);
		statement.setLong(1, known.generation());
		statement.setLong(2, known.leases());
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next();
		}
	}

	/**
	 * Whether {@link #rowToChange} need not ask the database.
	 */
	static boolean isKnownToChange(CacheHandle cache) {
		return cache.row != null && cache.isSet && hasLooked(cache);
	}

	private static boolean hasLooked(CacheHandle cache) {
		return cache.near || System.nanoTime() - cache.lookedAt <= LOOK_INTERVAL.toNanos();
	}

	private @Nullable CacheRow find(Session session, CacheHandle cache) throws SQLException {
		PreparedStatement statement = session.query(FIND);
		statement.setString(1, cache.definition().namespace());
		statement.setString(2, cache.definition().name());
		CacheRow found;
		boolean marked;
		try (ResultSet rows = statement.executeQuery()) {
			if (!rows.next()) {
				return null;
			}
			found = new CacheRow(rows.getInt("id"), rows.getLong("generation"), rows.getLong("leases"),
					LeaseHolder.all(rows.getArray("holders")));
			marked = rows.getBoolean("near");
			cache.isSet = StoredBounds.of(rows).equals(cache.definition().bounds()) && cache.staleness().isKeptBy(rows);
		}
		if (!cache.isSet) {
			set(session, cache, found);
		}
		if (learn(session, cache, found, marked)) {
			cache.found(found);
			this.usage.markUsed(found.id());
		}
		return found;
	}

	/**
	 * Does not wait for the lock: a transaction that has cleared the cache, by a watched
	 * table for example, has the row locked, and the caller may be in it. The next change
	 * tries again. Nor is it done in a transaction of the application, whose rollback
	 * would undo it.
	 */
	private void set(Session session, CacheHandle cache, CacheRow found) throws SQLException {
		if (session.isOfTransaction()) {
			return;
		}
		PreparedStatement statement = session.update(SET);
		statement.setObject(1, cache.definition().bounds().maxEntries(), Types.BIGINT);
		statement.setObject(2, cache.definition().bounds().maxBytes(), Types.BIGINT);
		statement.setLong(3, cache.staleness().kept().toMillis());
		statement.setLong(4, found.generation());
		cache.isSet = statement.executeUpdate() != 0;
	}

	/**
	 * Learn whether any instance keeps copies. An instance that changes entries of such a
	 * cache says so first: peers that stop receiving its heartbeats drop the copies it
	 * may have changed.
	 * @return whether that is settled: not if this process keeps copies and others would
	 * learn of it by a transaction, whose rollback would undo that. Then the row must be
	 * looked up once more before anything is copied
	 */
	private boolean learn(Session session, CacheHandle cache, CacheRow found, boolean marked) throws SQLException {
		boolean hasNearCache = cache.hasNearCache();
		if (hasNearCache && !marked) {
			if (session.isOfTransaction()) {
				return false;
			}
			cache.marking = true; // whether it succeeds or is only said to have failed
			mark(session, found);
		}
		if (hasNearCache || marked) {
			this.notify.send(session, cache.definition().listener().found(cache, found, cache.marking));
			cache.near = true;
		}
		cache.lookedAt = System.nanoTime();
		return true;
	}

	/**
	 * Does not wait for the lock; reads fail until the cache is marked, since no instance
	 * would announce changes of what they copy.
	 */
	private void mark(Session session, CacheRow found) throws SQLException {
		PreparedStatement statement = session.update(MARK_NEAR);
		statement.setLong(1, found.generation());
		if (statement.executeUpdate() == 0 && !isMarked(session, found)) {
			throw new StoreException(FailureCause.LOCKED, null);
		}
	}

	private boolean isMarked(Session session, CacheRow found) throws SQLException {
		PreparedStatement statement = session.query(IS_NEAR);
		statement.setLong(1, found.generation());
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() && rows.getBoolean("near");
		}
	}

	/**
	 * Look now and then whether the row of a cache is still there, for callers that only
	 * miss, and so would not learn that it was made again.
	 */
	void forgetIfGone(Session session, CacheHandle cache) throws SQLException {
		CacheRow known = cache.row;
		long now = System.nanoTime();
		if (known == null || session.isOfTransaction() || now - cache.missedAt <= LOOK_INTERVAL.toNanos()) {
			return;
		}
		cache.missedAt = now;
		PreparedStatement statement = session.query(IS_NEAR);
		statement.setLong(1, known.generation());
		try (ResultSet rows = statement.executeQuery()) {
			if (!rows.next()) {
				cache.forget();
			}
		}
	}

	private void make(Session session, CacheHandle cache) throws SQLException {
		PreparedStatement statement = session.update(MAKE);
		statement.setString(1, cache.definition().namespace());
		statement.setString(2, cache.definition().name());
		statement.setBoolean(3, cache.hasNearCache());
		statement.executeUpdate();
	}

	/**
	 * What the sweeper found of a cache when it last walked over the whole table.
	 * @return {@code null} until it has, or while this instance has not used the cache
	 */
	@Nullable StoredCache stored(CacheHandle cache) {
		CacheRow known = cache.row;
		return (known != null) ? this.usage.of(known.id()) : null;
	}

	/**
	 * For how long an entry must not have been used to be touched by a read: in a bounded
	 * cache that is nearly full, half of the age at which entries are evicted.
	 * @return {@code null} if no read is worth a write for that
	 */
	@Nullable Duration touchAge(CacheHandle cache) {
		StoredCache stored = cache.bounded ? stored(cache) : null;
		Duration evictionAge = (stored != null) ? stored.evictionAge() : null;
		return (evictionAge != null) ? evictionAge.dividedBy(2) : null;
	}

}
