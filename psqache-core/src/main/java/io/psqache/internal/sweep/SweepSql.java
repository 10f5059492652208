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
 * The statements of a {@link Sweep}. They go through the table by ranges of pages (a Tid
 * Range Scan), since there is no index on any time: one would end HOT updates.
 * <p>
 * They delete no row that a valid fence needs. The name {@code psqache_removed} tells the
 * triggers of the tables, which take all other deletions for a loss.
 */
final class SweepSql {

	/**
	 * Past its time, and past that for which its cache keeps it after.
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
	 * What there is on some pages: in each cache the live entries and the dead, those of
	 * a bounded cache by how long they were not used. An age class is a twentieth of a
	 * natural logarithm of milliseconds, so that a class spans ages that differ by 5 %.
	 * <p>
	 * The size of a row is that of its values as they lie there, compressed and perhaps
	 * in another table (to ask for it reads no value), and about 88 bytes more.
	 * <p>
	 * A tombstone is dead when every fence that is still valid shows its transaction as
	 * committed: see {@link Horizon}.
	 */
	static final String LOOK = """
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
	 * Rows are picked with {@code for update skip locked}: it waits for no put, and no
	 * two sweepers wait for each other, so there is no deadlock.
	 * <p>
	 * A row of an earlier epoch stays if a valid fence may not show its transaction as
	 * committed: the row must refuse what that fence guards. The fences of the present
	 * epoch were taken after the last clear, and show what it saw.
	 * <p>
	 * Of a row that changes meanwhile the condition is asked again, but of its cache as
	 * it was when the statement began: hence {@code <}, or what was put after a clear
	 * would go.
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
	 * The rows that {@link #REMOVE_UNUSED} needs.
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
	 * Of each cache all entries that have not been used for one time, and a share of
	 * those for a shorter one: by a hash with a salt, so that a statement that is
	 * repeated on the same pages takes the same ones. Adding nothing keeps it from the
	 * index, in which it would go through all entries of a cache.
	 * <p>
	 * What is deleted is recorded, so that a fenced put is refused which the row would
	 * have refused ({@code bound_eviction}). One deletion a cache at a time, and each
	 * sees the one before it: so snapshots are recorded in the order in which they were
	 * taken.
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
	 * Of caches that were dropped. The row of a cache is committed before any other that
	 * refers to it.
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
	 * Of loads whose instances have died, if no other instance has taken them over.
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
	 * What instances of schema version 1 leave in their table during a rolling upgrade.
	 */
	static final String REMOVE_OLD = "select ${schema}.sweep_old_entries(?)";

	private SweepSql() {
	}

}
