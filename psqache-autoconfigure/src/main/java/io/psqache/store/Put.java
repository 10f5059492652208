package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Writes an entry; together, as rows of one statement, filled up with empty ones to a
 * power of two, so that few texts of statements serve all sizes. One row a key, the last
 * one given, and sorted by key: two batches that lock rows in the same order cannot
 * deadlock.
 */
class Put extends Operation<Boolean> {

	private final EntrySql sql;

	private final @Nullable Row row;

	Put(EntrySql sql, CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		super(OperationKind.PUT, cache, key);
		this.sql = sql;
		this.row = new Row(value, lifetime);
	}

	/**
	 * A put whose {@link #row()} is not known yet.
	 */
	Put(EntrySql sql, CacheHandle cache, String key) {
		super(OperationKind.PUT, cache, key);
		this.sql = sql;
		this.row = null;
	}

	Row row() {
		return Objects.requireNonNull(this.row);
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
		List<Put> rows = lastOfEachKey(all);
		write(lane, rows);
		all.forEach((put) -> put.succeed(true));
		cache().written(lane, rows.size(), Objects.requireNonNull(key()));
	}

	private static List<Put> lastOfEachKey(List<Operation<Boolean>> all) {
		if (all.size() == 1) {
			return List.of((Put) all.get(0));
		}
		Map<String, Put> last = new TreeMap<>();
		all.forEach((put) -> last.put(Objects.requireNonNull(put.key()), (Put) put));
		return new ArrayList<>(last.values());
	}

	/**
	 * No row is written where there is none for the cache: someone dropped it, and the
	 * next attempt makes it again.
	 */
	private void write(Lane lane, List<Put> rows) throws SQLException {
		while (insert(lane, cache().idToChange(lane), rows) == 0) {
			cache().forget();
		}
	}

	private int insert(Lane lane, int id, List<Put> rows) throws SQLException {
		int size = EntrySql.putSize(rows.size());
		try (PreparedStatement statement = lane.prepareWrite(this.sql.put(size))) {
			int index = 1;
			for (Put row : rows) {
				index = row.bind(statement, index);
			}
			for (int empty = rows.size(); empty < size; empty++) {
				index = bindEmpty(statement, index);
			}
			statement.setInt(index, id);
			return statement.executeUpdate();
		}
	}

	private int bind(PreparedStatement statement, int index) throws SQLException {
		Row row = row();
		return bind(statement, index, Objects.requireNonNull(key()), row.value(), row.lifetime());
	}

	static int bind(PreparedStatement statement, int index, String key, StoredValue value, Lifetime lifetime)
			throws SQLException {
		statement.setString(index, key);
		statement.setObject(index + 1, value.json(), Types.OTHER); // a string would be
																	// parsed twice
		statement.setBytes(index + 2, value.payload());
		statement.setString(index + 3, value.type());
		Lifetime.setMicros(statement, index + 4, lifetime.liveMicros());
		Lifetime.setMicros(statement, index + 5, lifetime.unreadMicros());
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

	/**
	 * What is written.
	 *
	 * @param value the value
	 * @param lifetime how long it lives from when it is written
	 */
	record Row(StoredValue value, Lifetime lifetime) {

	}

}
