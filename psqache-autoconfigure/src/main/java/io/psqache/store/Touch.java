package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Notes that an entry was read, and prolongs it where there is a limit from the last
 * read; together, by an array of their keys.
 */
final class Touch extends Operation<Boolean> {

	private final EntrySql sql;

	private final @Nullable Duration timeToIdle;

	Touch(EntrySql sql, CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		super(OperationKind.TOUCH, cache, key);
		this.sql = sql;
		this.timeToIdle = timeToIdle;
	}

	@Override
	void runAll(Lane lane, List<Operation<Boolean>> all) throws SQLException {
		int id = cache().id(lane);
		try (PreparedStatement statement = lane.prepareWrite(this.sql.touch)) {
			Lifetime.setMicros(statement, 1, Lifetime.micros(this.timeToIdle));
			statement.setInt(2, id);
			statement.setObject(3, keys(all));
			statement.executeUpdate();
		}
		all.forEach((touch) -> touch.succeed(true));
	}

}
