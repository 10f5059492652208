package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

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

	private final PendingPuts pendingPuts = new PendingPuts();

	private volatile @Nullable Integer id;

	CacheHandle(EntrySql sql, String namespace, String name) {
		this.sql = sql;
		this.namespace = namespace;
		this.name = name;
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
		}
		return known;
	}

	PendingPuts pendingPuts() {
		return this.pendingPuts;
	}

	/**
	 * The row is gone: someone dropped the cache. The next use makes it again.
	 */
	void forget() {
		this.id = null;
	}

	private @Nullable Integer find(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.findCache)) {
			statement.setString(1, this.namespace);
			statement.setString(2, this.name);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? rows.getInt("id") : null;
			}
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
