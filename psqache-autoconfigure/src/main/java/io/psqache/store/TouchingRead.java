package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an entry that is kept as long as it is read, and has it touched where the
 * {@link TouchRule} says so. Together, any number of them in one statement by an array of
 * their keys.
 */
final class TouchingRead extends EntryRead {

	private final EntrySql sql;

	private final TouchRule rule;

	private final Touches touches;

	/**
	 * Create a read.
	 * @param touches is told the keys of those that are to be touched
	 */
	TouchingRead(EntrySql sql, CacheHandle cache, String key, boolean fenced, TouchRule rule, Touches touches) {
		super(cache, key, fenced);
		this.sql = sql;
		this.rule = rule;
		this.touches = touches;
	}

	@Override
	void runAll(Lane lane, List<Operation<ReadAnswer>> all) throws SQLException {
		Map<String, ReadAnswer> found = new HashMap<>();
		List<String> due = new ArrayList<>();
		int id = cache().id(lane);
		try (PreparedStatement statement = lane
			.prepareRead(cache().keepsCopies() ? this.sql.timed.getAndTouch() : this.sql.getAndTouch)) {
			Lifetime.setMicros(statement, 1, Lifetime.micros(this.rule.timeToIdle()));
			Lifetime.setMicros(statement, 2, Lifetime.micros(this.rule.unused()));
			statement.setInt(3, id);
			statement.setObject(4, keys(all));
			statement.setInt(5, id);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					String key = rows.getString("key");
					found.put(key, ReadAnswer.of(Read.value(rows, cache())));
					if (rows.getBoolean("touch_due")) {
						due.add(key);
					}
				}
			}
		}
		this.touches.add(due, this.rule);
		answer(lane, all, found);
	}

}
