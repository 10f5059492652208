package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One cache as its entries know it: by the {@code id} of its row in {@code cache}, which
 * is looked up (and made) when it is first needed, so that a cache can be had while the
 * database is down. Thread-safe.
 */
public final class CacheHandle {

	private final EntrySql sql;

	private final String namespace;

	private final String name;

	private final Bounds bounds;

	private final boolean bounded;

	private final Figures figures;

	private final PendingPuts pendingPuts = new PendingPuts();

	private final PendingEvictions pendingEvictions = new PendingEvictions();

	private final Touches touches;

	private final Relief relief;

	private volatile @Nullable Integer id;

	/**
	 * Create it.
	 * @param touch makes what is told which of its entries were read
	 */
	CacheHandle(EntrySql sql, String namespace, String name, Bounds bounds, Figures figures,
			Function<CacheHandle, Touches> touch) {
		this.sql = sql;
		this.namespace = namespace;
		this.name = name;
		this.bounds = bounds;
		this.bounded = !bounds.equals(Bounds.NONE);
		this.figures = figures;
		this.touches = touch.apply(this);
		this.relief = new Relief(sql);
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
	 * Its row, which has the bounds that this application has set, if another one had
	 * others.
	 */
	private @Nullable Integer find(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.findCache)) {
			statement.setString(1, this.namespace);
			statement.setString(2, this.name);
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					return null;
				}
				if (!Bounds.of(rows).equals(this.bounds)) {
					bound(lane, rows.getInt("id"));
				}
				return rows.getInt("id");
			}
		}
	}

	private void bound(Lane lane, int id) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.boundCache)) {
			statement.setObject(1, this.bounds.maxEntries(), Types.BIGINT);
			statement.setObject(2, this.bounds.maxBytes(), Types.BIGINT);
			statement.setInt(3, id);
			statement.executeUpdate();
		}
	}

	private void make(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.makeCache)) {
			statement.setString(1, this.namespace);
			statement.setString(2, this.name);
			statement.executeUpdate();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
