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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.psqache.internal.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of one cache. An entry is seen while its {@code epoch} is its cache's and
 * its {@code expires_at} has not come, by the database's clock. A row is found by the
 * hash of the key, and counts only if it is of that key.
 * <p>
 * Each statement names one {@code cache_id} by equality, so that the table can be
 * distributed by it. An array of hashes comes from a sub-select, of which PostgreSQL
 * assumes the same size whenever it plans: the generic plan is never dearer than one for
 * these hashes, and so a statement is planned once and not on each execution.
 */
final class EntryReads {

	/**
	 * The part of the time-to-idle by which the expiry may fall short of the last read:
	 * an entry is touched at most so many times in that time.
	 */
	private static final int TOUCHES = 16;

	static final String GET = """
			select key, type, value, payload
			from ${schema}.cache_entry
			where cache_id = ? and key_hash = ?
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where generation = ?)
			""";

	static final String GET_MANY = """
			select key, type, value, payload, key_hash
			from ${schema}.cache_entry
			where cache_id = ? and key_hash = any ((select ?::bigint[])::bigint[])
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where generation = ?)
			""";

	/**
	 * As {@link #GET_MANY}, for caches in which times matter: how old an entry is and how
	 * long it lives yet, in microseconds ({@code null} for never), and whether it is to
	 * be touched. That is so if it would expire too long before the end of the time that
	 * this read allows, or was not used for some time; {@code null} where either does not
	 * matter. A read prolongs no entry without {@code live_until}: it was written without
	 * a time-to-idle.
	 */
	private static final String GET_TIMED = """
			select key, type, value, payload, key_hash,
			  (date_part('epoch', now() - written_at) * 1000000)::bigint as age,
			  (date_part('epoch', nullif(expires_at, 'infinity') - now()) * 1000000)::bigint as time_left,
			  (date_part('epoch', nullif(coalesce(live_until, expires_at), 'infinity') - now()) * 1000000)::bigint as life_left,
			  coalesce(expires_at < now() + ? * interval '1 microsecond' and expires_at < live_until, false)
			    or coalesce(used_at < now() - ? * interval '1 microsecond', false) as touch_due
			from ${schema}.cache_entry
			where cache_id = ? and key_hash = any ((select ?::bigint[])::bigint[])
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where generation = ?)
			""";

	/**
	 * Those too that are kept although they have expired: never a tombstone.
	 */
	private static final String GET_EXPIRED = """
			select key, type, value, payload
			from ${schema}.cache_entry
			where cache_id = ? and key_hash = ?
			  and type <> 'evicted'
			  and expires_at > now() - ? * interval '1 millisecond'
			  and epoch = (select epoch from ${schema}.cache where generation = ?)
			""";

	/**
	 * {@code null} microseconds for never.
	 */
	private static final String PEEK = """
			select key, (date_part('epoch', nullif(expires_at, 'infinity') - now()) * 1000000)::bigint as time_left
			from ${schema}.cache_entry
			where cache_id = ? and key_hash = ?
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where generation = ?)
			""";

	private static final String ANY_PRESENT = """
			select exists (
			  select
			  from ${schema}.cache_entry
			  where cache_id = ? and key <> all (?)
			    and expires_at > now()
			    and epoch = (select epoch from ${schema}.cache where generation = ?)
			) as present
			""";

	/**
	 * The idle time is {@code null} where there is none: then only {@code used_at}
	 * changes. A touch waits for no lock: a row that is locked is being written or
	 * touched.
	 */
	private static final String TOUCH = """
			update ${schema}.cache_entry
			set used_at = now(),
			  expires_at = case
			    when expires_at < now() + ? * interval '1 microsecond' and expires_at < live_until
			      then least(now() + ? * interval '1 microsecond', live_until)
			    else expires_at
			  end
			where ctid = any (array(
			  select ctid
			  from ${schema}.cache_entry
			  where cache_id = ? and key_hash = any ((select ?::bigint[])::bigint[])
			    and expires_at > now()
			  for update skip locked
			))
			""";

	private final CacheRows rows;

	private final Fences fences;

	EntryReads(CacheRows rows, Fences fences) {
		this.rows = rows;
		this.fences = fences;
	}

	/**
	 * Read entries and answer each read. Those that miss share a fence: it is taken after
	 * all of them have missed, and before any of them loads.
	 */
	void get(Session session, CacheHandle cache, List<Get> reads) throws SQLException {
		CacheRow row = this.rows.row(session, cache);
		Duration timeToIdle = reads.get(0).timeToIdle();
		Duration unused = this.rows.touchAge(cache);
		if (timeToIdle != null || unused != null || cache.isTimed()) {
			getTimed(session, row, cache, reads, timeToIdle, unused);
		}
		else if (reads.size() == 1) {
			getOne(session, row, reads.get(0));
		}
		else {
			getMany(session, row, reads);
		}
		answerMisses(session, cache, reads);
	}

	private void getOne(Session session, CacheRow row, Get read) throws SQLException {
		PreparedStatement statement = session.query(GET);
		statement.setInt(1, row.id());
		statement.setLong(2, read.hash());
		statement.setLong(3, row.generation());
		try (ResultSet rows = statement.executeQuery()) {
			if (rows.next() && rows.getString(1).equals(read.key())) {
				read.found(value(rows), null);
			}
		}
	}

	private void getMany(Session session, CacheRow row, List<Get> reads) throws SQLException {
		Map<Long, Get> byHash = byHash(reads);
		PreparedStatement statement = session.query(GET_MANY);
		statement.setInt(1, row.id());
		statement.setObject(2, hashes(byHash));
		statement.setLong(3, row.generation());
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				answer(byHash.get(rows.getLong(5)), rows.getString(1), value(rows), null);
			}
		}
	}

	private void getTimed(Session session, CacheRow row, CacheHandle cache, List<Get> reads,
			@Nullable Duration timeToIdle, @Nullable Duration unused) throws SQLException {
		Map<Long, Get> byHash = byHash(reads);
		List<Long> due = new ArrayList<>();
		PreparedStatement statement = session.query(GET_TIMED);
		Lifetime.setMicros(statement, 1,
				(timeToIdle != null) ? Lifetime.micros(timeToIdle.minus(timeToIdle.dividedBy(TOUCHES))) : null);
		Lifetime.setMicros(statement, 2, Lifetime.micros(unused));
		statement.setInt(3, row.id());
		statement.setObject(4, hashes(byHash));
		statement.setLong(5, row.generation());
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				Long hash = rows.getLong(5);
				answer(byHash.get(hash), rows.getString(1), timedValue(rows, cache),
						age(rows, cache, timeToIdle != null));
				if (rows.getBoolean("touch_due")) {
					due.add(hash);
				}
			}
		}
		cache.accesses().add(due, timeToIdle);
	}

	private static Map<Long, Get> byHash(List<Get> reads) {
		Map<Long, Get> byHash = new HashMap<>(2 * reads.size());
		for (Get read : reads) {
			read.next = byHash.put(read.hash(), read);
		}
		return byHash;
	}

	private static long[] hashes(Map<Long, Get> byHash) {
		long[] hashes = new long[byHash.size()];
		int index = 0;
		for (Long hash : byHash.keySet()) {
			hashes[index++] = hash;
		}
		return hashes;
	}

	private static void answer(@Nullable Get first, String key, StoredValue value, @Nullable EntryAge age) {
		for (Get read = first; read != null; read = read.next) {
			if (read.key().equals(key)) {
				read.found(value, age);
			}
		}
	}

	private void answerMisses(Session session, CacheHandle cache, List<Get> reads) throws SQLException {
		Fence fence = null;
		boolean missed = false;
		for (Get read : reads) {
			if (read.present() == null) {
				fence = (read.isFenced() && fence == null) ? this.fences.take(session, cache) : fence;
				read.missed(read.isFenced() ? fence : null);
				missed = true;
			}
		}
		if (missed && fence == null) { // a fence names the row
			this.rows.forgetIfGone(session, cache);
		}
	}

	/**
	 * JSONB comes as text whichever way it is asked for. Its bytes are taken as they are:
	 * a cast to {@code bytea} in the statement took the server a fifth of its time.
	 */
	private static StoredValue value(ResultSet rows) throws SQLException {
		String type = rows.getString(2);
		byte[] json = rows.getBytes(3);
		return StoredValue.read((json != null) ? json : rows.getBytes(4), type);
	}

	private static StoredValue timedValue(ResultSet rows, CacheHandle cache) throws SQLException {
		StoredValue value = value(rows);
		if (!cache.hasNearCache()) {
			return value;
		}
		Duration timeLeft = micros(rows, "time_left");
		return value.withTimeLeft((timeLeft != null) ? timeLeft : StoredValue.FOREVER);
	}

	/**
	 * Where a read prolongs an entry, its time-to-live is apart from its expiry.
	 */
	private static @Nullable EntryAge age(ResultSet rows, CacheHandle cache, boolean idling) throws SQLException {
		return cache.staleness().told() ? new EntryAge(Duration.of(rows.getLong("age"), ChronoUnit.MICROS),
				micros(rows, idling ? "life_left" : "time_left")) : null;
	}

	private static @Nullable Duration micros(ResultSet rows, String column) throws SQLException {
		long micros = rows.getLong(column);
		return rows.wasNull() ? null : Duration.of(micros, ChronoUnit.MICROS);
	}

	/**
	 * Read an entry that has expired and is kept, or one that lives.
	 */
	@Nullable StoredValue getExpired(Session session, CacheHandle cache, String key) throws SQLException {
		CacheRow row = this.rows.row(session, cache);
		PreparedStatement statement = session.query(GET_EXPIRED);
		statement.setInt(1, row.id());
		statement.setLong(2, KeyHash.of(key));
		statement.setLong(3, cache.staleness().kept().toMillis());
		statement.setLong(4, row.generation());
		try (ResultSet rows = statement.executeQuery()) {
			return (rows.next() && rows.getString(1).equals(key)) ? value(rows) : null;
		}
	}

	/**
	 * See how long an entry lives, without its value.
	 * @return {@code null} if there is none, zero if it never expires
	 */
	@Nullable Duration peek(Session session, CacheHandle cache, String key) throws SQLException {
		CacheRow row = this.rows.row(session, cache);
		PreparedStatement statement = session.query(PEEK);
		statement.setInt(1, row.id());
		statement.setLong(2, KeyHash.of(key));
		statement.setLong(3, row.generation());
		try (ResultSet rows = statement.executeQuery()) {
			if (!rows.next() || !rows.getString(1).equals(key)) {
				return null;
			}
			Duration timeLeft = micros(rows, "time_left");
			return (timeLeft != null) ? timeLeft : Duration.ZERO;
		}
	}

	/**
	 * See whether there is any entry, some not counted.
	 */
	boolean isAnyPresent(Session session, CacheHandle cache, String[] but) throws SQLException {
		CacheRow row = this.rows.row(session, cache);
		PreparedStatement statement = session.query(ANY_PRESENT);
		statement.setInt(1, row.id());
		statement.setObject(2, but);
		statement.setLong(3, row.generation());
		try (ResultSet rows = statement.executeQuery()) {
			rows.next();
			return rows.getBoolean("present");
		}
	}

	/**
	 * Note that entries were read, and prolong those that were written with a
	 * time-to-idle, where this instance has one too.
	 */
	void touch(Session session, CacheHandle cache, long[] hashes, @Nullable Duration timeToIdle) throws SQLException {
		PreparedStatement statement = session.update(TOUCH);
		Long idle = Lifetime.micros(timeToIdle);
		Lifetime.setMicros(statement, 1, idle);
		Lifetime.setMicros(statement, 2, idle);
		statement.setInt(3, this.rows.row(session, cache).id());
		statement.setObject(4, hashes);
		statement.executeUpdate();
	}

}
