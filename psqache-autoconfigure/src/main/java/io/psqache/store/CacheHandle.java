package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One cache as its entries know it: by the {@code id} of its row in {@code cache}, which
 * is looked up (and made) when it is first needed, so that a cache can be had while the
 * database is down. Thread-safe.
 */
public final class CacheHandle {

	/**
	 * How long nobody need know that others keep copies now.
	 */
	static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

	private final EntrySql sql;

	private final String namespace;

	private final String name;

	private final Bounds bounds;

	private final Duration fenceLife;

	private final Staleness staleness;

	private final boolean bounded;

	private final Figures figures;

	private final PendingPuts pendingPuts = new PendingPuts();

	private final PendingEvictions pendingEvictions = new PendingEvictions();

	private final Touches touches;

	private final Relief relief;

	private final ChangeListener listener;

	private final Notify notify;

	private volatile @Nullable Integer id;

	/**
	 * Whether someone keeps copies of its entries. Once it is so it remains so.
	 */
	private volatile boolean near;

	/**
	 * Whether this process was the first to say that it keeps copies, or may have been.
	 */
	private volatile boolean marking;

	private volatile long lookedAt;

	/**
	 * Create it.
	 * @param fenceLife how long a load may take whose value is to be cached
	 * @param staleness what matters of old entries
	 * @param listener is told of changes, while someone keeps copies
	 * @param touch makes what is told which of its entries were read
	 */
	CacheHandle(EntrySql sql, String namespace, String name, Bounds bounds, Duration fenceLife, Staleness staleness,
			Figures figures, Horizon horizon, ChangeListener listener, Notify notify,
			Function<CacheHandle, Touches> touch) {
		this.sql = sql;
		this.namespace = namespace;
		this.name = name;
		this.bounds = bounds;
		this.fenceLife = fenceLife;
		this.staleness = staleness;
		this.bounded = !bounds.equals(Bounds.NONE);
		this.figures = figures;
		this.listener = listener;
		this.notify = notify;
		this.touches = touch.apply(this);
		this.relief = new Relief(sql, horizon);
	}

	int id(Lane lane) throws SQLException {
		Integer known = this.id;
		if (known == null) {
			known = find(lane);
			while (known == null) {
				make(lane);
				known = find(lane);
			}
			this.id = known;
			this.figures.use(known);
		}
		return known;
	}

	/**
	 * The id, without looking it up.
	 */
	@Nullable Integer idIfKnown() {
		return this.id;
	}

	/**
	 * What matters of old entries.
	 */
	Staleness staleness() {
		return this.staleness;
	}

	/**
	 * Take a fence: what is loaded from now on is as new as what it shows.
	 */
	Fence fence(Lane lane) throws SQLException {
		Fence fence = fenceIfVisible(lane);
		while (fence == null) {
			forget();
			Fence.begin(lane, this.sql);
			fence = fenceIfVisible(lane);
		}
		return fence;
	}

	/**
	 * As {@link #fence}, where what is to be there need not be visible.
	 */
	@Nullable Fence fenceIfVisible(Lane lane) throws SQLException {
		return Fence.take(lane, this.sql, id(lane), this.fenceLife);
	}

	/**
	 * The id, for a statement that changes entries: who does not know that others keep
	 * copies of them looks once in a while. Who begins to keep some waits until all have
	 * looked.
	 */
	int idToChange(Lane lane) throws SQLException {
		int id = id(lane);
		if (!isKnownToChange()) {
			look(lane, id);
		}
		return id;
	}

	/**
	 * Whether {@link #idToChange} need not ask the database.
	 */
	boolean isKnownToChange() {
		return this.id != null && (this.near || System.nanoTime() - this.lookedAt <= LOOK_INTERVAL.toNanos());
	}

	/**
	 * Whether this process keeps copies of its entries.
	 */
	boolean keepsCopies() {
		return this.listener.keepsCopies();
	}

	/**
	 * Entries have changed, or may have: those who keep copies are told.
	 * @param key the key of the entry; {@code null} for all
	 * @param isCertain whether it is over
	 */
	void changed(@Nullable String key, boolean isCertain) {
		if (this.near) {
			this.listener.changed(this.id, key, isCertain);
		}
	}

	/**
	 * What tells those who keep copies of changes that go out with the transaction of an
	 * application.
	 * @param keys the keys of the entries; {@code null} for all
	 */
	List<String> announcement(@Nullable Set<String> keys) {
		Integer known = this.id;
		return (this.near && known != null) ? this.listener.messages(known, keys) : List.of();
	}

	/**
	 * This process sees an entry otherwise than before, and nobody else need be told: the
	 * database does not yet, or has told them.
	 * @param key the key of the entry; {@code null} for all
	 */
	void changedHere(@Nullable String key) {
		if (keepsCopies()) {
			this.listener.changed(null, key, true);
		}
	}

	PendingPuts pendingPuts() {
		return this.pendingPuts;
	}

	PendingEvictions pendingEvictions() {
		return this.pendingEvictions;
	}

	Touches touches() {
		return this.touches;
	}

	/**
	 * About the age at which an entry is evicted if it is not used.
	 * @return {@code null} if the cache has no bounds, or is not nearly full
	 */
	@Nullable Duration evictionAge() {
		StoredCache stored = this.bounded ? stored() : null;
		return (stored != null) ? stored.evictionAge() : null;
	}

	/**
	 * Entries were written: make room for them where there are too many.
	 * @param entries their number
	 * @param like the key of one of them
	 */
	void written(Lane lane, int entries, String like) throws SQLException {
		if (!this.bounded) {
			return;
		}
		this.figures.wrote(entries);
		StoredCache stored = stored();
		Duration unused = (stored != null && stored.isOverfull()) ? stored.evictionAge() : null;
		if (unused != null) {
			this.relief.after(lane, id(lane), unused, entries, like);
		}
	}

	/**
	 * The row is gone: someone dropped the cache. The next use makes it again.
	 */
	void forget() {
		this.id = null;
	}

	/**
	 * What the sweeper found of it when it last walked over the whole table.
	 * @return {@code null} until it has, or while this cache has not been used
	 */
	public @Nullable CacheFigures figures() {
		StoredCache stored = stored();
		return (stored != null) ? stored.figures() : null;
	}

	/**
	 * What this instance knows of its row.
	 */
	private @Nullable StoredCache stored() {
		Integer known = this.id;
		return (known != null) ? this.figures.of(known) : null;
	}

	/**
	 * Its row, which has the bounds and the time for which expired entries are kept that
	 * this application has set, if another one had others.
	 */
	private @Nullable Integer find(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.findCache)) {
			statement.setString(1, this.namespace);
			statement.setString(2, this.name);
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					return null;
				}
				int found = rows.getInt("id");
				if (!Bounds.of(rows).equals(this.bounds) || !this.staleness.isKeptBy(rows)) {
					bound(lane, found);
				}
				learn(lane, found, rows.getBoolean("near"));
				return found;
			}
		}
	}

	private void look(Lane lane, int id) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.isNear)) {
			statement.setInt(1, id);
			try (ResultSet rows = statement.executeQuery()) {
				learn(lane, id, rows.next() && rows.getBoolean("near"));
			}
		}
	}

	/**
	 * See whether anyone keeps copies. Who changes entries of such a cache says hello
	 * before: whoever hears no more of him after it drops what he may have changed.
	 */
	private void learn(Lane lane, int id, boolean marked) throws SQLException {
		if (keepsCopies() && !marked) {
			this.marking = true; // whether it succeeds or is only said to have failed
			mark(lane, id);
		}
		if (keepsCopies() || marked) {
			this.notify.on(lane, this.listener.found(id, this.marking));
			this.near = true;
		}
		this.lookedAt = System.nanoTime();
	}

	private void mark(Lane lane, int id) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.markNear)) {
			statement.setInt(1, id);
			statement.executeUpdate();
		}
	}

	private void bound(Lane lane, int id) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.boundCache)) {
			statement.setObject(1, this.bounds.maxEntries(), Types.BIGINT);
			statement.setObject(2, this.bounds.maxBytes(), Types.BIGINT);
			statement.setLong(3, this.staleness.kept().toMillis());
			statement.setInt(4, id);
			statement.executeUpdate();
		}
	}

	private void make(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.makeCache)) {
			statement.setString(1, this.namespace);
			statement.setString(2, this.name);
			statement.setBoolean(3, keepsCopies());
			statement.executeUpdate();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
