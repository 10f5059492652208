package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes an entry; together, as rows of one statement, filled up with empty ones to a
 * power of two, so that few texts of statements serve all sizes. One row a key, and
 * sorted by key: two batches that lock rows in the same order cannot deadlock.
 * <p>
 * Those that stand behind a {@link Fence} go in a statement of their own. Of several puts
 * of one key the last is written that has no fence, whatever the others are: the fences
 * were taken before it is. If all have one, it is the first.
 */
final class Put extends Operation<Boolean> {

	private final EntrySql sql;

	private final NewEntry row;

	Put(EntrySql sql, CacheHandle cache, String key, NewEntry row) {
		super(OperationKind.PUT, cache, key);
		this.sql = sql;
		this.row = row;
	}

	NewEntry row() {
		return this.row;
	}

	@Override
	void succeed(Boolean written) {
		if (written) {
			super.succeed(true);
		}
		else { // nothing has changed
			answer().complete(false);
		}
	}

	@Override
	void changed(boolean isCertain) {
		cache().changed(key(), isCertain);
	}

	@Override
	long bytes() {
		return row().value().bytes();
	}

	@Override
	void runAll(Lane lane, List<Operation<Boolean>> all) throws SQLException {
		Map<String, Put> chosen = oneOfEachKey(all);
		List<Put> plain = chosen.values().stream().filter((put) -> !put.isFenced()).toList();
		List<Put> fenced = chosen.values().stream().filter(Put::isFenced).toList();
		int written = plain.size();
		if (!plain.isEmpty()) {
			List<Operation<Boolean>> served = all.stream().filter((put) -> !((Put) put).isFenced()).toList();
			write(lane, plain);
			served.forEach((put) -> put.succeed(true));
		}
		if (!fenced.isEmpty()) {
			Set<String> keys = writeFenced(lane, fenced);
			fenced.forEach((put) -> put.succeed(keys.contains(put.key())));
			written += keys.size();
		}
		all.forEach((put) -> put.succeed(false)); // who has no answer yet was not chosen
		if (written > 0) {
			cache().written(lane, written, Objects.requireNonNull(key()));
		}
	}

	private Set<String> writeFenced(Lane lane, List<Put> fenced) throws SQLException {
		try {
			return new FencedPuts(this.sql).write(lane, cache().idToChange(lane), fenced);
		}
		catch (SQLException ex) {
			if (fenced.size() == 1 && FailureCause.of(ex) == FailureCause.LOCKED) {
				return Set.of();
			}
			throw ex;
		}
	}

	private boolean isFenced() {
		return row().fence() != null;
	}

	/**
	 * Cut into what may go in one statement.
	 */
	static List<List<Put>> portions(List<Put> puts) {
		List<List<Put>> portions = new ArrayList<>();
		long bytes = 0;
		for (Put put : puts) {
			List<Put> last = portions.isEmpty() ? null : portions.get(portions.size() - 1);
			bytes += put.bytes();
			if (last == null || last.size() == Batch.MAX_SIZE || bytes > Batch.MAX_BYTES) {
				last = new ArrayList<>();
				portions.add(last);
				bytes = put.bytes();
			}
			last.add(put);
		}
		return portions;
	}

	private static Map<String, Put> oneOfEachKey(List<Operation<Boolean>> all) {
		if (all.size() == 1) {
			Put only = (Put) all.get(0);
			return Map.of(Objects.requireNonNull(only.key()), only);
		}
		Map<String, Put> chosen = new TreeMap<>();
		all.forEach((put) -> chosen.merge(Objects.requireNonNull(put.key()), (Put) put,
				(earlier, later) -> later.isFenced() ? earlier : later));
		return chosen;
	}

	/**
	 * No row is written where there is none for the cache: someone dropped it, and the
	 * next attempt makes it again.
	 */
	private void write(Lane lane, List<Put> rows) throws SQLException {
		while (insert(lane, this.sql, cache().idToChange(lane), rows) == 0) {
			cache().forget();
		}
	}

	/**
	 * Write rows.
	 * @param rows each key once, sorted
	 * @return how many were written: all, or none if there is no cache by that id
	 */
	static int insert(Lane lane, EntrySql sql, int id, List<Put> rows) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(sql.put(EntrySql.putSize(rows.size())))) {
			statement.setInt(bind(statement, rows), id);
			return statement.executeUpdate();
		}
	}

	/**
	 * Bind rows, and empty ones up to the size of the statement.
	 * @return the index of the parameter after them
	 */
	static int bind(PreparedStatement statement, List<Put> rows) throws SQLException {
		int index = 1;
		for (Put put : rows) {
			index = bind(statement, index, Objects.requireNonNull(put.key()), put.row());
		}
		for (int empty = EntrySql.putSize(rows.size()); empty > rows.size(); empty--) {
			index = bindEmpty(statement, index);
		}
		return index;
	}

	static int bind(PreparedStatement statement, int index, String key, NewEntry row) throws SQLException {
		StoredValue value = row.value();
		statement.setString(index, key);
		statement.setObject(index + 1, value.json(), Types.OTHER); // a string would be
																	// parsed twice
		statement.setBytes(index + 2, value.payload());
		statement.setString(index + 3, value.type());
		Lifetime.setMicros(statement, index + 4, row.lifetime().liveMicros());
		Lifetime.setMicros(statement, index + 5, row.lifetime().unreadMicros());
		return index + 6;
	}

	private static int bindEmpty(PreparedStatement statement, int index) throws SQLException {
		statement.setNull(index, Types.VARCHAR);
		statement.setNull(index + 1, Types.OTHER);
		statement.setNull(index + 2, Types.BINARY);
		statement.setNull(index + 3, Types.VARCHAR);
		statement.setNull(index + 4, Types.BIGINT);
		statement.setNull(index + 5, Types.BIGINT);
		return index + 6;
	}

}
