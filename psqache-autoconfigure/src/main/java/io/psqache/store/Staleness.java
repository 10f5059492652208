package io.psqache.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What matters of old entries in a cache.
 *
 * @param told whether reads tell how old they are
 * @param kept how long they are kept once they have expired, in all instances of the
 * application, to the millisecond
 */
public record Staleness(boolean told, Duration kept) {

	/**
	 * Nothing.
	 */
	public static final Staleness NONE = new Staleness(false, Duration.ZERO);

	/**
	 * Whether a row of {@code cache} says the same of what is kept.
	 */
	boolean isKeptBy(ResultSet rows) throws SQLException {
		return rows.getLong("stale_ms") == this.kept.toMillis();
	}

}
