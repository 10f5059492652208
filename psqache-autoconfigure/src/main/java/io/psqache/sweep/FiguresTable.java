package io.psqache.sweep;

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
import java.util.stream.Stream;

import io.psqache.store.Bounds;
import io.psqache.store.CacheFigures;
import io.psqache.store.Figures;
import io.psqache.store.Lane;
import io.psqache.store.StoredCache;
import org.jspecify.annotations.Nullable;

/**
 * What the database has of caches, beside their entries, to read and to record.
 * Thread-safe.
 */
final class FiguresTable {

	private final SweepSql sql;

	private final Figures figures;

	/**
	 * Create it.
	 * @param figures are told what is read
	 */
	FiguresTable(SweepSql sql, Figures figures) {
		this.sql = sql;
		this.figures = figures;
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
		this.figures.learn(read);
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
			statement.setObject(1, this.figures.used().toArray(Integer[]::new));
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
