package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads an entry that is kept as long as it is read, and has it prolonged where less than
 * half of its idle time is left: only then is a read worth a write. Together, any number
 * of them in one statement by an array of their keys.
 */
final class IdleRead extends Operation<Optional<StoredValue>> {

	private final EntrySql sql;

	private final Duration timeToIdle;

	private final Consumer<List<String>> touch;

	/**
	 * Create a read.
	 * @param touch is given the keys of those that are to be prolonged
	 */
	IdleRead(EntrySql sql, CacheHandle cache, String key, Duration timeToIdle, Consumer<List<String>> touch) {
		super(OperationKind.GET, cache, key);
		this.sql = sql;
		this.timeToIdle = timeToIdle;
		this.touch = touch;
	}

	@Override
	void runAll(Lane lane, List<Operation<Optional<StoredValue>>> all) throws SQLException {
		Map<String, StoredValue> found = new HashMap<>();
		List<String> due = new ArrayList<>();
		int id = cache().id(lane);
		try (PreparedStatement statement = lane.prepareRead(this.sql.getIdle)) {
			Lifetime.setMicros(statement, 1, Lifetime.micros(this.timeToIdle));
			statement.setInt(2, id);
			statement.setObject(3, keys(all));
			statement.setInt(4, id);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					String key = rows.getString("key");
					found.put(key, Read.value(rows));
					if (rows.getBoolean("touch_due")) {
						due.add(key);
					}
				}
			}
		}
		if (!due.isEmpty()) {
			this.touch.accept(due);
		}
		all.forEach((read) -> read.succeed(Optional.ofNullable(found.get(read.key()))));
	}

}
