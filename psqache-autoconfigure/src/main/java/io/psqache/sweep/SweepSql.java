package io.psqache.sweep;

import io.psqache.store.ExcessSql;
import io.psqache.store.Horizon;
import io.psqache.store.SchemaName;

/**
 * Every statement of the {@link Housekeeping}. Those of a sweep go through the table by
 * ranges of pages (a Tid Range Scan), since there is no index on any time: one would end
 * HOT updates.
 */
final class SweepSql {

	/**
	 * Past its time, and past that for which its cache keeps it after.
	 */
	private static final String EXPIRED = "e.expires_at <= now() - coalesce(c.stale_ms, 0) * interval '1 millisecond'";

	/**
	 * An instance that has it renews it and tells where it is. Another one takes it when
	 * it has run out, and goes on from there. No row: it is someone else's. That is
	 * looked up first, since {@code on conflict} would lock the row to find out.
	 * <p>
	 * The statistics tell how many rows were inserted, in all caches by all instances.
	 */
	private static final String TAKE_LEASE = """
			insert into ${schema}.sweeper as present (id, holder, taken_at, held_until, next_page)
			select 1, mine.holder, now(), now() + mine.micros * interval '1 microsecond', mine.next_page
			from (values (?::uuid, ?::bigint, ?::bigint)) as mine (holder, micros, next_page)
			where not exists (
			  select from ${schema}.sweeper other
			  where other.holder <> mine.holder and other.held_until > now()
			)
			on conflict (id) do update
			set holder = excluded.holder, taken_at = excluded.taken_at, held_until = excluded.held_until,
			  next_page = case when present.holder = excluded.holder then excluded.next_page else present.next_page end
			where present.holder = excluded.holder or present.held_until <= excluded.taken_at
			returning next_page, pg_stat_get_tuples_inserted('${schema}.entry'::regclass) as inserted
			""";

	private static final String RELEASE_LEASE = """
			update ${schema}.sweeper
			set held_until = now(), next_page = ?
			where holder = ?::uuid
			""";

	private static final String CACHES = """
			select id, max_entries, max_bytes
			from ${schema}.cache
			""";

	private static final String EXTENT = """
			select now()::text as now, pg_relation_size('${schema}.entry') / current_setting('block_size')::bigint as pages,
			  pg_current_snapshot()::text as snapshot
			""";

	/**
	 * What there is on some pages: in each cache the live entries and the dead, those of
	 * a bounded cache by how long they were not used. An age class is a twentieth of a
	 * natural logarithm of milliseconds, so that a class spans ages that differ by 5 %.
	 * <p>
	 * The size of a row is that of its values as they lie there, compressed and perhaps
	 * in another table (to ask for it reads no value), and about 80 bytes more.
	 * <p>
	 * A tombstone is dead when no fence is left that it could refuse anything behind: the
	 * {@link Horizon} sees who has left it.
	 */
	private static final String LOOK = """
			select cache_id, tombstone, dead, age_class, count(*) as entries, sum(bytes) as bytes,
			  min(written_at) as written_from, max(written_at) as written_to
			from (
			  select e.cache_id, e.written_at, e.type = 'evicted' as tombstone,
			    case when e.type = 'evicted' then coalesce(pg_visible_in_snapshot(e.xid, ?::pg_snapshot), false)
			      else ${expired} or e.epoch < c.epoch or c.id is null end as dead,
			    case when e.type <> 'evicted' and (c.max_entries is not null or c.max_bytes is not null) then
			      floor(20 * ln(greatest(1, 1000 * date_part('epoch', ?::timestamptz - e.used_at))))::int
			    end as age_class,
			    80 + pg_column_size(e.key) + pg_column_size(e.type)
			      + coalesce(pg_column_size(e.value), pg_column_size(e.payload), 0) as bytes
			  from ${schema}.entry e
			  left join ${schema}.cache c on c.id = e.cache_id
			  where e.ctid >= ?::tid and e.ctid < ?::tid
			) as entry
			group by cache_id, tombstone, dead, age_class
			""";

	/**
	 * Rows are picked with {@code for update skip locked}: it waits for no put, and no
	 * two sweepers wait for each other, so there is no deadlock.
	 * <p>
	 * Of a row that changes meanwhile the condition is asked again, but of its cache as
	 * it was when the statement began: hence {@code <}, or what was put after a clear
	 * would go.
	 */
	private static final String REMOVE_DEAD = """
			delete from ${schema}.entry
			where ctid = any (array(
			  select e.ctid
			  from ${schema}.entry e
			  left join ${schema}.cache c on c.id = e.cache_id
			  where e.ctid >= ?::tid and e.ctid < ?::tid
			    and e.type <> 'evicted'
			    and (${expired} or e.epoch < c.epoch or c.id is null)
			  limit ?
			  for update of e skip locked
			))
			""";

	private static final String REMOVE_TOMBSTONES = """
			delete from ${schema}.entry
			where ctid = any (array(
			  select ctid
			  from ${schema}.entry
			  where ctid >= ?::tid and ctid < ?::tid
			    and type = 'evicted' and pg_visible_in_snapshot(xid, ?::pg_snapshot)
			  limit ?
			  for update skip locked
			))
			""";

	/**
	 * Of each cache all entries that have not been used for one time, and a share of
	 * those for a shorter one: by a hash of their keys with a salt, so that a statement
	 * that is repeated on the same pages takes the same ones. Adding nothing keeps it
	 * from the index, in which it would go through all entries of a cache.
	 */
	private static final String REMOVE_UNUSED = ExcessSql.removing("""
			select e.ctid, e.xid
			from ${schema}.entry e
			join unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[])
			  as unused (cache_id, all_micros, some_micros, share) on unused.cache_id = e.cache_id + 0
			join ${schema}.cache c on c.id = unused.cache_id
			where e.epoch = c.epoch and not (${expired})
			  and (c.max_entries is not null or c.max_bytes is not null)
			  and (e.used_at <= ?::timestamptz - unused.all_micros * interval '1 microsecond'
			    or e.used_at <= ?::timestamptz - unused.some_micros * interval '1 microsecond'
			      and hashtextextended(e.key, ?) & 1023 < unused.share)
			  and e.ctid >= ?::tid and e.ctid < ?::tid
			limit ?
			for update of e skip locked""");

	private static final String RECORD_FIGURES = """
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

	private static final String FORGET_FIGURES = """
			delete from ${schema}.figures
			where cache_id in (
			  select f.cache_id
			  from ${schema}.figures f
			  where not exists (select from ${schema}.cache c where c.id = f.cache_id)
			  for update skip locked
			)
			""";

	/**
	 * Of loads whose instances have died, if nobody has taken them over.
	 */
	private static final String FORGET_LOADS = """
			delete from ${schema}.load
			where ctid = any (array(
			  select ctid
			  from ${schema}.load
			  where held_until < now() - interval '1 minute'
			  limit 1000
			  for update skip locked
			))
			""";

	private static final String FIGURES = """
			select c.id, c.name, c.created_at, c.used_at, c.max_entries, c.max_bytes, f.entries, f.bytes, f.dead,
			  f.written_from, f.written_to, f.unused_ms, f.counted_at, now() as now
			from ${schema}.cache c
			left join ${schema}.figures f on f.cache_id = c.id
			where c.namespace = ?
			order by c.name
			""";

	/**
	 * Whoever uses them, one of its instances is enough.
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
	 * No application need use the cache any more: its entries are seen by none from now
	 * on, and go with the next sweep.
	 */
	private static final String DROP_CACHE = """
			delete from ${schema}.cache
			where namespace = ? and name = ?
			returning id
			""";

	final String takeLease;

	final String releaseLease;

	final String caches;

	final String extent;

	final String look;

	final String removeDead;

	final String removeTombstones;

	final String removeUnused;

	final String recordFigures;

	final String forgetFigures;

	final String forgetLoads;

	final String figures;

	final String stampUsed;

	final String dropCache;

	SweepSql(SchemaName schema) {
		this.takeLease = schema.in(TAKE_LEASE);
		this.releaseLease = schema.in(RELEASE_LEASE);
		this.caches = schema.in(CACHES);
		this.extent = schema.in(EXTENT);
		this.look = schema.in(LOOK.replace("${expired}", EXPIRED));
		this.removeDead = schema.in(REMOVE_DEAD.replace("${expired}", EXPIRED));
		this.removeTombstones = schema.in(REMOVE_TOMBSTONES);
		this.removeUnused = schema.in(REMOVE_UNUSED.replace("${expired}", EXPIRED));
		this.recordFigures = schema.in(RECORD_FIGURES);
		this.forgetFigures = schema.in(FORGET_FIGURES);
		this.forgetLoads = schema.in(FORGET_LOADS);
		this.figures = schema.in(FIGURES);
		this.stampUsed = schema.in(STAMP_USED);
		this.dropCache = schema.in(DROP_CACHE);
	}

}
