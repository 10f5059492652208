package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What this instance knows of the caches of its application, as the database had it a
 * moment ago: by their ids. Thread-safe.
 */
final class Figures {

	private final SweepSql sql;

	private volatile Map<Integer, Known> caches = Map.of();

	Figures(SweepSql sql) {
		this.sql = sql;
	}

	@Nullable StoredCache of(int cacheId) {
		Known known = this.caches.get(cacheId);
		return (known != null) ? known.cache() : null;
	}

	/**
	 * Read them anew. Those that are not newer than what is known stay the same objects.
	 * @return all the caches of a namespace, by name
	 */
	List<StoredCache> read(Lane lane, String namespace) throws SQLException {
		Map<Integer, Known> read = new LinkedHashMap<>();
		try (PreparedStatement statement = lane.prepareRead(this.sql.figures)) {
			statement.setString(1, namespace);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					int id = rows.getInt("id");
					read.put(id, known(rows, this.caches.get(id)));
				}
			}
		}
		this.caches = read;
		return read.values().stream().map(Known::cache).toList();
	}

	private static Known known(ResultSet rows, @Nullable Known before) throws SQLException {
		Clock clock = new Clock(rows.getObject("now", OffsetDateTime.class), Instant.now());
		OffsetDateTime countedAt = rows.getObject("counted_at", OffsetDateTime.class);
		CacheFigures figures = null;
		if (countedAt != null) {
			figures = (before != null && countedAt.equals(before.countedAt())) ? before.cache().figures()
					: new CacheFigures(rows.getLong("entries"), rows.getLong("bytes"), rows.getLong("dead"),
							clock.here(rows, "written_from"), clock.here(rows, "written_to"),
							clock.here(rows, "used_from"), clock.here(countedAt));
		}
		Bounds bounds = new Bounds(rows.getObject("max_entries", Long.class), rows.getObject("max_bytes", Long.class));
		OffsetDateTime createdAt = rows.getObject("created_at", OffsetDateTime.class);
		return new Known(countedAt, new StoredCache(rows.getString("name"), clock.here(createdAt), bounds, figures));
	}

	/**
	 * What is known of a cache.
	 *
	 * @param countedAt when its figures were counted, by the database's clock
	 * @param cache the cache
	 */
	private record Known(@Nullable OffsetDateTime countedAt, StoredCache cache) {

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

		@Nullable Instant here(ResultSet rows, String column) throws SQLException {
			OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
			return (time != null) ? here(time) : null;
		}

	}

}
