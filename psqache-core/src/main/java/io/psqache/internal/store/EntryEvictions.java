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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.psqache.internal.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * Removes entries of one cache. An eviction leaves a row too, of type {@code evicted}, as
 * a tombstone: it has expired, so that no read need know of it, and a put of what was
 * loaded before finds it ({@link Fence}). Thread-safe.
 */
final class EntryEvictions {

	/**
	 * How long the statement waits for each lock.
	 */
	private static final String PATIENCE = "(select set_config('lock_timeout', '20ms', true)) as patience";

	/**
	 * Leaves a tombstone for each key, whether there was an entry or not. In it
	 * {@code used_at} is the time until which the evicted entry would have been seen: so
	 * a row tells the truth about what it took the place of, however many evict at a
	 * time.
	 * <p>
	 * The {@code xid} is {@code null} for that of this very transaction. No row: the
	 * cache itself is gone.
	 */
	private static final String EVICTION = """
			insert into ${schema}.cache_entry as present
			  (key_hash, cache_id, key, epoch, type, written_at, used_at, expires_at, xid)
			select e.key_hash, c.id, e.key, c.epoch, 'evicted', now(), now(), '-infinity',
			  coalesce(?::xid8, pg_current_xact_id())
			from unnest(?::bigint[], ?::text[]) as e (key_hash, key), ${schema}.cache c${patience}
			where c.generation = ? and c.leases <= ?
			on conflict (cache_id, key_hash) do update
			set key = excluded.key, epoch = excluded.epoch, value = null, payload = null, type = excluded.type,
			  written_at = excluded.written_at,
			  used_at = case when present.epoch = excluded.epoch and present.key = excluded.key
			    then present.expires_at else excluded.used_at end,
			  live_until = null, expires_at = excluded.expires_at, xid = excluded.xid
			returning key, used_at > now() as present
			""";

	private static final String EVICT = EVICTION.replace("${patience}", "");

	/**
	 * As {@link #EVICT}, for an eviction beside a transaction that may have locked the
	 * row itself: it would wait for its own end.
	 */
	private static final String EVICT_UNLESS_LOCKED = EVICTION.replace("${patience}", ", " + PATIENCE);

	/**
	 * The hashes of the keys in whose rows the transaction itself has left a tombstone,
	 * be it that of another key with the same hash.
	 */
	private static final String EVICTED_WITHIN = """
			select key_hash
			from ${schema}.cache_entry
			where cache_id = (select id from ${schema}.cache where namespace = ? and name = ?)
			  and key_hash = any (?)
			  and type = 'evicted'
			  and xid = pg_current_xact_id()
			""";

	private static final String CLEAR = """
			update ${schema}.cache
			set epoch = epoch + 1
			where generation = ? and leases <= ?
			""";

	/**
	 * As {@link #CLEAR}, but tells whether there was anything: the subquery sees the time
	 * before the update. No row: the cache itself is gone.
	 */
	private static final String INVALIDATION = """
			update ${schema}.cache
			set epoch = epoch + 1
			${patience}
			where generation = ? and leases <= ?
			returning exists (
			  select from ${schema}.cache_entry
			  where cache_id = ? and epoch = cache.epoch - 1 and expires_at > now()
			) as present
			""";

	private static final String INVALIDATE = INVALIDATION.replace("${patience}", "");

	/**
	 * As {@link #INVALIDATE}, for the same reason as {@link #EVICT_UNLESS_LOCKED}. The
	 * row of the cache is locked by a transaction in which a trigger has cleared it.
	 */
	private static final String INVALIDATE_UNLESS_LOCKED = INVALIDATION.replace("${patience}", "from " + PATIENCE);

	private final CacheRows rows;

	EntryEvictions(CacheRows rows) {
		this.rows = rows;
	}

	/**
	 * Evict entries. If the row of the cache is gone it is made again.
	 * @param transactionId the transaction that evicts; {@code null} if it is this one
	 * @param suspended the leases that are suspended
	 * @return the keys that were present
	 */
	Set<String> evict(Session session, CacheHandle cache, Collection<String> keys, @Nullable String transactionId,
			@Nullable List<LeaseHolder> suspended) throws SQLException {
		return evict(session, cache, EVICT, keys, transactionId, suspended);
	}

	/**
	 * As {@link #evict}, but fail if another transaction has locked one of the rows.
	 */
	Set<String> evictUnlessLocked(Session session, CacheHandle cache, Collection<String> keys,
			@Nullable List<LeaseHolder> suspended) throws SQLException {
		return evict(session, cache, EVICT_UNLESS_LOCKED, keys, null, suspended);
	}

	private Set<String> evict(Session session, CacheHandle cache, String sql, Collection<String> keys,
			@Nullable String transactionId, @Nullable List<LeaseHolder> suspended) throws SQLException {
		Set<String> present = evict(session, sql, this.rows.rowToChange(session, cache, suspended), keys,
				transactionId);
		while (present == null) {
			cache.forget();
			present = evict(session, sql, this.rows.rowToChange(session, cache, suspended), keys, transactionId);
		}
		return present;
	}

	/**
	 * Evict entries. Of two keys with one hash the second leaves the tombstone: a put of
	 * the first one finds it too.
	 * @return the keys that were present, or {@code null} if the row of the cache is gone
	 */
	@Nullable Set<String> evict(Session session, CacheRow row, Collection<String> keys, @Nullable String transactionId)
			throws SQLException {
		return evict(session, EVICT, row, keys, transactionId);
	}

	private static @Nullable Set<String> evict(Session session, String sql, CacheRow row, Collection<String> keys,
			@Nullable String transactionId) throws SQLException {
		TreeMap<Long, String> byHash = new TreeMap<>();
		keys.forEach((key) -> byHash.put(KeyHash.of(key), key));
		PreparedStatement statement = session.update(sql);
		statement.setString(1, transactionId);
		statement.setObject(2, byHash.keySet().stream().mapToLong(Long::longValue).toArray());
		statement.setObject(3, byHash.values().toArray(String[]::new));
		statement.setLong(4, row.generation());
		statement.setLong(5, row.leases());
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? present(rows) : null;
		}
	}

	/**
	 * A row for each key.
	 */
	private static Set<String> present(ResultSet rows) throws SQLException {
		Set<String> keys = new HashSet<>();
		do {
			if (rows.getBoolean("present")) {
				keys.add(rows.getString("key"));
			}
		}
		while (rows.next());
		return keys;
	}

	/**
	 * The keys whose rows this transaction has evicted itself, by the trigger of a
	 * watched table for example. Two keys with one hash share a row.
	 */
	Set<String> evictedWithin(Session session, CacheHandle cache, Collection<String> keys) throws SQLException {
		PreparedStatement statement = session.query(EVICTED_WITHIN);
		statement.setString(1, cache.definition().namespace());
		statement.setString(2, cache.definition().name());
		Map<Long, Set<String>> byHash = new HashMap<>();
		keys.forEach((key) -> byHash.computeIfAbsent(KeyHash.of(key), (hash) -> new HashSet<>()).add(key));
		statement.setObject(3, byHash.keySet().stream().mapToLong(Long::longValue).toArray());
		Set<String> evicted = new HashSet<>();
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				evicted.addAll(byHash.getOrDefault(rows.getLong("key_hash"), Set.of()));
			}
		}
		return evicted;
	}

	/**
	 * Clear a cache.
	 * @return whether there is such a row
	 */
	boolean clear(Session session, CacheRow row) throws SQLException {
		PreparedStatement statement = session.update(CLEAR);
		statement.setLong(1, row.generation());
		statement.setLong(2, row.leases());
		return statement.executeUpdate() == 1;
	}

	/**
	 * Clear a cache. If its row is gone it is made again.
	 */
	void clear(Session session, CacheHandle cache, @Nullable List<LeaseHolder> suspended) throws SQLException {
		while (!clear(session, this.rows.rowToChange(session, cache, suspended))) {
			cache.forget();
		}
	}

	/**
	 * Clear a cache, and see whether there was any entry.
	 */
	boolean invalidate(Session session, CacheHandle cache, @Nullable List<LeaseHolder> suspended) throws SQLException {
		return invalidate(session, INVALIDATE, cache, suspended);
	}

	/**
	 * As {@link #invalidate}, but fail if another transaction has locked the cache.
	 */
	boolean invalidateUnlessLocked(Session session, CacheHandle cache, @Nullable List<LeaseHolder> suspended)
			throws SQLException {
		return invalidate(session, INVALIDATE_UNLESS_LOCKED, cache, suspended);
	}

	private boolean invalidate(Session session, String sql, CacheHandle cache, @Nullable List<LeaseHolder> suspended)
			throws SQLException {
		Boolean present = invalidate(session, sql, this.rows.rowToChange(session, cache, suspended));
		while (present == null) {
			cache.forget();
			present = invalidate(session, sql, this.rows.rowToChange(session, cache, suspended));
		}
		return present;
	}

	private static @Nullable Boolean invalidate(Session session, String sql, CacheRow row) throws SQLException {
		PreparedStatement statement = session.update(sql);
		statement.setLong(1, row.generation());
		statement.setLong(2, row.leases());
		statement.setInt(3, row.id());
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? rows.getBoolean("present") : null;
		}
	}

}
