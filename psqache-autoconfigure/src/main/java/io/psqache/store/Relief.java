package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer's help where entries come faster than the sweeper evicts: while a cache is
 * past its bound whoever writes an entry evicts two that the sweeper would evict too. It
 * looks for them in the index, at a key like its own with other digits, and then among
 * the first keys: the neighbours of a number or of a date were written when it was.
 * However old the figures and however many help, what is younger stays.
 */
final class Relief {

	private static final Logger logger = LoggerFactory.getLogger(Relief.class);

	/**
	 * Entries evicted for each one written, at most.
	 */
	private static final int EACH = 2;

	/**
	 * Neighbours looked at for each one evicted.
	 */
	private static final int SAMPLE = 5;

	private final EntrySql sql;

	private final Horizon horizon;

	Relief(EntrySql sql, Horizon horizon) {
		this.sql = sql;
		this.horizon = horizon;
	}

	/**
	 * Help. The entries are written already, so a failure is nobody's.
	 * @param cacheId the cache
	 * @param unused for how long an entry must not have been used to go
	 * @param written how many entries were written
	 * @param like a key that the others are like
	 */
	void after(Lane lane, int cacheId, Duration unused, int written, String like) {
		long most = (long) EACH * written;
		try {
			long evicted = evict(lane, cacheId, withOtherDigits(like), unused, most);
			if (evicted < most) {
				evict(lane, cacheId, "", unused, most - evicted);
			}
		}
		catch (SQLException ex) {
			logger.debug("A writer could not help to evict", ex);
		}
	}

	private static String withOtherDigits(String key) {
		StringBuilder other = new StringBuilder(key.length());
		key.chars()
			.map((character) -> isDigit(character) ? ThreadLocalRandom.current().nextInt('0', '9' + 1) : character)
			.forEach((character) -> other.append((char) character));
		return other.toString();
	}

	private static boolean isDigit(int character) {
		return character >= '0' && character <= '9';
	}

	private long evict(Lane lane, int cacheId, String after, Duration unused, long most) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.relieve)) {
			statement.setInt(1, cacheId);
			statement.setString(2, after);
			statement.setLong(3, SAMPLE * most);
			statement.setLong(4, unused.toMillis());
			statement.setLong(5, most);
			String horizon = this.horizon.snapshot();
			statement.setString(6, horizon);
			statement.setString(7, horizon);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? rows.getLong("removed") : 0;
			}
		}
	}

}
