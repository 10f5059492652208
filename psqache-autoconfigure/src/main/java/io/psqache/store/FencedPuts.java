package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Writes entries of one cache that were loaded after a miss, as rows of one statement,
 * where nothing has happened since. They all go behind the oldest of their fences, which
 * refuses what it should and perhaps more: what a younger fence would let through is
 * tried once more, alone.
 */
final class FencedPuts {

	/**
	 * How long the session waits for a lock. The statement that writes changes that until
	 * its transaction ends.
	 */
	private static final String LOCK_TIMEOUT = """
			select current_setting('lock_timeout')
			""";

	private static final String RESTORE_LOCK_TIMEOUT = """
			select set_config('lock_timeout', ?, true)
			""";

	private final EntrySql sql;

	FencedPuts(EntrySql sql) {
		this.sql = sql;
	}

	/**
	 * Write what may be written.
	 * @param id the cache
	 * @param puts each key once, sorted
	 * @return the keys that were written
	 * @throws SQLException if someone has locked an entry, say: he is overwriting or
	 * evicting it, so that this put is too late, or soon will be
	 */
	Set<String> write(Lane lane, int id, List<Put> puts) throws SQLException {
		List<Put> open = open(puts, id);
		if (open.isEmpty()) {
			return Set.of();
		}
		Fence oldest = fence(open.get(0));
		for (Put put : open) {
			oldest = fence(put).isOlderThan(oldest) ? fence(put) : oldest;
		}
		Set<String> written = write(lane, id, open, oldest);
		for (Put put : open) {
			if (!written.contains(put.key()) && oldest.isOlderThan(fence(put))) {
				written.addAll(write(lane, id, List.of(put), fence(put)));
			}
		}
		return written;
	}

	/**
	 * As {@link #write}, within a transaction that goes on: in as many statements as it
	 * takes, and with the limit set back that they set to how long they wait for a lock.
	 */
	Set<String> writeWithin(Lane lane, int id, List<Put> puts) throws SQLException {
		if (puts.isEmpty()) {
			return Set.of();
		}
		String limit = lockTimeout(lane);
		Set<String> written = new HashSet<>();
		for (List<Put> portion : Put.portions(puts)) {
			written.addAll(write(lane, id, portion));
		}
		restoreLockTimeout(lane, limit);
		return written;
	}

	private static String lockTimeout(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(LOCK_TIMEOUT); ResultSet rows = statement.executeQuery()) {
			rows.next();
			return rows.getString(1);
		}
	}

	private static void restoreLockTimeout(Lane lane, String limit) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(RESTORE_LOCK_TIMEOUT)) {
			statement.setString(1, limit);
			statement.execute();
		}
	}

	/**
	 * Those whose fence is worth something. Epochs and incarnations that are over do not
	 * come back: of those that these fences have seen only that of the last can be the
	 * present one, and the others come too late.
	 */
	private static List<Put> open(List<Put> puts, int id) {
		List<Put> open = new ArrayList<>(puts.size());
		Fence last = fence(puts.get(0));
		for (Put put : puts) {
			last = last.isTakenBefore(fence(put)) ? fence(put) : last;
		}
		for (Put put : puts) {
			if (fence(put).holds(id) && fence(put).isOfTheTimeOf(last)) {
				open.add(put);
			}
		}
		return open;
	}

	private static Fence fence(Put put) {
		return Objects.requireNonNull(put.row().fence());
	}

	private Set<String> write(Lane lane, int id, List<Put> puts, Fence fence) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.fencedPut(EntrySql.putSize(puts.size())))) {
			int index = Put.bind(statement, puts);
			statement.setInt(index, id);
			statement.setLong(index + 1, fence.epoch());
			statement.setObject(index + 2, fence.incarnation());
			statement.setString(index + 3, fence.snapshot());
			Set<String> written = new HashSet<>();
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					written.add(rows.getString("key"));
				}
			}
			return written;
		}
	}

}
