package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.psqache.engine.FailureCause;
import io.psqache.engine.Session;
import io.psqache.engine.StoreException;

/**
 * The rows of caches in {@code cache}. A row is looked up, and made, when its cache is
 * first used. It is given what this application has set, if another one had set something
 * else. Thread-safe.
 */
final class CacheRows {

	/**
	 * How long an instance that writes may not know that others keep copies now.
	 */
	static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

	private static final String FIND = """
			select id, max_entries, max_bytes, stale_ms, near
			from ${schema}.cache
			where namespace = ? and name = ?
			""";

	private static final String MAKE = """
			insert into ${schema}.cache (namespace, name, near)
			values (?, ?, ?)
			on conflict (namespace, name) do nothing
			""";

	private static final String SET = """
			update ${schema}.cache
			set max_entries = ?, max_bytes = ?, stale_ms = ?
			where id = (
			  select id
			  from ${schema}.cache
			  where id = ?
			  for no key update skip locked
			)
			""";

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

	private final Figures figures;

	private final Notify notify;

	CacheRows(Figures figures, Notify notify) {
		this.figures = figures;
		this.notify = notify;
	}

	/**
	 * The id of a cache, for a statement that reads its entries.
	 */
	int id(Session session, CacheHandle cache) throws SQLException {
		Integer known = cache.id;
		if (known == null) {
			known = find(session, cache);
			while (known == null) {
				make(session, cache);
				known = find(session, cache);
			}
		}
		return known;
	}

	/**
	 * The id of a cache, for a statement that changes its entries. An instance that does
	 * not know that others keep copies of them looks now and then; an instance that
	 * begins to keep some waits until all have looked.
	 */
	int idToChange(Session session, CacheHandle cache) throws SQLException {
		int known = id(session, cache);
		if (!cache.isSet) {
			set(session, cache, known);
		}
		if (!hasLooked(cache)) {
			learn(session, cache, known, isMarked(session, known));
		}
		return known;
	}

	/**
	 * Whether {@link #idToChange} need not ask the database.
	 */
	static boolean isKnownToChange(CacheHandle cache) {
		return cache.id != null && cache.isSet && hasLooked(cache);
	}

	private static boolean hasLooked(CacheHandle cache) {
		return cache.near || System.nanoTime() - cache.lookedAt <= LOOK_INTERVAL.toNanos();
	}

	private @Nullable Integer find(Session session, CacheHandle cache) throws SQLException {
		PreparedStatement statement = session.query(FIND);
		statement.setString(1, cache.definition().namespace());
		statement.setString(2, cache.definition().name());
		int found;
		boolean marked;
		try (ResultSet rows = statement.executeQuery()) {
			if (!rows.next()) {
				return null;
			}
			found = rows.getInt("id");
			marked = rows.getBoolean("near");
			cache.isSet = Bounds.of(rows).equals(cache.definition().bounds()) && cache.staleness().isKeptBy(rows);
		}
		if (!cache.isSet) {
			set(session, cache, found);
		}
		if (learn(session, cache, found, marked)) {
			cache.id = found;
			this.figures.use(found);
		}
		return found;
	}

	/**
	 * Does not wait for the lock: a transaction that has cleared the cache, by a watched
	 * table for example, has the row locked, and the caller may be in it. The next change
	 * tries again. Nor is it done in a transaction of the application, whose rollback
	 * would undo it.
	 */
	private void set(Session session, CacheHandle cache, int found) throws SQLException {
		if (session.isOfTransaction()) {
			return;
		}
		PreparedStatement statement = session.update(SET);
		statement.setObject(1, cache.definition().bounds().maxEntries(), Types.BIGINT);
		statement.setObject(2, cache.definition().bounds().maxBytes(), Types.BIGINT);
		statement.setLong(3, cache.staleness().kept().toMillis());
		statement.setInt(4, found);
		cache.isSet = statement.executeUpdate() != 0;
	}

	/**
	 * Learn whether any instance keeps copies. An instance that changes entries of such a
	 * cache says so first: peers that stop receiving its heartbeats drop the copies it
	 * may have changed.
	 * @return whether that is settled: not if this process keeps copies and others would
	 * learn of it by a transaction, whose rollback would undo that. Then the row must be
	 * looked up once more before anything is copied
	 */
	private boolean learn(Session session, CacheHandle cache, int found, boolean marked) throws SQLException {
		boolean keepsCopies = cache.keepsCopies();
		if (keepsCopies && !marked) {
			if (session.isOfTransaction()) {
				return false;
			}
			cache.marking = true; // whether it succeeds or is only said to have failed
			mark(session, found);
		}
		if (keepsCopies || marked) {
			this.notify.send(session, cache.definition().listener().found(found, cache.marking));
			cache.near = true;
		}
		cache.lookedAt = System.nanoTime();
		return true;
	}

	/**
	 * Does not wait for the lock; reads fail until the cache is marked, since no instance
	 * would announce changes of what they copy.
	 */
	private void mark(Session session, int found) throws SQLException {
		PreparedStatement statement = session.update(MARK_NEAR);
		statement.setInt(1, found);
		if (statement.executeUpdate() == 0 && !isMarked(session, found)) {
			throw new StoreException(FailureCause.LOCKED, null);
		}
	}

	private boolean isMarked(Session session, int found) throws SQLException {
		PreparedStatement statement = session.query(IS_NEAR);
		statement.setInt(1, found);
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() && rows.getBoolean("near");
		}
	}

	private void make(Session session, CacheHandle cache) throws SQLException {
		PreparedStatement statement = session.update(MAKE);
		statement.setString(1, cache.definition().namespace());
		statement.setString(2, cache.definition().name());
		statement.setBoolean(3, cache.keepsCopies());
		statement.executeUpdate();
	}

	/**
	 * What the sweeper found of a cache when it last walked over the whole table.
	 * @return {@code null} until it has, or while this instance has not used the cache
	 */
	@Nullable StoredCache stored(CacheHandle cache) {
		Integer known = cache.id;
		return (known != null) ? this.figures.of(known) : null;
	}

	/**
	 * For how long an entry must not have been used to be touched by a read: in a bounded
	 * cache that is nearly full, half of the age at which entries are evicted.
	 * @return {@code null} if no read is worth a write for that
	 */
	@Nullable Duration touchAge(CacheHandle cache) {
		StoredCache stored = cache.bounded ? stored(cache) : null;
		Duration evictionAge = (stored != null) ? stored.evictionAge() : null;
		return (evictionAge != null) ? evictionAge.dividedBy(2) : null;
	}

}
