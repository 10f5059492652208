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
 * A tombstone takes its place, for the puts that come too late ({@link Fence}).
 */
final class Evict extends Operation<Boolean> {

	private final EntrySql sql;

	private final @Nullable String transactionId;

	Evict(EntrySql sql, CacheHandle cache, String key) {
		this(sql, cache, key, null);
	}

	/**
	 * An eviction on behalf of a transaction elsewhere.
	 */
	Evict(EntrySql sql, CacheHandle cache, String key, @Nullable String transactionId) {
		super(OperationKind.EVICT, cache, key);
		this.sql = sql;
		this.transactionId = transactionId;
	}

	@Override
	void changed(boolean isCertain) {
		cache().changed(key(), isCertain);
	}

	@Override
	void runAll(Lane lane, List<Operation<Boolean>> all) throws SQLException {
		String[] keys = keys(all);
		Set<String> present = evict(lane, this.sql, cache().idToChange(lane), keys, this.transactionId);
		while (present == null) {
			cache().forget();
			present = evict(lane, this.sql, cache().idToChange(lane), keys, this.transactionId);
		}
		Set<String> evicted = present;
		all.forEach((evict) -> evict.succeed(evicted.remove(evict.key()))); // who comes
																			// second
																			// finds
																			// nothing
	}

	/**
	 * Evict.
	 * @param keys sorted
	 * @param transactionId the transaction that evicts; {@code null} if it is this one
	 * @return the keys that were present, or {@code null} if the cache itself is gone:
	 * someone dropped it, and others may have made it again by another id
	 */
	static @Nullable Set<String> evict(Lane lane, EntrySql sql, int id, String[] keys, @Nullable String transactionId)
			throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(sql.evict)) {
			statement.setString(1, transactionId);
			statement.setObject(2, keys);
			statement.setInt(3, id);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? present(rows) : null;
			}
		}
	}

	/**
	 * A row for each key.
	 */
	private static Set<String> present(ResultSet rows) throws SQLException {
		Set<String> keys = new HashSet<>();
		do {
			if (rows.getBoolean("present")) {
				keys.add(rows.getString("key"));
			}
		}
		while (rows.next());
		return keys;
	}

}
