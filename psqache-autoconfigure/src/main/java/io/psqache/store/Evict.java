package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Removes an entry and tells whether there was one; together, by an array of their keys.
 */
final class Evict extends Operation<Boolean> {

	private final EntrySql sql;

	private volatile boolean present;

	Evict(EntrySql sql, CacheHandle cache, String key) {
		super(OperationKind.EVICT, cache, key);
		this.sql = sql;
	}

	/**
	 * There was an entry that the database need not know.
	 */
	@Override
	void withdrawn(boolean present) {
		this.present = present;
	}

	@Override
	void succeed(Boolean evicted) {
		super.succeed(evicted || this.present);
	}

	@Override
	void changed(boolean isCertain) {
		cache().changed(key(), isCertain);
	}

	@Override
	void runAll(Lane lane, List<Operation<Boolean>> all) throws SQLException {
		String[] keys = keys(all);
		Set<String> present = evict(lane, cache().idToChange(lane), keys);
		while (present == null) {
			cache().forget();
			present = evict(lane, cache().idToChange(lane), keys);
		}
		Set<String> evicted = present;
		all.forEach((evict) -> evict.succeed(evicted.contains(evict.key())));
	}

	/**
	 * Evict.
	 * @return the keys that were present, or {@code null} if the cache itself is gone:
	 * someone dropped it, and others may have made it again by another id
	 */
	private @Nullable Set<String> evict(Lane lane, int id, String[] keys) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.evict)) {
			statement.setInt(1, id);
			statement.setObject(2, keys);
			statement.setInt(3, id);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? keys(rows) : null;
			}
		}
	}

	/**
	 * One row for the cache at least, with a key in it for each entry that was present.
	 */
	private static Set<String> keys(ResultSet rows) throws SQLException {
		Set<String> keys = new HashSet<>();
		do {
			String key = rows.getString("key");
			if (key != null) {
				keys.add(key);
			}
		}
		while (rows.next());
		return keys;
	}

}
