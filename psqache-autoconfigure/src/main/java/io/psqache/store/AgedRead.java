package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads an entry and how old it is, and has it touched where a {@link TouchRule} says so.
 * Together, any number of them in one statement by an array of their keys.
 */
final class AgedRead extends EntryRead {

	private static final TouchRule NO_RULE = new TouchRule(null, null);

	private final EntrySql sql;

	private final @Nullable TouchRule rule;

	AgedRead(EntrySql sql, CacheHandle cache, String key, boolean fenced, @Nullable TouchRule rule) {
		super(cache, key, fenced);
		this.sql = sql;
		this.rule = rule;
	}

	@Override
	void runAll(Lane lane, List<Operation<ReadAnswer>> all) throws SQLException {
		Map<String, ReadAnswer> found = new HashMap<>();
		List<String> due = new ArrayList<>();
		TouchRule rule = (this.rule != null) ? this.rule : NO_RULE;
		int id = cache().id(lane);
		try (PreparedStatement statement = lane
			.prepareRead(cache().keepsCopies() ? this.sql.timed.getAged() : this.sql.getAged)) {
			Lifetime.setMicros(statement, 1, Lifetime.micros(rule.timeToIdle()));
			Lifetime.setMicros(statement, 2, Lifetime.micros(rule.unused()));
			statement.setInt(3, id);
			statement.setObject(4, keys(all));
			statement.setInt(5, id);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					String key = rows.getString("key");
					found.put(key, new ReadAnswer(Read.value(rows, cache()), null, age(rows)));
					if (rows.getBoolean("touch_due")) {
						due.add(key);
					}
				}
			}
		}
		cache().touches().add(due, rule);
		answer(lane, all, found);
	}

	private static EntryAge age(ResultSet rows) throws SQLException {
		Long timeLeft = rows.getObject("time_left", Long.class);
		return new EntryAge(Duration.of(rows.getLong("age"), ChronoUnit.MICROS),
				(timeLeft != null) ? Duration.of(timeLeft, ChronoUnit.MICROS) : null);
	}

}
