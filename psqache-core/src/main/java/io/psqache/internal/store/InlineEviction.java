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
import java.util.concurrent.ThreadLocalRandom;

import io.psqache.StoredCache;
import io.psqache.internal.engine.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evicts where entries come faster than the sweeper evicts: while a cache is past its
 * bound, each writer deletes two entries for each one that it has written, the least
 * recently used of a sample (as Redis does). The sample is what the primary key has
 * beside a random hash. However old the usage and however many evict, an entry that was
 * used more recently than the bound allows stays. Thread-safe.
 */
final class InlineEviction {

	private static final Logger logger = LoggerFactory.getLogger(InlineEviction.class);

	/**
	 * Entries deleted for each one written, at most.
	 */
	private static final int EACH = 2;

	/**
	 * Entries in the sample for each one deleted.
	 */
	private static final int SAMPLE = 5;

	/**
	 * What is deleted is recorded, so that a fenced put is refused which the row would
	 * have refused ({@code bound_eviction}). One deletion a cache at a time, and each
	 * sees the one before it: so snapshots are recorded in the order in which they were
	 * taken. The bound is asked for, since a fenced put in a cache without one does not
	 * look at what is recorded. By the name {@code psqache_removed} the table's trigger
	 * knows that no tombstone is lost.
	 */
	static final String EVICT = """
			with turn as materialized (
			  select b.cache_id
			  from ${schema}.bound_eviction b
			  join ${schema}.cache c on c.id = b.cache_id
			  where b.cache_id = ?
			    and (c.max_entries is not null or c.max_bytes is not null)
			    and pg_visible_in_snapshot(b.deleted_by, pg_current_snapshot())
			  for no key update of b skip locked
			), sample as materialized (
			  select ctid, type, used_at
			  from ${schema}.cache_entry
			  where cache_id = ? and key_hash > ?
			    and exists (select from turn)
			  order by key_hash
			  limit ?
			), deleted as (
			  delete from ${schema}.cache_entry as psqache_removed
			  where ctid = any (array(
			    select ctid
			    from ${schema}.cache_entry
			    where ctid = any (array(
			      select ctid
			      from sample
			      where type <> 'evicted'
			        and used_at <= now() - ? * interval '1 millisecond'
			      order by used_at
			      limit ?
			    ))
			    for update skip locked
			  ))
			    and pg_visible_in_snapshot(xid, pg_current_snapshot())
			  returning xid
			), recorded as (
			  update ${schema}.bound_eviction
			  set newest = greatest(newest, (select xid from deleted order by xid desc limit 1)),
			    snapshot = pg_current_snapshot(), deleted_by = pg_current_xact_id()
			  where cache_id = ?
			    and exists (select from deleted)
			)
			select count(*) as removed, exists (select from turn) as had_turn
			from deleted
			""";

	private static final String BEGIN = """
			insert into ${schema}.bound_eviction (cache_id)
			values (?)
			on conflict do nothing
			""";

	private final CacheRows rows;

	private final UsageRegistry usage;

	InlineEviction(CacheRows rows, UsageRegistry usage) {
		this.rows = rows;
		this.usage = usage;
	}

	/**
	 * Entries of a cache were written: make room for them if there are too many. They are
	 * written already, so a failure is no failure of the caller.
	 * @param written how many entries were written
	 */
	void after(Session session, CacheHandle cache, int written) {
		if (!cache.bounded || written == 0) {
			return;
		}
		this.usage.addWritten(written);
		StoredCache stored = this.rows.stored(cache);
		Duration unused = (stored != null && stored.isOverfull()) ? stored.evictionAge() : null;
		if (unused != null) {
			try {
				evict(session, this.rows.row(session, cache).id(), unused, (long) EACH * written);
			}
			catch (SQLException ex) {
				logger.debug("A writer could not evict what is too much", ex);
			}
		}
	}

	private void evict(Session session, int cacheId, Duration unused, long most) throws SQLException {
		PreparedStatement statement = session.update(EVICT);
		statement.setInt(1, cacheId);
		statement.setInt(2, cacheId);
		statement.setLong(3, ThreadLocalRandom.current().nextLong());
		statement.setLong(4, SAMPLE * most);
		statement.setLong(5, unused.toMillis());
		statement.setLong(6, most);
		statement.setInt(7, cacheId);
		try (ResultSet rows = statement.executeQuery()) {
			rows.next();
			if (rows.getBoolean("had_turn")) {
				return;
			}
		}
		begin(session, cacheId);
	}

	/**
	 * Another writer has the row, or there is none yet.
	 */
	private void begin(Session session, int cacheId) throws SQLException {
		PreparedStatement statement = session.update(BEGIN);
		statement.setInt(1, cacheId);
		statement.executeUpdate();
	}

}
