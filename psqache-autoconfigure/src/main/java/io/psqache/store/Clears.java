package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Removes all entries of a cache at once, by raising its epoch.
 */
final class Clears {

	private final EntrySql sql;

	private final LanePool lanes;

	private final Requests requests;

	Clears(EntrySql sql, LanePool lanes, Requests requests) {
		this.sql = sql;
		this.lanes = lanes;
		this.requests = requests;
	}

	/**
	 * As {@link EntryStore#clear}.
	 */
	Request<Boolean> clear(CacheHandle cache) {
		return request(cache, (lane, id) -> {
			try (PreparedStatement statement = lane.prepareWrite(this.sql.clear)) {
				statement.setInt(1, id);
				return (statement.executeUpdate() == 1) ? true : null;
			}
		});
	}

	/**
	 * As {@link EntryStore#invalidate}.
	 */
	Request<Boolean> invalidate(CacheHandle cache) {
		return request(cache, (lane, id) -> {
			try (PreparedStatement statement = lane.prepareWrite(this.sql.invalidate)) {
				statement.setInt(1, id);
				statement.setInt(2, id);
				try (ResultSet rows = statement.executeQuery()) {
					return rows.next() ? rows.getBoolean("present") : null;
				}
			}
		});
	}

	/**
	 * A removal that finds no row for its cache has removed nothing: someone dropped the
	 * cache, and others may have made it again by another id.
	 */
	private Request<Boolean> request(CacheHandle cache, Removal removal) {
		return this.requests.request(this.lanes.writes(cache),
				new SoloChange<>(OperationKind.CLEAR, cache, null, (lane) -> {
					Boolean answer = removal.from(lane, cache.idToChange(lane));
					while (answer == null) {
						cache.forget();
						answer = removal.from(lane, cache.idToChange(lane));
					}
					return answer;
				}));
	}

	/**
	 * A removal by the id of the cache.
	 */
	private interface Removal {

		/**
		 * Remove.
		 * @return {@code null} if there is no cache by that id
		 */
		@Nullable Boolean from(Lane lane, int id) throws SQLException;

	}

}
