package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out whether there is an entry and how long it lives, without its value; together,
 * any number of them in one statement by an array of their keys. An entry that never
 * expires has {@link Duration#ZERO} left.
 */
final class Peek extends Operation<Optional<Duration>> {

	private final EntrySql sql;

	Peek(EntrySql sql, CacheHandle cache, String key) {
		super(OperationKind.PEEK, cache, key);
		this.sql = sql;
	}

	@Override
	void runAll(Lane lane, List<Operation<Optional<Duration>>> all) throws SQLException {
		Map<String, Duration> found = new HashMap<>();
		int id = cache().id(lane);
		try (PreparedStatement statement = lane.prepareRead(this.sql.peek)) {
			statement.setInt(1, id);
			statement.setObject(2, keys(all));
			statement.setInt(3, id);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					found.put(rows.getString("key"), Duration.of(rows.getLong("micros_left"), ChronoUnit.MICROS));
				}
			}
		}
		all.forEach((peek) -> peek.succeed(Optional.ofNullable(found.get(peek.key()))));
	}

}
