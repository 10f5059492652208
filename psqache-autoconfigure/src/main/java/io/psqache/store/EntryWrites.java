package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.psqache.engine.Session;

/**
 * Writes entries of one cache, as rows of one statement. Rows are filled up with empty
 * ones to a power of two, so that few texts of statements serve all sizes: a statement
 * costs as much by itself as two rows, and an empty row next to nothing. Thread-safe.
 * <p>
 * A put asks for the epoch by {@code insert ... select} from its rows and the cache: with
 * plain {@code values} it would take a sub-select a row, and 32 rows took the server 2.3
 * ms that way against 1.5 ms. {@code on conflict} uses nothing but {@code excluded} and
 * immutable functions, so that the table can be distributed. The {@code xid} of a row
 * tells which transaction wrote it last.
 */
final class EntryWrites {

	/**
	 * Rows of a statement.
	 */
	static final int MAX_ROWS = 128;

	/**
	 * What a statement sends, unless a single row sends more.
	 */
	static final long MAX_BYTES = 1024 * 1024;

	/**
	 * Both times come as microseconds from now, {@code null} for never. No row is written
	 * where there is none for the cache, or where the hash is {@code null}.
	 */
	private static final String INSERT = """
			insert into ${schema}.cache_entry as present
			  (key_hash, cache_id, key, epoch, type, ${column}, written_at, used_at, live_until, expires_at)
			select e.key_hash, c.id, e.key, c.epoch, e.type, e.content, now(), now(),
			  coalesce(now() + e.live * interval '1 microsecond', 'infinity'),
			  coalesce(now() + e.unread * interval '1 microsecond', 'infinity')
			from (values ${rows}) as e (key_hash, key, type, content, live, unread), ${schema}.cache c""";

	private static final String OVERWRITE = """
			on conflict (cache_id, key_hash) do update
			set key = excluded.key, epoch = excluded.epoch, type = excluded.type,
			  value = excluded.value, payload = excluded.payload,
			  written_at = excluded.written_at, used_at = excluded.used_at,
			  live_until = excluded.live_until, expires_at = excluded.expires_at, xid = excluded.xid""";

	private static final String PUT = """
			${insert}
			where c.id = ? and e.key_hash is not null
			${overwrite}
			""";

	/**
	 * As {@link #PUT}, but only what no transaction has written or evicted since a
	 * snapshot was taken, nor the writer's own, in an epoch that is still the cache's,
	 * and an incarnation of which nothing has been lost. It does not wait for an eviction
	 * in progress, which may take as long as its transaction. Without the incarnation
	 * this took 128 rows 1.42 ms in place of 1.40, and a single one 47 us in place of 44.
	 */
	private static final String PUT_FENCED = """
			${insert}, (select set_config('lock_timeout', '20ms', true)) as patience
			where c.id = ? and e.key_hash is not null and c.epoch = ?
			  and exists (select from ${schema}.incarnation where id = ?)
			${overwrite}
			where pg_visible_in_snapshot(present.xid, ?::pg_snapshot)
			  and present.xid <> excluded.xid
			returning key
			""";

	/**
	 * As {@link #PUT_FENCED}, for a bounded cache: a row that was deleted because of the
	 * bound refuses nothing any more, so the numbers of those rows do. A row may be
	 * deleted while this statement runs, which does not see that. So the function asks
	 * again once a row is written, by a snapshot of its own, and fails the statement.
	 */
	private static final String PUT_FENCED_IN_BOUNDED = """
			${insert}, (select set_config('lock_timeout', '20ms', true)) as patience
			where c.id = ? and e.key_hash is not null and c.epoch = ?
			  and exists (select from ${schema}.incarnation where id = ?)
			  and ${schema}.is_newer_than_deleted(c.id, ?::pg_snapshot)
			${overwrite}
			where pg_visible_in_snapshot(present.xid, ?::pg_snapshot)
			  and present.xid <> excluded.xid
			returning key, ${schema}.require_newer_than_deleted(cache_id, ?::pg_snapshot)
			""";

	/**
	 * No row: the cache itself is gone.
	 */
	private static final String PUT_IF_ABSENT = """
			with written as (
			""" + PUT + """
			where present.epoch <> excluded.epoch
			  or present.key <> excluded.key
			  or present.expires_at <= excluded.written_at
			returning 1
			)
			select exists (select from written) as written
			from ${schema}.cache
			where id = ?
			""";

	/**
	 * How long the session waits for a lock. A fenced put changes that until its
	 * transaction ends.
	 */
	private static final String LOCK_TIMEOUT = "select current_setting('lock_timeout')";

	private static final String RESTORE_LOCK_TIMEOUT = "select set_config('lock_timeout', ?, true)";

	private final CacheRows rows;

	private final Sizes put;

	private final Sizes putFenced;

	private final Sizes putFencedInBounded;

	private final Sizes putIfAbsent;

	EntryWrites(SchemaName schema, CacheRows rows) {
		this.rows = rows;
		this.put = Sizes.of(schema, PUT, MAX_ROWS);
		this.putFenced = Sizes.of(schema, PUT_FENCED, MAX_ROWS);
		this.putFencedInBounded = Sizes.of(schema, PUT_FENCED_IN_BOUNDED, MAX_ROWS);
		this.putIfAbsent = Sizes.of(schema, PUT_IF_ABSENT, 1);
	}

	/**
	 * Write rows. No row is written where there is none for the cache: it was dropped,
	 * and the next attempt makes it again.
	 * @param rows each hash once, sorted by it, all with the same kind of content
	 */
	void put(Session session, CacheHandle cache, List<? extends Row> rows) throws SQLException {
		while (insert(session, this.rows.idToChange(session, cache), rows) == 0) {
			cache.forget();
		}
	}

	/**
	 * Write rows.
	 * @param rows each hash once, sorted by it, all with the same kind of content
	 * @return how many were written: all, or none if there is no cache by that id
	 */
	int insert(Session session, int id, List<? extends Row> rows) throws SQLException {
		PreparedStatement statement = session.update(this.put.of(rows));
		statement.setInt(bind(statement, 1, rows), id);
		return statement.executeUpdate();
	}

	/**
	 * Write a row unless there is an entry.
	 */
	boolean putIfAbsent(Session session, CacheHandle cache, Row row) throws SQLException {
		Boolean written = insertIfAbsent(session, this.rows.idToChange(session, cache), row);
		while (written == null) { // the cache was dropped, and may have another id now
			cache.forget();
			written = insertIfAbsent(session, this.rows.idToChange(session, cache), row);
		}
		return written;
	}

	private @Nullable Boolean insertIfAbsent(Session session, int id, Row row) throws SQLException {
		PreparedStatement statement = session.update(this.putIfAbsent.of(List.of(row)));
		int next = bind(statement, 1, List.of(row));
		statement.setInt(next, id);
		statement.setInt(next + 1, id);
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? rows.getBoolean("written") : null;
		}
	}

	/**
	 * Write rows that were loaded after a miss, where nothing has happened since. They
	 * all go behind the oldest of their fences, which refuses what it should and perhaps
	 * more: what a younger fence would let pass is repeated, alone.
	 * @param rows each hash once, sorted by it, all with the same kind of content
	 * @return the keys that were written
	 * @throws SQLException with {@code lock_not_available} if another transaction is
	 * writing one of the entries: that put is too late, or soon will be
	 */
	Set<String> putFenced(Session session, CacheHandle cache, int id, List<? extends Row> rows) throws SQLException {
		List<Row> open = open(rows, id);
		if (open.isEmpty()) {
			return Set.of();
		}
		Fence oldest = open.get(0).fence();
		for (Row row : open) {
			oldest = row.fence().isOlderThan(oldest) ? row.fence() : oldest;
		}
		Set<String> written = insertFenced(session, cache, id, open, oldest);
		for (Row row : open) {
			if (!written.contains(row.key()) && oldest.isOlderThan(row.fence())) {
				written.addAll(insertFenced(session, cache, id, List.of(row), row.fence()));
			}
		}
		return written;
	}

	/**
	 * Those whose fence is still valid. Epochs and incarnations that are over do not
	 * return: of those that these fences have seen only that of the last can be the
	 * present one.
	 */
	private static List<Row> open(List<? extends Row> rows, int id) {
		Fence last = rows.get(0).fence();
		for (Row row : rows) {
			last = last.isTakenBefore(row.fence()) ? row.fence() : last;
		}
		List<Row> open = new ArrayList<>(rows.size());
		for (Row row : rows) {
			if (row.fence().holds(id) && row.fence().isOfTheTimeOf(last)) {
				open.add(row);
			}
		}
		return open;
	}

	private Set<String> insertFenced(Session session, CacheHandle cache, int id, List<? extends Row> rows, Fence fence)
			throws SQLException {
		boolean bounded = cache.isBounded();
		PreparedStatement statement = session.update((bounded ? this.putFencedInBounded : this.putFenced).of(rows));
		int index = bind(statement, 1, rows);
		statement.setInt(index++, id);
		statement.setLong(index++, fence.epoch());
		statement.setObject(index++, fence.incarnation());
		for (int snapshots = bounded ? 3 : 1; snapshots > 0; snapshots--) {
			statement.setString(index++, fence.snapshot());
		}
		Set<String> written = new HashSet<>();
		try (ResultSet returned = statement.executeQuery()) {
			while (returned.next()) {
				written.add(returned.getString("key"));
			}
		}
		return written;
	}

	/**
	 * As {@link #putFenced}, within a transaction that goes on: in as many statements as
	 * it takes, and with the lock timeout restored that they change.
	 */
	Set<String> putFencedWithin(Session session, CacheHandle cache, int id, Collection<? extends Row> rows)
			throws SQLException {
		Set<String> written = new HashSet<>();
		if (rows.isEmpty()) {
			return written;
		}
		String lockTimeout = lockTimeout(session);
		for (List<Row> portion : portions(rows)) {
			written.addAll(putFenced(session, cache, id, portion));
		}
		PreparedStatement restore = session.query(RESTORE_LOCK_TIMEOUT);
		restore.setString(1, lockTimeout);
		restore.execute();
		return written;
	}

	private static String lockTimeout(Session session) throws SQLException {
		try (ResultSet rows = session.query(LOCK_TIMEOUT).executeQuery()) {
			rows.next();
			return rows.getString(1);
		}
	}

	/**
	 * Cut rows into what may go in one statement, sorted by hash.
	 */
	static List<List<Row>> portions(Collection<? extends Row> rows) {
		List<List<Row>> portions = new ArrayList<>();
		for (boolean binary : new boolean[] { false, true }) {
			List<Row> portion = new ArrayList<>();
			long bytes = 0;
			for (Row row : rows.stream()
				.filter((each) -> each.isBinary() == binary)
				.sorted((one, other) -> Long.compare(one.hash(), other.hash()))
				.toList()) {
				if (!portion.isEmpty() && (portion.size() == MAX_ROWS || bytes + row.bytes() > MAX_BYTES)) {
					portions.add(portion);
					portion = new ArrayList<>();
					bytes = 0;
				}
				portion.add(row);
				bytes += row.bytes();
			}
			if (!portion.isEmpty()) {
				portions.add(portion);
			}
		}
		return portions;
	}

	private static int bind(PreparedStatement statement, int first, List<? extends Row> rows) throws SQLException {
		boolean binary = rows.get(0).isBinary();
		int index = first;
		for (Row row : rows) {
			statement.setLong(index++, row.hash());
			statement.setString(index++, row.key());
			statement.setString(index++, row.entry().value().type());
			if (binary) {
				statement.setBytes(index++, row.entry().value().payload());
			}
			else {
				// a string would be parsed twice
				statement.setObject(index++, row.entry().value().json(), Types.OTHER);
			}
			Lifetime.setMicros(statement, index++, row.entry().lifetime().liveMicros());
			Lifetime.setMicros(statement, index++, row.entry().lifetime().unreadMicros());
		}
		for (int empty = Sizes.size(rows.size()); empty > rows.size(); empty--) {
			statement.setNull(index++, Types.BIGINT);
			statement.setNull(index++, Types.VARCHAR);
			statement.setNull(index++, Types.VARCHAR);
			statement.setNull(index++, binary ? Types.BINARY : Types.OTHER);
			statement.setNull(index++, Types.BIGINT);
			statement.setNull(index++, Types.BIGINT);
		}
		return index;
	}

	/**
	 * A row to be written.
	 */
	interface Row {

		String key();

		long hash();

		NewEntry entry();

		/**
		 * The fence that it stands behind, which it must have.
		 */
		default Fence fence() {
			Fence fence = entry().fence();
			if (fence == null) {
				throw new IllegalStateException("A put that follows no miss has no fence");
			}
			return fence;
		}

		/**
		 * Whether its content is in {@code payload}.
		 */
		default boolean isBinary() {
			return entry().value().payload() != null;
		}

		default long bytes() {
			return entry().value().bytes();
		}

	}

	/**
	 * A row by itself.
	 *
	 * @param key the stored key
	 * @param hash its hash
	 * @param entry what is written
	 */
	record SingleRow(String key, long hash, NewEntry entry) implements Row {

		SingleRow(String key, NewEntry entry) {
			this(key, KeyHash.of(key), entry);
		}

	}

	/**
	 * The texts of one statement for each number of rows, a power of two, and each kind
	 * of content.
	 */
	private record Sizes(List<String> json, List<String> binary) {

		static Sizes of(SchemaName schema, String template, int most) {
			String sql = schema.in(template.replace("${insert}", INSERT).replace("${overwrite}", OVERWRITE));
			return new Sizes(texts(sql, "value", "jsonb", most), texts(sql, "payload", "bytea", most));
		}

		private static List<String> texts(String sql, String column, String type, int most) {
			String row = "(?::bigint, ?::text, ?::text, ?::" + type + ", ?::bigint, ?::bigint)";
			List<String> texts = new ArrayList<>();
			for (int size = 1; size <= most; size *= 2) {
				texts.add(sql.replace("${column}", column)
					.replace("${rows}", String.join(", ", Collections.nCopies(size, row))));
			}
			return List.copyOf(texts);
		}

		/**
		 * The size of the statement that takes a number of rows.
		 */
		static int size(int rows) {
			return Integer.highestOneBit(2 * rows - 1);
		}

		String of(List<? extends Row> rows) {
			List<String> texts = rows.get(0).isBinary() ? this.binary : this.json;
			return texts.get(Integer.numberOfTrailingZeros(size(rows.size())));
		}

	}

}
