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

/**
 * The SQL of a {@link Sweep}. The statements read the table by ranges of pages (a Tid
 * Range Scan). There is no index on a time column, because it would prevent HOT updates.
 * <p>
 * No statement deletes a row that a valid fence needs. The alias {@code psqache_removed}
 * marks their deletions for the triggers of the tables, which treat all other deletions
 * as a loss of data.
 */
final class SweepSql {

	/**
	 * Expired, including the time for which the cache keeps stale entries after that.
	 */
	private static final String EXPIRED = "e.expires_at <= now() - coalesce(c.stale_ms, 0) * interval '1 millisecond'";

	static final String CACHES = """
			select id, max_entries, max_bytes
			from ${schema}.cache
			""";

	static final String EXTENT = """
			select now()::text as now,
			  pg_relation_size('${schema}.cache_entry') / current_setting('block_size')::bigint as pages,
			  pg_current_snapshot()::text as snapshot
			""";

	/**
	 * Counts the live and dead entries of each cache on a range of pages. The entries of
	 * a bounded cache are grouped by their unused time: an age class is a twentieth of
	 * the natural logarithm of the milliseconds, so that the times of a class differ by 5
	 * %.
	 * <p>
	 * The size of a row is the stored size of its columns plus about 88 bytes. Values may
	 * be compressed or stored out of line; {@code pg_column_size} does not read them.
	 * <p>
	 * A tombstone is dead when every valid fence shows its transaction as committed: see
	 * {@link Horizon}.
	 */
	static final String COUNT = """
			select cache_id, tombstone, dead, age_class, count(*) as entries, sum(bytes) as bytes,
			  min(written_at) as written_from, max(written_at) as written_to
			from (
			  select e.cache_id, e.written_at, e.type = 'evicted' as tombstone,
			    case when e.type = 'evicted' then coalesce(pg_visible_in_snapshot(e.xid, ?::pg_snapshot), false)
			      else ${expired} or e.epoch < c.epoch or c.id is null end as dead,
			    case when e.type <> 'evicted' and (c.max_entries is not null or c.max_bytes is not null) then
			      floor(20 * ln(greatest(1, 1000 * date_part('epoch', ?::timestamptz - e.used_at))))::int
			    end as age_class,
			    88 + pg_column_size(e.key) + pg_column_size(e.type)
			      + coalesce(pg_column_size(e.value), pg_column_size(e.payload), 0) as bytes
			  from ${schema}.cache_entry e
			  left join ${schema}.cache c on c.id = e.cache_id
			  where e.ctid >= ?::tid and e.ctid < ?::tid
			) as entry
			group by cache_id, tombstone, dead, age_class
			""".replace("${expired}", EXPIRED);

	/**
	 * Rows are selected with {@code for update skip locked}, so the statement does not
	 * wait for puts, and sweepers do not deadlock.
	 * <p>
	 * A row of an earlier epoch stays while a valid fence may not show its transaction as
	 * committed, because the row must refuse a put with that fence. Fences of the current
	 * epoch were taken after the last clear, and show all transactions that the clear
	 * saw.
	 * <p>
	 * If a row changes during the statement, PostgreSQL evaluates the condition again,
	 * but with the cache row as of the beginning of the statement. The comparison is
	 * therefore {@code <}: with {@code <>} an entry that was put after a clear would be
	 * deleted.
	 */
	static final String REMOVE_DEAD = """
			delete from ${schema}.cache_entry as psqache_removed
			where ctid = any (array(
			  select e.ctid
			  from ${schema}.cache_entry e
			  left join ${schema}.cache c on c.id = e.cache_id
			  where e.ctid >= ?::tid and e.ctid < ?::tid
			    and e.type <> 'evicted'
			    and (${expired}
			      or c.id is null
			      or e.epoch < c.epoch
			        and (pg_visible_in_snapshot(e.xid, c.cleared_in) or pg_visible_in_snapshot(e.xid, ?::pg_snapshot)))
			  limit ?
			  for update of e skip locked
			))
			""".replace("${expired}", EXPIRED);

	static final String REMOVE_TOMBSTONES = """
			delete from ${schema}.cache_entry as psqache_removed
			where ctid = any (array(
			  select ctid
			  from ${schema}.cache_entry
			  where ctid >= ?::tid and ctid < ?::tid
			    and type = 'evicted' and pg_visible_in_snapshot(xid, ?::pg_snapshot)
			  limit ?
			  for update skip locked
			))
			""";

	/**
	 * Inserts the rows that {@link #REMOVE_UNUSED} needs.
	 */
	static final String BEGIN_EVICTION = """
			insert into ${schema}.bound_eviction (cache_id)
			select id
			from ${schema}.cache
			where id = any (?)
			order by id
			on conflict do nothing
			""";

	/**
	 * Evicts the entries of each {@link BoundEviction}. A salted hash selects the share,
	 * so that a repeated statement selects the same entries of the same pages. The
	 * expression {@code cache_id + 0} prevents the use of the index, with which the
	 * statement would read all entries of a cache.
	 * <p>
	 * The table {@code bound_eviction} records the deletions, so that a fenced put is
	 * refused if the deleted row would have refused it. Deletions from one cache run one
	 * at a time, and each sees the previous one, so snapshots are recorded in the order
	 * in which they were taken.
	 */
	static final String REMOVE_UNUSED = """
			with turn as materialized (
			  select cache_id
			  from ${schema}.bound_eviction
			  where cache_id = any (?)
			    and pg_visible_in_snapshot(deleted_by, pg_current_snapshot())
			  for no key update skip locked
			), deleted as (
			  delete from ${schema}.cache_entry as psqache_removed
			  where ctid = any (array(
			    select e.ctid
			    from ${schema}.cache_entry e
			    join unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[])
			      as unused (cache_id, all_micros, some_micros, share) on unused.cache_id = e.cache_id + 0
			    join turn on turn.cache_id = unused.cache_id
			    join ${schema}.cache c on c.id = unused.cache_id
			    where e.epoch = c.epoch and not (${expired})
			      and (c.max_entries is not null or c.max_bytes is not null)
			      and (e.used_at <= ?::timestamptz - unused.all_micros * interval '1 microsecond'
			        or e.used_at <= ?::timestamptz - unused.some_micros * interval '1 microsecond'
			          and hashint8extended(e.key_hash, ?) & 1023 < unused.share)
			      and e.ctid >= ?::tid and e.ctid < ?::tid
			    limit ?
			    for update of e skip locked
			  ))
			    and pg_visible_in_snapshot(xid, pg_current_snapshot())
			  returning cache_id, xid
			), recorded as (
			  update ${schema}.bound_eviction b
			  set newest = greatest(b.newest, d.newest), snapshot = pg_current_snapshot(), deleted_by = pg_current_xact_id()
			  from (
			    select distinct on (cache_id) cache_id, xid as newest
			    from deleted
			    order by cache_id, xid desc
			  ) as d
			  where b.cache_id = d.cache_id
			)
			select cache_id, count(*) as removed
			from deleted
			group by cache_id
			"""
		.replace("${expired}", EXPIRED);

	/**
	 * Deletes the rows of dropped caches. The row of a cache is always committed before a
	 * row that refers to it.
	 */
	static final String FORGET_EVICTIONS = """
			delete from ${schema}.bound_eviction as psqache_removed
			where cache_id in (
			  select b.cache_id
			  from ${schema}.bound_eviction b
			  where not exists (select from ${schema}.cache c where c.id = b.cache_id)
			  for update skip locked
			)
			""";

	/**
	 * Deletes loads of dead instances that no other instance has taken over.
	 */
	static final String FORGET_LOADS = """
			delete from ${schema}.load
			where ctid = any (array(
			  select ctid
			  from ${schema}.load
			  where held_until < now() - interval '1 minute'
			  limit 1000
			  for update skip locked
			))
			""";

	/**
	 * Deletes rows that instances of schema version 1 leave in their table during a
	 * rolling upgrade.
	 */
	static final String REMOVE_OLD = "select ${schema}.sweep_old_entries(?)";

	private SweepSql() {
	}

}
