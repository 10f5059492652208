package io.psqache.store;

import java.util.Collections;

/**
 * Every statement on the entries of one cache. Those on all of them are the sweeper's.
 * <p>
 * Each one names one {@code cache_id} by equality, and {@code on conflict} uses nothing
 * but {@code excluded} and immutable functions: that is what would let {@code entry} be
 * distributed one day. An entry is seen while its {@code epoch} is its cache's and its
 * {@code expires_at} has not come. All times are the database's.
 * <p>
 * A put asks for the epoch by {@code insert ... select} from its rows and the cache: with
 * plain {@code values} it would take a sub-select a row, and 32 rows took the server 2.3
 * ms that way against 1.5 ms.
 * <p>
 * A row says by its {@code xid} who wrote it last. An eviction leaves one too, of type
 * {@code evicted}, as a tombstone: it has expired for ever, so that no read need know of
 * it, and a put that began before it finds it ({@link Fence}).
 */
final class EntrySql {

	private static final String FIND_CACHE = """
			select id, max_entries, max_bytes, stale_ms, near
			from ${schema}.cache
			where namespace = ? and name = ?
			""";

	private static final String MAKE_CACHE = """
			insert into ${schema}.cache (namespace, name, near)
			values (?, ?, ?)
			on conflict (namespace, name) do nothing
			""";

	private static final String SET_CACHE = """
			update ${schema}.cache
			set max_entries = ?, max_bytes = ?, stale_ms = ?
			where id = (
			  select id
			  from ${schema}.cache
			  where id = ?
			  for no key update skip locked
			)
			""";

	/**
	 * Whoever writes must know, and asks again now and then.
	 */
	private static final String IS_NEAR = """
			select near
			from ${schema}.cache
			where id = ?
			""";

	private static final String MARK_NEAR = """
			update ${schema}.cache
			set near = true
			where id = (
			  select id
			  from ${schema}.cache
			  where id = ?
			  for no key update skip locked
			)
			""";

	private static final String GET = """
			select value, payload, type
			from ${schema}.entry
			where cache_id = ? and key = ?
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	private static final String GET_MANY = """
			select value, payload, type, key
			from ${schema}.entry
			where cache_id = ? and key = any (?)
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	/**
	 * As {@link #GET_MANY}, and tells which entries are to be touched: those with less
	 * than half of their idle time left, and those not used for some time. Either is
	 * {@code null} where it does not matter.
	 */
	private static final String GET_AND_TOUCH = """
			select value, payload, type, key,
			  coalesce(expires_at < least(now() + ? * interval '1 microsecond' / 2, live_until), false)
			    or coalesce(used_at < now() - ? * interval '1 microsecond', false) as touch_due
			from ${schema}.entry
			where cache_id = ? and key = any (?)
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	/**
	 * As {@link #GET_AND_TOUCH}, and tells how old they are, in microseconds: for those
	 * caches alone in which that matters.
	 */
	private static final String GET_AGED = GET_AND_TOUCH.replace("as touch_due", """
			as touch_due,
			  (extract(epoch from now() - written_at) * 1000000)::bigint as age,
			  (extract(epoch from nullif(live_until, 'infinity') - now()) * 1000000)::bigint as time_left""");

	/**
	 * Those that are kept although they have expired, too: never a tombstone, which is
	 * not kept for anyone to read.
	 */
	private static final String GET_EXPIRED = """
			select value, payload, type, key
			from ${schema}.entry
			where cache_id = ? and key = any (?)
			  and type <> 'evicted'
			  and expires_at > now() - ? * interval '1 millisecond'
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	/**
	 * The idle time is {@code null} where there is none. Nobody waits for a touch, so it
	 * waits for nobody: a row that is locked is being written, or touched.
	 */
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

	/**
	 * What a put that follows a miss must know. A statement of its own: one that brings
	 * it only where there is no entry took a miss 25 us in place of 44, but every hit
	 * 28.5 in place of 27. No row: the cache itself is gone, or the server has crashed
	 * since anyone asked.
	 */
	private static final String FENCE = """
			select pg_current_snapshot()::text as snapshot, c.epoch, i.id as incarnation,
			  case when current_setting('transaction_isolation') = any ('{repeatable read,serializable}')
			    then (extract(epoch from clock_timestamp() - now()) * 1000000)::bigint
			    else 0 end as age_micros
			from ${schema}.cache c, ${schema}.incarnation i
			where c.id = ?
			""";

	private static final String BEGIN_INCARNATION = """
			insert into ${schema}.incarnation (id)
			values (gen_random_uuid())
			on conflict do nothing
			""";

	/**
	 * {@code null} microseconds for never.
	 */
	private static final String PEEK = """
			select key, (extract(epoch from nullif(expires_at, 'infinity') - now()) * 1000000)::bigint as micros_left
			from ${schema}.entry
			where cache_id = ? and key = any (?)
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	/**
	 * Both times come as microseconds from now, {@code null} for never. No row is written
	 * where there is none for the cache, or where the key is {@code null}: that is how
	 * fewer rows fill a statement made for more. A statement costs as much by itself as
	 * two rows, and an empty row next to nothing.
	 */
	private static final String PUT = """
			${insert}
			where c.id = ? and e.key is not null
			${overwrite}
			""";

	/**
	 * As {@link #PUT}, but only what nobody has written or evicted since a snapshot was
	 * taken, nor the writer's own transaction, in an epoch that is still the cache's, and
	 * an incarnation of which nothing has been lost. An eviction in progress may take as
	 * long as its transaction: nobody waits for that. Without the incarnation this took
	 * 128 rows 1.42 ms in place of 1.40, and a single one 47 us in place of 44.
	 */
	private static final String FENCED_PUT = """
			${insert}, (select set_config('lock_timeout', '20ms', true)) as patience
			where c.id = ? and e.key is not null and c.epoch = ?
			  and exists (select from ${schema}.incarnation where id = ?)
			${overwrite}
			where pg_visible_in_snapshot(present.xid, ?::pg_snapshot)
			  and present.xid <> excluded.xid
			returning key
			""";

	private static final String INSERT = """
			insert into ${schema}.entry as present
			  (cache_id, key, epoch, value, payload, type, written_at, used_at, live_until, expires_at)
			select c.id, e.key, c.epoch, e.value, e.payload, e.type, now(), now(),
			  coalesce(now() + e.live * interval '1 microsecond', 'infinity'),
			  coalesce(now() + e.unread * interval '1 microsecond', 'infinity')
			from (values ${rows}) as e (key, value, payload, type, live, unread), ${schema}.cache c""";

	private static final String OVERWRITE = """
			on conflict (cache_id, key) do update
			set epoch = excluded.epoch, value = excluded.value, payload = excluded.payload, type = excluded.type,
			  written_at = excluded.written_at, used_at = excluded.used_at,
			  live_until = excluded.live_until, expires_at = excluded.expires_at, xid = excluded.xid""";

	private static final String ROW = "(?::text, ?::jsonb, ?::bytea, ?::text, ?::bigint, ?::bigint)";

	/**
	 * No row: the cache itself is gone.
	 */
	private static final String PUT_IF_ABSENT = """
			with written as (
			""" + PUT + """
			where present.epoch <> excluded.epoch
			  or present.expires_at <= excluded.written_at
			returning 1
			)
			select exists (select from written) as written
			from ${schema}.cache
			where id = ?
			""";

	/**
	 * Leaves a tombstone for each key, whether there was an entry or not. In it
	 * {@code used_at} is the time until when what it evicted would have been seen: so a
	 * row tells the truth about what it took the place of, however many evict at a time.
	 * <p>
	 * The {@code xid} is {@code null} for that of this very transaction. No row: the
	 * cache itself is gone.
	 */
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

	/**
	 * The keys whose tombstones the transaction itself has left.
	 */
	private static final String EVICTED_WITHIN = """
			select key
			from ${schema}.entry
			where cache_id = (select id from ${schema}.cache where namespace = ? and name = ?)
			  and key = any (?)
			  and type = 'evicted'
			  and xid = pg_current_xact_id()
			""";

	private static final String ANY_PRESENT = """
			select exists (
			  select
			  from ${schema}.entry
			  where cache_id = ? and key <> all (?)
			    and expires_at > now()
			    and epoch = (select epoch from ${schema}.cache where id = ?)
			) as present
			""";

	private static final String CLEAR = """
			update ${schema}.cache
			set epoch = epoch + 1
			where id = ?
			""";

	/**
	 * As {@link #CLEAR}, but tells whether there was anything: the subquery sees the time
	 * before the update. No row: the cache itself is gone.
	 */
	private static final String INVALIDATE = """
			update ${schema}.cache
			set epoch = epoch + 1
			where id = ?
			returning exists (
			  select from ${schema}.entry
			  where cache_id = ? and epoch = cache.epoch - 1 and expires_at > now()
			) as present
			""";

	/**
	 * Of some neighbours of a key, those that would be evicted anyway, as a writer's
	 * help: it finds them by the index, however large the table.
	 */
	private static final String RELIEVE = ExcessSql.removing("""
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
			limit ?""");

	/**
	 * Reads from the tables that every miss reads, and finds nothing: where a table
	 * cannot be read this fails.
	 */
	private static final String PROBE_READ = """
			select exists (select from ${schema}.cache where id = 0) as cache,
			  exists (select from ${schema}.incarnation where false) as incarnation,
			  exists (select from ${schema}.load where false) as load,
			  exists (select from ${schema}.entry where cache_id = 0 and key = '') as entry
			""";

	/**
	 * Takes the lock that every write takes, and finds nothing.
	 */
	private static final String PROBE_WRITE = """
			delete from ${schema}.entry
			where cache_id = 0 and key = ''
			""";

	private static final String SERVER_STATE = """
			select current_setting('server_version') as server_version,
			  pg_is_in_recovery() as standby,
			  (select relpersistence from pg_class where oid = to_regclass('${schema}.entry')) as entry_persistence
			""";

	private static final String SCHEMA_STATE = """
			select ${schema}.schema_version() as schema_version,
			  (select count(*) from ${schema}.cache where namespace = ?) as caches
			""";

	final String findCache;

	final String makeCache;

	final String setCache;

	final String isNear;

	final String markNear;

	final String get;

	final String getMany;

	final String getAndTouch;

	final String getAged;

	final String getExpired;

	final String touch;

	final String peek;

	final String fence;

	final String beginIncarnation;

	final Timed timed;

	private final String[] puts;

	private final String[] fencedPuts;

	final String putIfAbsent;

	final String evict;

	final String evictedWithin;

	final String anyPresent;

	final String clear;

	final String invalidate;

	final String relieve;

	final String probeRead;

	final String probeWrite;

	final String serverState;

	final String schemaState;

	EntrySql(SchemaName schema) {
		this.findCache = schema.in(FIND_CACHE);
		this.makeCache = schema.in(MAKE_CACHE);
		this.setCache = schema.in(SET_CACHE);
		this.isNear = schema.in(IS_NEAR);
		this.markNear = schema.in(MARK_NEAR);
		this.get = schema.in(GET);
		this.getMany = schema.in(GET_MANY);
		this.getAndTouch = schema.in(GET_AND_TOUCH);
		this.getAged = schema.in(GET_AGED);
		this.getExpired = schema.in(GET_EXPIRED);
		this.touch = schema.in(TOUCH);
		this.peek = schema.in(PEEK);
		this.timed = new Timed(timed(this.get), timed(this.getMany), timed(this.getAndTouch), timed(this.getAged));
		this.fence = schema.in(FENCE);
		this.beginIncarnation = schema.in(BEGIN_INCARNATION);
		this.puts = puts(schema.in(written(PUT)));
		this.fencedPuts = puts(schema.in(written(FENCED_PUT)));
		this.putIfAbsent = schema.in(written(PUT_IF_ABSENT)).replace("${rows}", ROW);
		this.evict = schema.in(EVICT);
		this.evictedWithin = schema.in(EVICTED_WITHIN);
		this.anyPresent = schema.in(ANY_PRESENT);
		this.clear = schema.in(CLEAR);
		this.invalidate = schema.in(INVALIDATE);
		this.relieve = schema.in(RELIEVE);
		this.probeRead = schema.in(PROBE_READ);
		this.probeWrite = schema.in(PROBE_WRITE);
		this.serverState = schema.in(SERVER_STATE);
		this.schemaState = schema.in(SCHEMA_STATE);
	}

	/**
	 * A read that also tells how long an entry lives yet, in microseconds, {@code null}
	 * for ever: where copies are kept, by the database's clock.
	 */
	private static String timed(String read) {
		return read.replaceFirst("(?=\nfrom )",
				", (extract(epoch from nullif(expires_at, 'infinity') - now()) * 1000000)::bigint as micros_left");
	}

	/**
	 * The statement that writes a number of rows.
	 * @param rows a power of two, at most {@link Batch#MAX_SIZE}
	 */
	String put(int rows) {
		return this.puts[Integer.numberOfTrailingZeros(rows)];
	}

	/**
	 * The statement that writes a number of rows, all behind one fence.
	 * @param rows a power of two, at most {@link Batch#MAX_SIZE}
	 */
	String fencedPut(int rows) {
		return this.fencedPuts[Integer.numberOfTrailingZeros(rows)];
	}

	/**
	 * The size of statement that takes a number of rows.
	 */
	static int putSize(int rows) {
		return Integer.highestOneBit(2 * rows - 1);
	}

	private static String written(String put) {
		return put.replace("${insert}", INSERT).replace("${overwrite}", OVERWRITE);
	}

	private static String[] puts(String put) {
		String[] puts = new String[Integer.numberOfTrailingZeros(Batch.MAX_SIZE) + 1];
		for (int power = 0; power < puts.length; power++) {
			puts[power] = put.replace("${rows}", String.join(", ", Collections.nCopies(1 << power, ROW)));
		}
		return puts;
	}

	/**
	 * The reads of a cache of which this process keeps copies.
	 *
	 * @param get as {@link EntrySql#get}
	 * @param getMany as {@link EntrySql#getMany}
	 * @param getAndTouch as {@link EntrySql#getAndTouch}
	 */
	record Timed(String get, String getMany, String getAndTouch, String getAged) {

	}

}
