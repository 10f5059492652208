package io.psqache.store;

/**
 * Every statement of the store.
 * <p>
 * Each one on entries names one {@code cache_id} by equality, and {@code on conflict}
 * uses nothing but {@code excluded} and immutable functions: that is what would let
 * {@code entry} be distributed one day. An entry is seen while its {@code epoch} is its
 * cache's and its {@code expires_at} has not come. All times are the database's.
 */
final class EntrySql {

	private static final String FIND_CACHE = """
			select id
			from ${schema}.cache
			where namespace = ? and name = ?
			""";

	private static final String MAKE_CACHE = """
			insert into ${schema}.cache (namespace, name)
			values (?, ?)
			on conflict (namespace, name) do nothing
			""";

	private static final String GET = """
			select value, payload, type
			from ${schema}.entry
			where cache_id = ? and key = ?
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	/**
	 * Less than half of the idle time is left: only then is a read worth a write.
	 */
	private static final String GET_IDLE = """
			select value, payload, type,
			  expires_at < least(now() + ? * interval '1 microsecond' / 2, live_until) as touch_due
			from ${schema}.entry
			where cache_id = ? and key = ?
			  and expires_at > now()
			  and epoch = (select epoch from ${schema}.cache where id = ?)
			""";

	private static final String TOUCH = """
			update ${schema}.entry
			set expires_at = least(now() + ? * interval '1 microsecond', live_until)
			where cache_id = ? and key = ?
			  and expires_at > now()
			""";

	/**
	 * Both times come as microseconds from now, {@code null} for never.
	 */
	private static final String PUT = """
			insert into ${schema}.entry as present
			  (cache_id, key, epoch, value, payload, type, written_at, live_until, expires_at)
			values (
			  ?, ?, (select epoch from ${schema}.cache where id = ?), ?::jsonb, ?, ?, now(),
			  coalesce(now() + ?::bigint * interval '1 microsecond', 'infinity'),
			  coalesce(now() + ?::bigint * interval '1 microsecond', 'infinity')
			)
			on conflict (cache_id, key) do update
			set epoch = excluded.epoch, value = excluded.value, payload = excluded.payload, type = excluded.type,
			  written_at = excluded.written_at, live_until = excluded.live_until, expires_at = excluded.expires_at
			""";

	private static final String PUT_IF_ABSENT = PUT + """
			where present.epoch <> excluded.epoch
			  or present.expires_at <= excluded.written_at
			""";

	/**
	 * No row: the cache itself is gone.
	 */
	private static final String EVICT = """
			with evicted as (
			  delete from ${schema}.entry
			  where cache_id = ? and key = ?
			  returning epoch, expires_at
			)
			select exists (select from evicted where evicted.epoch = cache.epoch and expires_at > now()) as present
			from ${schema}.cache
			where id = ?
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

	final String get;

	final String getIdle;

	final String touch;

	final String put;

	final String putIfAbsent;

	final String evict;

	final String clear;

	final String invalidate;

	final String serverState;

	final String schemaState;

	EntrySql(SchemaName schema) {
		this.findCache = schema.in(FIND_CACHE);
		this.makeCache = schema.in(MAKE_CACHE);
		this.get = schema.in(GET);
		this.getIdle = schema.in(GET_IDLE);
		this.touch = schema.in(TOUCH);
		this.put = schema.in(PUT);
		this.putIfAbsent = schema.in(PUT_IF_ABSENT);
		this.evict = schema.in(EVICT);
		this.clear = schema.in(CLEAR);
		this.invalidate = schema.in(INVALIDATE);
		this.serverState = schema.in(SERVER_STATE);
		this.schemaState = schema.in(SCHEMA_STATE);
	}

}
