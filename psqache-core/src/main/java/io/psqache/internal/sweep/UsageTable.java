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
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.psqache.CacheUsage;
import io.psqache.StoredCache;
import io.psqache.internal.engine.Session;
import io.psqache.internal.store.StoredBounds;
import io.psqache.internal.store.UsageRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Reads and records the usage of caches, and drops caches. Thread-safe.
 */
final class UsageTable {

	private static final String READ = """
			select c.id, c.name, c.created_at, c.used_at, c.max_entries, c.max_bytes, f.entries, f.bytes, f.dead,
			  f.written_from, f.written_to, f.unused_ms, f.counted_at, now() as now
			from ${schema}.cache c
			left join ${schema}.figures f on f.cache_id = c.id
			where c.namespace = ?
			order by c.name
			""";

	private static final String RECORD = """
			insert into ${schema}.figures
			  (cache_id, entries, bytes, dead, written_from, written_to, unused_ms, counted_at)
			select c.id, f.entries, f.bytes, f.dead, f.written_from::timestamptz, f.written_to::timestamptz,
			  f.unused_ms, now()
			from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
			  as f (cache_id, entries, bytes, dead, written_from, written_to, unused_ms)
			join ${schema}.cache c on c.id = f.cache_id
			order by c.id
			on conflict (cache_id) do update
			set entries = excluded.entries, bytes = excluded.bytes, dead = excluded.dead,
			  written_from = excluded.written_from, written_to = excluded.written_to,
			  unused_ms = excluded.unused_ms, counted_at = excluded.counted_at
			""";

	/**
	 * Deletes the usage of dropped caches.
	 */
	private static final String FORGET = """
			delete from ${schema}.figures
			where cache_id in (
			  select f.cache_id
			  from ${schema}.figures f
			  where not exists (select from ${schema}.cache c where c.id = f.cache_id)
			  for update skip locked
			)
			""";

	/**
	 * Marks caches as used. Instances that find the row locked or recently updated skip
	 * it.
	 */
	private static final String STAMP_USED = """
			update ${schema}.cache
			set used_at = now()
			where id in (
			  select id
			  from ${schema}.cache
			  where id = any (?) and used_at < now() - interval '30 minutes'
			  for update skip locked
			)
			""";

	/**
	 * Drops a cache. Its entries can no longer be read, and the next sweep deletes them.
	 */
	private static final String DROP = """
			delete from ${schema}.cache
			where namespace = ? and name = ?
			returning id
			""";

	private final UsageRegistry usage;

	/**
	 * Create a new instance.
	 * @param usage receives the caches that are read
	 */
	UsageTable(UsageRegistry usage) {
		this.usage = usage;
	}

	/**
	 * Read the caches of a namespace.
	 * @return the caches, ordered by name
	 */
	List<StoredCache> read(Session session, String namespace) throws SQLException {
		Map<Integer, StoredCache> read = new LinkedHashMap<>();
		PreparedStatement statement = session.query(READ);
		statement.setString(1, namespace);
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				read.put(rows.getInt("id"), cache(rows));
			}
		}
		this.usage.update(read);
		return List.copyOf(read.values());
	}

	private static StoredCache cache(ResultSet rows) throws SQLException {
		Clock clock = new Clock(rows.getObject("now", OffsetDateTime.class), Instant.now());
		OffsetDateTime countedAt = rows.getObject("counted_at", OffsetDateTime.class);
		return new StoredCache(rows.getString("name"), clock.here(rows.getObject("created_at", OffsetDateTime.class)),
				clock.here(rows.getObject("used_at", OffsetDateTime.class)), StoredBounds.of(rows),
				(countedAt != null) ? usage(rows, clock, countedAt) : null);
	}

	private static CacheUsage usage(ResultSet rows, Clock clock, OffsetDateTime countedAt) throws SQLException {
		Long unusedMillis = rows.getObject("unused_ms", Long.class);
		return new CacheUsage(rows.getLong("entries"), rows.getLong("bytes"), rows.getLong("dead"),
				clock.hereOrNull(rows.getObject("written_from", OffsetDateTime.class)),
				clock.hereOrNull(rows.getObject("written_to", OffsetDateTime.class)),
				(unusedMillis != null) ? Duration.ofMillis(unusedMillis) : null, clock.here(countedAt));
	}

	/**
	 * Record the counts of a whole walk.
	 * @param censusById the censuses of all caches by cache id, in ascending order
	 */
	int record(Session session, Map<Integer, CacheCensus> censusById) throws SQLException {
		Collection<CacheCensus> censuses = censusById.values();
		PreparedStatement statement = session.update(RECORD);
		statement.setObject(1, censusById.keySet().toArray(Integer[]::new));
		statement.setObject(2, censuses.stream().map(CacheCensus::entries).toArray(Long[]::new));
		statement.setObject(3, censuses.stream().map(CacheCensus::bytes).toArray(Long[]::new));
		statement.setObject(4, censuses.stream().map(CacheCensus::dead).toArray(Long[]::new));
		statement.setObject(5, texts(censuses.stream().map(CacheCensus::writtenFrom)));
		statement.setObject(6, texts(censuses.stream().map(CacheCensus::writtenTo)));
		statement.setObject(7, censuses.stream().map(CacheCensus::unusedMillis).toArray(Long[]::new));
		statement.executeUpdate();
		return session.update(FORGET).executeUpdate();
	}

	private static @Nullable String[] texts(Stream<@Nullable OffsetDateTime> times) {
		return times.map((time) -> (time != null) ? time.toString() : null).toArray(String[]::new);
	}

	/**
	 * Mark the caches that this instance uses.
	 */
	int stampUsed(Session session) throws SQLException {
		PreparedStatement statement = session.update(STAMP_USED);
		statement.setObject(1, this.usage.used().toArray(Integer[]::new));
		return statement.executeUpdate();
	}

	/**
	 * Drop a cache.
	 * @return the id of the cache, or empty if there was none
	 */
	Optional<Integer> drop(Session session, String namespace, String name) throws SQLException {
		PreparedStatement statement = session.update(DROP);
		statement.setString(1, namespace);
		statement.setString(2, name);
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? Optional.of(rows.getInt("id")) : Optional.empty();
		}
	}

	/**
	 * Converts times of the database's clock, which may differ, to times of this
	 * machine's clock.
	 *
	 * @param there the current time by the database's clock
	 * @param here the current time by this machine's clock
	 */
	private record Clock(OffsetDateTime there, Instant here) {

		Instant here(OffsetDateTime time) {
			return this.here.minus(Duration.between(time, this.there));
		}

		@Nullable Instant hereOrNull(@Nullable OffsetDateTime time) {
			return (time != null) ? here(time) : null;
		}

	}

}
