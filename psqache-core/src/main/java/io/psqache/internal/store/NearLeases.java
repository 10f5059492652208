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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import io.psqache.OperationKind;
import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.Engine;
import io.psqache.internal.engine.Session;
import io.psqache.internal.engine.SingleOperation;
import io.psqache.internal.engine.Work;

/**
 * The leases of strict near caches, in the tables {@code near_lease} and
 * {@code near_revocation}. {@link SuspendedChange} has the protocol. Thread-safe;
 * {@link EntryStore#leases} makes it.
 */
public final class NearLeases {

	/**
	 * The new lease replaces an earlier one of the instance. No row is returned if the
	 * row of the cache is gone or locked, or the cache is watched. The commit waits for
	 * the disk, because holders may outlive a crash of the server.
	 */
	private static final String TAKE = """
			with found as (
			  select c.id
			  from ${schema}.cache c
			  where c.id = ? and not ${schema}.is_watched(c.id)
			  for no key update skip locked
			),
			earlier as (
			  delete from ${schema}.near_lease
			  where cache_id = ? and instance = ?
			),
			swept as (
			  delete from ${schema}.near_revocation r
			  where not exists (select from ${schema}.near_lease l where l.id = r.lease)
			),
			marked as (
			  update ${schema}.cache c
			  set leases = c.leases + 1, near = true
			  from found
			  where c.id = found.id
			  returning c.id
			)
			insert into ${schema}.near_lease (cache_id, instance, length_ms)
			select m.id, ?, ?
			from marked m,
			  (select case current_setting('synchronous_commit') when 'off'
			    then set_config('synchronous_commit', 'local', true) end) as durable
			returning id
			""";

	/**
	 * Open transactions that may have changed caches or entries, also of the sweeper. A
	 * statement locks its tables before it takes its snapshot. A vacuum changes no entry,
	 * and may take long.
	 */
	private static final String WRITERS = """
			select distinct virtualtransaction
			from pg_locks
			where locktype = 'relation'
			  and database = (select oid from pg_database where datname = current_database())
			  and relation in ('${schema}.cache_entry'::regclass, '${schema}.cache'::regclass)
			  and mode not in ('AccessShareLock', 'ShareUpdateExclusiveLock')
			  and pid is distinct from pg_backend_pid()
			""";

	/**
	 * A transaction that changes entries by SQL holds the advisory lock of the cache, and
	 * waits until the leases have lapsed. Its commit revokes them.
	 */
	private static final String CHANGED_BY_SQL = """
			select distinct objid::bigint::int as cache_id
			from pg_locks
			where locktype = 'advisory'
			  and database = (select oid from pg_database where datname = current_database())
			  and classid = 7463 and objsubid = 2
			""";

	/**
	 * In a statement after {@link #CHANGED_BY_SQL}, so that its snapshot is later. A
	 * transaction that commits in between would show neither its lock nor its revocation
	 * to one statement: the snapshot is taken before the locks are read.
	 */
	private static final String RENEW = """
			select l.id
			from ${schema}.near_lease l
			where l.instance = ?
			  and l.cache_id <> all (?)
			  and not exists (select from ${schema}.near_revocation r where r.lease = l.id)
			""";

	private static final String REVOKE = """
			with revoked as (
			  insert into ${schema}.near_revocation (lease)
			  select l.id
			  from ${schema}.near_lease l
			  where l.id = any (?)
			)
			select l.id, l.length_ms
			from ${schema}.near_lease l
			where l.id = any (?)
			""";

	private static final String DELETE = """
			delete from ${schema}.near_lease
			where id = any (?)
			""";

	private static final String DELETE_ALL = """
			delete from ${schema}.near_lease
			where instance = ?
			""";

	private final Engine engine;

	NearLeases(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Take a lease on a cache. It must not be used before the {@link #writers} of that
	 * time have ended.
	 * @param cacheId the id of the cache
	 * @param instance the instance
	 * @param length how long the lease outlasts its last renewal
	 * @return answers with the id of the lease; empty if the cache can have none now
	 */
	public Call<OptionalLong> take(int cacheId, String instance, Duration length) {
		return operation((session) -> {
			PreparedStatement statement = session.update(TAKE);
			statement.setInt(1, cacheId);
			statement.setInt(2, cacheId);
			statement.setString(3, instance);
			statement.setString(4, instance);
			statement.setInt(5, Math.toIntExact(length.toMillis()));
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? OptionalLong.of(rows.getLong("id")) : OptionalLong.empty();
			}
		});
	}

	/**
	 * Return the open transactions that may have changed entries.
	 * @return answers with their names, which are not reused
	 */
	public Call<Set<String>> writers() {
		return operation((session) -> {
			Set<String> writers = new HashSet<>();
			try (ResultSet rows = session.query(WRITERS).executeQuery()) {
				while (rows.next()) {
					writers.add(rows.getString("virtualtransaction"));
				}
			}
			return writers;
		});
	}

	/**
	 * Renew the leases of an instance.
	 * @param instance the instance
	 * @return answers with the ids of the leases that last from the time when the call
	 * was sent
	 */
	public Call<Set<Long>> renew(String instance) {
		return operation((session) -> {
			int[] changedBySql = changedBySql(session);
			PreparedStatement statement = session.query(RENEW);
			statement.setString(1, instance);
			statement.setObject(2, changedBySql);
			Set<Long> leases = new HashSet<>();
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					leases.add(rows.getLong("id"));
				}
			}
			return leases;
		});
	}

	private static int[] changedBySql(Session session) throws SQLException {
		List<Integer> caches = new ArrayList<>();
		try (ResultSet rows = session.query(CHANGED_BY_SQL).executeQuery()) {
			while (rows.next()) {
				caches.add(rows.getInt("cache_id"));
			}
		}
		return caches.stream().mapToInt(Integer::intValue).toArray();
	}

	/**
	 * Revoke leases: no renewal succeeds that begins after the answer.
	 * @param leases the ids of the leases
	 * @return answers with the length of each lease that still existed
	 */
	public Call<Map<Long, Duration>> revoke(Collection<Long> leases) {
		return operation((session) -> {
			PreparedStatement statement = session.update(REVOKE);
			long[] ids = leases.stream().mapToLong(Long::longValue).toArray();
			statement.setObject(1, ids);
			statement.setObject(2, ids);
			Map<Long, Duration> lengths = new HashMap<>();
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					lengths.put(rows.getLong("id"), Duration.ofMillis(rows.getInt("length_ms")));
				}
			}
			return lengths;
		});
	}

	/**
	 * Delete leases that have lapsed.
	 * @param leases the ids of the leases
	 * @return answers with the number of deleted leases
	 */
	public Call<Integer> delete(Collection<Long> leases) {
		List<Long> all = new ArrayList<>(leases);
		return operation((session) -> {
			PreparedStatement statement = session.update(DELETE);
			statement.setObject(1, all.stream().mapToLong(Long::longValue).toArray());
			return statement.executeUpdate();
		});
	}

	/**
	 * Delete all leases of an instance that no longer uses them.
	 * @param instance the instance
	 * @return answers with the number of deleted leases
	 */
	public Call<Integer> deleteAll(String instance) {
		return operation((session) -> {
			PreparedStatement statement = session.update(DELETE_ALL);
			statement.setString(1, instance);
			return statement.executeUpdate();
		});
	}

	/**
	 * Executed by a worker for reads, as notifications are, because writes may wait for
	 * the answer. The circuit breaker does not stop it: evictions of the backlog need it.
	 */
	private <T> Call<T> operation(Work<T> work) {
		return new SingleOperation<>(this.engine.reads(), OperationKind.ANNOUNCE, work).unguarded();
	}

}
