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

	private final EntrySql sql;

	FencedPuts(EntrySql sql) {
		this.sql = sql;
	}

	/**
	 * Write what may be written.
	 * @param id the cache
	 * @param puts each key once, sorted
	 * @return the keys that were written
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

	/**
	 * An entry that someone has locked is being overwritten or evicted: then this one is
	 * too late, or soon will be.
	 */
	private Set<String> write(Lane lane, int id, List<Put> puts, Fence fence) throws SQLException {
		try {
			return insert(lane, id, puts, fence);
		}
		catch (SQLException ex) {
			if (puts.size() == 1 && FailureCause.of(ex) == FailureCause.LOCKED) {
				return Set.of();
			}
			throw ex;
		}
	}

	private Set<String> insert(Lane lane, int id, List<Put> puts, Fence fence) throws SQLException {
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
