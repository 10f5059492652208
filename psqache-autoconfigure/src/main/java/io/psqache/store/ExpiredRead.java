package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an entry that has expired and is kept, or one that lives; together, any number of
 * them in one statement by an array of their keys.
 */
final class ExpiredRead extends Operation<ReadAnswer> {

	private final EntrySql sql;

	ExpiredRead(EntrySql sql, CacheHandle cache, String key) {
		super(OperationKind.GET, cache, key);
		this.sql = sql;
	}

	@Override
	void runAll(Lane lane, List<Operation<ReadAnswer>> all) throws SQLException {
		Map<String, ReadAnswer> found = new HashMap<>();
		int id = cache().id(lane);
		try (PreparedStatement statement = lane.prepareRead(this.sql.getExpired)) {
			statement.setInt(1, id);
			statement.setObject(2, keys(all));
			statement.setLong(3, cache().staleness().kept().toMillis());
			statement.setInt(4, id);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					found.put(rows.getString("key"), ReadAnswer.of(Read.value(rows)));
				}
			}
		}
		all.forEach((read) -> read.succeed(found.getOrDefault(read.key(), ReadAnswer.NONE)));
	}

}
