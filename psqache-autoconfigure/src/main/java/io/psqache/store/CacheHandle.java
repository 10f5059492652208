package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One cache as its entries know it: by the {@code id} of its {@link CacheRow}, which is
 * looked up when it is first needed, so that a cache can be had while the database is
 * down. Thread-safe.
 */
public final class CacheHandle {

	private final EntrySql sql;

	private final String name;

	private final CacheRow row;

	private final Duration fenceLife;

	private final Staleness staleness;

	private final boolean bounded;

	private final Figures figures;

	private final PendingEvictions pendingEvictions = new PendingEvictions();

	private final Touches touches;

	private final Relief relief;

	private final ChangeListener listener;

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
		this.name = name;
		this.row = new CacheRow(sql, namespace, name, bounds, staleness, figures, listener, notify);
		this.fenceLife = fenceLife;
		this.staleness = staleness;
		this.bounded = !bounds.equals(Bounds.NONE);
		this.figures = figures;
		this.listener = listener;
		this.touches = touch.apply(this);
		this.relief = new Relief(sql, horizon);
	}

	int id(Lane lane) throws SQLException {
		return this.row.id(lane);
	}

	/**
	 * Bind what the cache is found by: its namespace and its name.
	 * @param index the first of the two parameters
	 * @return the index after them
	 */
	int bindName(PreparedStatement statement, int index) throws SQLException {
		return this.row.bindName(statement, index);
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
	 * The id, for a statement that changes entries: see {@link CacheRow}.
	 */
	int idToChange(Lane lane) throws SQLException {
		return this.row.idToChange(lane);
	}

	/**
	 * Whether {@link #idToChange} need not ask the database.
	 */
	boolean isKnownToChange() {
		return this.row.isKnownToChange();
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
		if (this.row.isNear()) {
			this.listener.changed(this.row.idIfKnown(), key, isCertain);
		}
	}

	/**
	 * What tells those who keep copies of changes that go out with the transaction of an
	 * application.
	 * @param keys the keys of the entries; {@code null} for all
	 */
	List<String> announcement(@Nullable Set<String> keys) {
		Integer known = this.row.idIfKnown();
		return (this.row.isNear() && known != null) ? this.listener.messages(known, keys) : List.of();
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
		this.row.forget();
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
		Integer known = this.row.idIfKnown();
		return (known != null) ? this.figures.of(known) : null;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
