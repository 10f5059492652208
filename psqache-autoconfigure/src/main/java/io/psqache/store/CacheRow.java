package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The row of one cache in {@code cache}, as far as this instance knows it. It is looked
 * up, and made, when it is first needed; then it is given what this application has set,
 * if another one had set something else. Thread-safe.
 */
final class CacheRow {

	/**
	 * How long nobody need know that others keep copies now.
	 */
	static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

	private final EntrySql sql;

	private final String namespace;

	private final String name;

	private final Bounds bounds;

	private final Staleness staleness;

	private final Figures figures;

	private final ChangeListener listener;

	private final Notify notify;

	private volatile @Nullable Integer id;

	/**
	 * Whether it has what this application has set.
	 */
	private volatile boolean isSet;

	/**
	 * Whether someone keeps copies of the entries. Once it is so it remains so.
	 */
	private volatile boolean near;

	/**
	 * Whether this process was the first to say that it keeps copies, or may have been.
	 */
	private volatile boolean marking;

	private volatile long lookedAt;

	/**
	 * Create it.
	 * @param staleness has the time for which expired entries are kept
	 * @param figures are told of a cache that is used
	 * @param listener keeps copies, perhaps
	 */
	CacheRow(EntrySql sql, String namespace, String name, Bounds bounds, Staleness staleness, Figures figures,
			ChangeListener listener, Notify notify) {
		this.sql = sql;
		this.namespace = namespace;
		this.name = name;
		this.bounds = bounds;
		this.staleness = staleness;
		this.figures = figures;
		this.listener = listener;
		this.notify = notify;
	}

	int id(Lane lane) throws SQLException {
		Integer known = this.id;
		if (known == null) {
			known = find(lane);
			while (known == null) {
				make(lane);
				known = find(lane);
			}
		}
		return known;
	}

	/**
	 * The id, without looking it up.
	 */
	@Nullable Integer idIfKnown() {
		return this.id;
	}

	int bindName(PreparedStatement statement, int index) throws SQLException {
		statement.setString(index, this.namespace);
		statement.setString(index + 1, this.name);
		return index + 2;
	}

	/**
	 * The id, for a statement that changes entries: who does not know that others keep
	 * copies of them looks once in a while. Who begins to keep some waits until all have
	 * looked.
	 */
	int idToChange(Lane lane) throws SQLException {
		int known = id(lane);
		if (!this.isSet) {
			set(lane, known);
		}
		if (!hasLooked()) {
			learn(lane, known, isMarked(lane, known));
		}
		return known;
	}

	/**
	 * Whether {@link #idToChange} need not ask the database.
	 */
	boolean isKnownToChange() {
		return this.id != null && this.isSet && hasLooked();
	}

	private boolean hasLooked() {
		return this.near || System.nanoTime() - this.lookedAt <= LOOK_INTERVAL.toNanos();
	}

	/**
	 * Whether someone keeps copies of the entries, as far as is known.
	 */
	boolean isNear() {
		return this.near;
	}

	/**
	 * It is gone: someone dropped the cache. The next use makes it again.
	 */
	void forget() {
		this.id = null;
	}

	private @Nullable Integer find(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.findCache)) {
			bindName(statement, 1);
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					return null;
				}
				int found = rows.getInt("id");
				this.isSet = Bounds.of(rows).equals(this.bounds) && this.staleness.isKeptBy(rows);
				if (!this.isSet) {
					set(lane, found);
				}
				if (learn(lane, found, rows.getBoolean("near"))) {
					this.id = found;
					this.figures.use(found);
				}
				return found;
			}
		}
	}

	/**
	 * Nobody waits for that: a transaction that has cleared the cache, by a watched
	 * table, say, has the row locked, and the caller may be in it. The next change tries
	 * again. Nor is it done in a transaction, whose rollback would undo it.
	 */
	private void set(Lane lane, int found) throws SQLException {
		if (lane.isOfATransaction()) {
			return;
		}
		try (PreparedStatement statement = lane.prepareWrite(this.sql.setCache)) {
			statement.setObject(1, this.bounds.maxEntries(), Types.BIGINT);
			statement.setObject(2, this.bounds.maxBytes(), Types.BIGINT);
			statement.setLong(3, this.staleness.kept().toMillis());
			statement.setInt(4, found);
			this.isSet = statement.executeUpdate() != 0;
		}
	}

	/**
	 * See whether anyone keeps copies. Who changes entries of such a cache says hello
	 * before: whoever hears no more of him after it drops what he may have changed.
	 * @return whether that is settled: not if this process keeps copies and others would
	 * know of it by a transaction, whose rollback would undo that. Then the row must be
	 * looked up once more before anything is copied
	 */
	private boolean learn(Lane lane, int found, boolean marked) throws SQLException {
		boolean keepsCopies = this.listener.keepsCopies();
		if (keepsCopies && !marked) {
			if (lane.isOfATransaction()) {
				return false;
			}
			this.marking = true; // whether it succeeds or is only said to have failed
			mark(lane, found);
		}
		if (keepsCopies || marked) {
			this.notify.on(lane, this.listener.found(found, this.marking));
			this.near = true;
		}
		this.lookedAt = System.nanoTime();
		return true;
	}

	/**
	 * Nobody waits for that either, nor reads before it is done: what would be copied
	 * then nobody would tell of.
	 */
	private void mark(Lane lane, int found) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.markNear)) {
			statement.setInt(1, found);
			if (statement.executeUpdate() == 0 && !isMarked(lane, found)) {
				throw new StoreException(FailureCause.LOCKED, null);
			}
		}
	}

	private boolean isMarked(Lane lane, int found) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.isNear)) {
			statement.setInt(1, found);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() && rows.getBoolean("near");
			}
		}
	}

	private void make(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.makeCache)) {
			statement.setBoolean(bindName(statement, 1), this.listener.keepsCopies());
			statement.executeUpdate();
		}
	}

}
