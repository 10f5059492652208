package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Writes an entry unless there is one that can be seen, and tells the truth about it.
 */
final class PutIfAbsent implements Work<Boolean> {

	private final EntrySql sql;

	private final CacheHandle cache;

	private final String key;

	private final NewEntry row;

	PutIfAbsent(EntrySql sql, CacheHandle cache, String key, NewEntry row) {
		this.sql = sql;
		this.cache = cache;
		this.key = key;
		this.row = row;
	}

	/**
	 * Where there is no row for the cache, someone dropped it, and others may have made
	 * it again by another id.
	 */
	@Override
	public Boolean on(Lane lane) throws SQLException {
		Boolean written = insert(lane, this.cache.idToChange(lane));
		while (written == null) {
			this.cache.forget();
			written = insert(lane, this.cache.idToChange(lane));
		}
		if (written) {
			this.cache.written(lane, 1, this.key);
		}
		return written;
	}

	/**
	 * Write.
	 * @return {@code null} if there is no cache by that id
	 */
	private @Nullable Boolean insert(Lane lane, int id) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.putIfAbsent)) {
			int next = Put.bind(statement, 1, this.key, this.row);
			statement.setInt(next, id);
			statement.setInt(next + 1, id);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? rows.getBoolean("written") : null;
			}
		}
	}

}
