package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Writes an entry unless there is one that can be seen, and tells the truth about it.
 */
final class PutIfAbsent implements Solo.Work<Boolean> {

	private final EntrySql sql;

	private final CacheHandle cache;

	private final String key;

	private final Put.Row row;

	PutIfAbsent(EntrySql sql, CacheHandle cache, String key, Put.Row row) {
		this.sql = sql;
		this.cache = cache;
		this.key = key;
		this.row = row;
	}

	/**
	 * That nothing was written may also mean that there is no row for the cache: someone
	 * dropped it, and others may have made it again by another id.
	 */
	@Override
	public Boolean on(Lane lane) throws SQLException {
		int id = this.cache.id(lane);
		boolean written = insert(lane, id);
		while (!written) {
			this.cache.forget();
			int present = this.cache.id(lane);
			if (present == id) {
				return false;
			}
			id = present;
			written = insert(lane, id);
		}
		return true;
	}

	private boolean insert(Lane lane, int id) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.putIfAbsent)) {
			statement.setInt(Put.bind(statement, 1, this.key, this.row.value(), this.row.lifetime()), id);
			return statement.executeUpdate() == 1;
		}
	}

}
