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

package io.psqache.internal.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * What an instance of schema version 1 does on one connection: its statements, copied
 * from its {@code EntrySql} with every constant filled in, on a cache named
 * {@code books}.
 */
final class VersionOneInstance implements AutoCloseable {

	private static final String GET_MANY = """
			select value, payload, type, key
			from ${schema}.entry
			where cache_id = ? and key = any (?)
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	private static final String GET_EXPIRED = """
			select value, payload, type, key
			from ${schema}.entry
			where cache_id = ? and key = any (?)
			  and type <> 'evicted'
			  and expires_at > now() - ? * interval '1 millisecond'
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	private static final String TOUCH = """
			update ${schema}.entry
			set used_at = now(), expires_at = least(now() + ? * interval '1 microsecond', live_until)
			where ctid = any (array(
			  select ctid
			  from ${schema}.entry
			  where cache_id = ? and key = any (?)
			    and expires_at > now()
			  for update skip locked
			))
			""";

	private static final String INSERT = """
			insert into ${schema}.entry as present
			  (cache_id, key, epoch, value, payload, type, written_at, used_at, live_until, expires_at)
			select c.id, e.key, c.epoch, e.value, e.payload, e.type, now(), now(),
			  coalesce(now() + e.live * interval '1 microsecond', 'infinity'),
			  coalesce(now() + e.unread * interval '1 microsecond', 'infinity')
			from (values (?::text, ?::jsonb, ?::bytea, ?::text, ?::bigint, ?::bigint)) as e (key, value, payload, type, live, unread), ${schema}.cache c""";

	private static final String OVERWRITE = """
			on conflict (cache_id, key) do update
			set epoch = excluded.epoch, value = excluded.value, payload = excluded.payload, type = excluded.type,
			  written_at = excluded.written_at, used_at = excluded.used_at,
			  live_until = excluded.live_until, expires_at = excluded.expires_at, xid = excluded.xid""";

	private static final String PUT = INSERT + """

			where c.id = ? and e.key is not null
			""" + OVERWRITE;

	private static final String FENCED_PUT = INSERT + """
			, (select set_config('lock_timeout', '20ms', true)) as patience
			where c.id = ? and e.key is not null and c.epoch = ?
			  and exists (select from ${schema}.incarnation where id = ?)
			""" + OVERWRITE + """

			where pg_visible_in_snapshot(present.xid, ?::pg_snapshot)
			  and present.xid <> excluded.xid
			returning key
			""";

	private static final String PUT_IF_ABSENT = "with written as (\n" + PUT + """

			where present.epoch <> excluded.epoch
			  or present.expires_at <= excluded.written_at
			returning 1
			)
			select exists (select from written) as written
			from ${schema}.cache
			where id = ?
			""";

	private static final String EVICT = """
			insert into ${schema}.entry as present
			  (cache_id, key, epoch, type, written_at, used_at, live_until, expires_at, xid)
			select c.id, e.key, c.epoch, 'evicted', now(), now(), '-infinity', '-infinity',
			  coalesce(?::xid8, pg_current_xact_id())
			from unnest(?::text[]) as e (key), ${schema}.cache c
			where c.id = ?
			on conflict (cache_id, key) do update
			set epoch = excluded.epoch, value = null, payload = null, type = excluded.type,
			  written_at = excluded.written_at,
			  used_at = case when present.epoch = excluded.epoch then present.expires_at else excluded.used_at end,
			  live_until = excluded.live_until, expires_at = excluded.expires_at, xid = excluded.xid
			returning key, used_at > now() as present
			""";

	private static final String EVICTED_WITHIN = """
			select key
			from ${schema}.entry
			where cache_id = (select id from ${schema}.cache where namespace = ? and name = ?)
			  and key = any (?)
			  and type = 'evicted'
			  and xid = pg_current_xact_id()
			""";

	private static final String CLEAR = """
			update ${schema}.cache
			set epoch = epoch + 1
			where id = ?
			""";

	private static final String INVALIDATE = """
			update ${schema}.cache
			set epoch = epoch + 1
			where id = ?
			returning exists (
			  select from ${schema}.entry
			  where cache_id = ? and epoch = cache.epoch - 1 and expires_at > now()
			) as present
			""";

	private static final String RELIEVE = """
			with excess as materialized (
			select ctid, xid
			from (
			  select ctid, xid, type, used_at
			  from ${schema}.entry
			  where cache_id = ? and key > ?
			  order by key
			  limit ?
			  for update skip locked
			) as neighbour
			where type <> 'evicted'
			  and used_at <= now() - ? * interval '1 millisecond'
			order by used_at
			limit ?
			), emptied as (
			  update ${schema}.entry
			  set value = null, payload = null, type = 'evicted', live_until = '-infinity', expires_at = '-infinity'
			  where ctid = any (array(
			    select ctid from excess where pg_visible_in_snapshot(xid, ?::pg_snapshot) is not true
			  ))
			  returning cache_id
			), deleted as (
			  delete from ${schema}.entry
			  where ctid = any (array(
			    select ctid from excess where pg_visible_in_snapshot(xid, ?::pg_snapshot)
			  ))
			  returning cache_id
			)
			select cache_id, count(*) as removed
			from (select cache_id from emptied union all select cache_id from deleted) as gone
			group by cache_id
			""";

	private final Connection connection;

	private final int cacheId;

	VersionOneInstance(TestDatabase database, String namespace) {
		try {
			this.connection = database.connect();
			this.cacheId = Integer
				.parseInt(String.valueOf(database.query("select psqache.cache_id('" + namespace + "', 'books')")));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Make the schema as version 1 does, but for the repeatable scripts.
	 */
	static void migrate(TestDatabase database) {
		Flyway.configure()
			.dataSource(database.dataSource())
			.locations("classpath:" + MigrationScripts.LOCATION)
			.repeatableSqlMigrationPrefix("none")
			.defaultSchema(TestCaches.SCHEMA.value())
			.schemas(TestCaches.SCHEMA.value())
			.target("1")
			.load()
			.migrate();
	}

	Connection connection() {
		return this.connection;
	}

	void put(String... keys) throws SQLException {
		for (String key : keys) {
			execute(PUT, key, "1", null, "v1 java.lang.Integer", null, null, this.cacheId);
		}
	}

	/**
	 * Put a value that was loaded after a miss, behind the fence of that miss.
	 * @return the keys that were written
	 */
	List<String> putLoaded(String key, String snapshot) throws SQLException {
		long epoch = Long.parseLong(execute("select epoch from ${schema}.cache where id = ?", this.cacheId).get(0));
		UUID incarnation = UUID.fromString(execute("select id from ${schema}.incarnation").get(0));
		return execute(FENCED_PUT, key, "1", null, "v1 java.lang.Integer", null, null, this.cacheId, epoch, incarnation,
				snapshot);
	}

	boolean putIfAbsent(String key) throws SQLException {
		return execute(PUT_IF_ABSENT, key, "1", null, "v1 java.lang.Integer", null, null, this.cacheId, this.cacheId)
			.contains("t");
	}

	/**
	 * Read by every statement that reads.
	 * @return the values that were there
	 */
	List<String> get(String... keys) throws SQLException {
		List<String> values = new ArrayList<>(execute(GET_MANY, this.cacheId, keys, this.cacheId));
		values.addAll(execute(GET_EXPIRED, this.cacheId, keys, 3_600_000, this.cacheId));
		return values;
	}

	void touch(String... keys) throws SQLException {
		execute(TOUCH, 1_000_000L, this.cacheId, keys);
	}

	/**
	 * Evict.
	 * @param transactionId the transaction that evicts, or {@code null} for this one
	 * @return the keys, a row each
	 */
	List<String> evict(@Nullable String transactionId, String... keys) throws SQLException {
		return execute(EVICT, transactionId, keys, this.cacheId);
	}

	List<String> evictedWithin(String namespace, String... keys) throws SQLException {
		return execute(EVICTED_WITHIN, namespace, "books", keys);
	}

	void clear() throws SQLException {
		execute(CLEAR, this.cacheId);
	}

	void invalidate() throws SQLException {
		execute(INVALIDATE, this.cacheId, this.cacheId);
	}

	/**
	 * Remove what is least recently used, of all entries.
	 */
	void relieve(@Nullable String horizon) throws SQLException {
		execute(RELIEVE, this.cacheId, "", 100, -1_000, 100, horizon, horizon);
	}

	private List<String> execute(String sql, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(TestCaches.SCHEMA.in(sql))) {
			for (int index = 0; index < parameters.length; index++) {
				statement.setObject(index + 1, parameters[index]);
			}
			List<String> first = new ArrayList<>();
			if (statement.execute()) {
				try (ResultSet rows = statement.getResultSet()) {
					while (rows.next()) {
						first.add(rows.getString(1));
					}
				}
			}
			return first;
		}
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
