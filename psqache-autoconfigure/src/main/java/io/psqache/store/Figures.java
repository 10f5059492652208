package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What this instance knows of the caches of its application, as the database had it a
 * moment ago: by their ids. And the other way round, what it tells the database of them.
 * Thread-safe.
 */
final class Figures {

	private final SweepSql sql;

	private final Set<Integer> used = ConcurrentHashMap.newKeySet();

	private final LongAdder written = new LongAdder();

	private volatile Runnable alarm = () -> {
	};

	private volatile long alarmAt = Long.MAX_VALUE;

	private volatile Map<Integer, StoredCache> caches = Map.of();

	Figures(SweepSql sql) {
		this.sql = sql;
	}

	/**
	 * This instance uses a cache from now on.
	 */
	void use(int cacheId) {
		this.used.add(cacheId);
	}

	/**
	 * This instance has written entries of a cache that has bounds.
	 */
	void wrote(int entries) {
		this.written.add(entries);
		ringIfDue();
	}

	private void ringIfDue() {
		if (this.alarmAt < Long.MAX_VALUE && written() >= this.alarmAt) {
			this.alarmAt = Long.MAX_VALUE;
			this.alarm.run();
		}
	}

	/**
	 * Have an alarm go off when this instance has written so many, once or nearly so.
	 * @param written how many in all
	 * @param alarm is run by who writes
	 */
	void ringAt(long written, Runnable alarm) {
		this.alarm = alarm;
		this.alarmAt = written;
		ringIfDue(); // they may have been written just before
	}

	/**
	 * How many it has written.
	 */
	long written() {
		return this.written.sum();
	}

	@Nullable StoredCache of(int cacheId) {
		return this.caches.get(cacheId);
	}

	/**
	 * Read them anew.
	 * @return all the caches of a namespace, by name
	 */
	List<StoredCache> read(Lane lane, String namespace) throws SQLException {
		Map<Integer, StoredCache> read = new LinkedHashMap<>();
		try (PreparedStatement statement = lane.prepareRead(this.sql.figures)) {
			statement.setString(1, namespace);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					read.put(rows.getInt("id"), cache(rows));
				}
			}
		}
		this.caches = read;
		return List.copyOf(read.values());
	}

	private static StoredCache cache(ResultSet rows) throws SQLException {
		Clock clock = new Clock(rows.getObject("now", OffsetDateTime.class), Instant.now());
		OffsetDateTime countedAt = rows.getObject("counted_at", OffsetDateTime.class);
		return new StoredCache(rows.getString("name"), clock.here(rows.getObject("created_at", OffsetDateTime.class)),
				clock.here(rows.getObject("used_at", OffsetDateTime.class)), Bounds.of(rows),
				(countedAt != null) ? figures(rows, clock, countedAt) : null);
	}

	private static CacheFigures figures(ResultSet rows, Clock clock, OffsetDateTime countedAt) throws SQLException {
		Long unusedMillis = rows.getObject("unused_ms", Long.class);
		return new CacheFigures(rows.getLong("entries"), rows.getLong("bytes"), rows.getLong("dead"),
				clock.hereOrNull(rows.getObject("written_from", OffsetDateTime.class)),
				clock.hereOrNull(rows.getObject("written_to", OffsetDateTime.class)),
				(unusedMillis != null) ? Duration.ofMillis(unusedMillis) : null, clock.here(countedAt));
	}

	/**
	 * Record what a whole walk has found.
	 * @param found all caches, by their ids in order
	 */
	int record(Lane lane, Map<Integer, Tally> found) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.recordFigures)) {
			Collection<Tally> tallies = found.values();
			statement.setObject(1, found.keySet().toArray(Integer[]::new));
			statement.setObject(2, tallies.stream().map(Tally::entries).toArray(Long[]::new));
			statement.setObject(3, tallies.stream().map(Tally::bytes).toArray(Long[]::new));
			statement.setObject(4, tallies.stream().map(Tally::dead).toArray(Long[]::new));
			statement.setObject(5, texts(tallies.stream().map(Tally::writtenFrom)));
			statement.setObject(6, texts(tallies.stream().map(Tally::writtenTo)));
			statement.setObject(7, tallies.stream().map(Tally::unusedMillis).toArray(Long[]::new));
			statement.executeUpdate();
		}
		try (PreparedStatement statement = lane.prepareWrite(this.sql.forgetFigures)) {
			return statement.executeUpdate();
		}
	}

	private static @Nullable String[] texts(Stream<@Nullable OffsetDateTime> times) {
		return times.map((time) -> (time != null) ? time.toString() : null).toArray(String[]::new);
	}

	/**
	 * Say which caches are in use.
	 */
	int stampUsed(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.stampUsed)) {
			statement.setObject(1, this.used.toArray(Integer[]::new));
			return statement.executeUpdate();
		}
	}

	/**
	 * Translates the database's times, whose clock may go differently.
	 *
	 * @param there the time now, there
	 * @param here the time now, here
	 */
	private record Clock(OffsetDateTime there, Instant here) {

		Instant here(OffsetDateTime time) {
			return this.here.minus(Duration.between(time, this.there));
		}

		@Nullable Instant hereOrNull(@Nullable OffsetDateTime time) {
			return (time != null) ? here(time) : null;
		}

	}

}
