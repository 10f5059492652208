package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * A writer's help where the sweeper alone cannot hold a bound: whoever writes an entry
 * evicts two that were not used for long. It does so for as many as the last walk has
 * found above twice the bound, and no more: where the sweeper is out of work, nobody
 * knows how many there are. Thread-safe.
 */
final class Relief {

	/**
	 * Entries evicted for each one written.
	 */
	private static final int EACH = 2;

	/**
	 * Neighbours looked at for each one evicted.
	 */
	private static final int SAMPLE = 5;

	private final EntrySql sql;

	private final AtomicLong left = new AtomicLong();

	private volatile @Nullable CacheFigures known;

	Relief(EntrySql sql) {
		this.sql = sql;
	}

	/**
	 * Help, if it takes help.
	 * @param cacheId the cache
	 * @param stored what is known of the cache, if anything
	 * @param written how many entries were written
	 * @param near a key, near which the others are to be found
	 */
	void after(Lane lane, int cacheId, @Nullable StoredCache stored, int written, String near) throws SQLException {
		if (stored == null || stored.overflow() == 0) {
			return;
		}
		if (!Objects.equals(stored.figures(), this.known)) {
			this.known = stored.figures();
			this.left.set(stored.overflow());
		}
		long most = Math.min(this.left.get(), (long) EACH * written);
		if (most > 0) {
			this.left.addAndGet(-evict(lane, cacheId, near, most));
		}
	}

	private long evict(Lane lane, int cacheId, String near, long most) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.relieve)) {
			statement.setInt(1, cacheId);
			statement.setString(2, near);
			statement.setLong(3, SAMPLE * most);
			statement.setLong(4, most);
			return statement.executeUpdate();
		}
	}

}
