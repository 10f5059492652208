package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * The entries of all caches, in one table of PostgreSQL.
 * <p>
 * Each method answers with a {@link Request}, which is sent when it is awaited or made
 * asynchronous, runs on one of the store's {@linkplain Lanes lanes}, and fails with a
 * {@link StoreException}. Thread-safe. Closing it leaves the {@code DataSource} open.
 */
public final class EntryStore implements AutoCloseable {

	/**
	 * What PostgreSQL answers to a write that found no row for its cache: the epoch,
	 * which cannot be null, was.
	 */
	private static final String NOT_NULL_VIOLATION = "23502";

	private final EntrySql sql;

	private final Lanes lanes;

	private final Duration timeout;

	/**
	 * Open the store.
	 * @param connections a pool of as many connections as there are lanes, in auto-commit
	 * mode
	 * @param lanes number of requests that run at a time
	 * @param schema the schema that holds the tables
	 * @param timeout how long a caller waits for an answer
	 */
	public EntryStore(DataSource connections, int lanes, SchemaName schema, Duration timeout) {
		this.sql = new EntrySql(schema);
		this.lanes = new Lanes(connections, lanes, timeout);
		this.timeout = timeout;
	}

	/**
	 * Name a cache; the database is not asked yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name) {
		return new CacheHandle(this.sql, namespace, name);
	}

	/**
	 * Read an entry.
	 * @param cache the cache
	 * @param key the key
	 * @param timeToIdle the age limit from the last read that this read prolongs, if any
	 * @return the value, or empty if there is no entry or it has expired
	 */
	public Request<Optional<StoredValue>> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return request((connection) -> {
			int id = cache.id(connection);
			return (timeToIdle != null) ? getAndTouch(connection, id, key, timeToIdle) : get(connection, id, key);
		});
	}

	private Optional<StoredValue> get(Connection connection, int id, String key) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.sql.get)) {
			statement.setInt(1, id);
			statement.setString(2, key);
			statement.setInt(3, id);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? Optional.of(value(rows)) : Optional.empty();
			}
		}
	}

	private Optional<StoredValue> getAndTouch(Connection connection, int id, String key, Duration timeToIdle)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.sql.getIdle)) {
			setMicros(statement, 1, Lifetime.micros(timeToIdle));
			statement.setInt(2, id);
			statement.setString(3, key);
			statement.setInt(4, id);
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					return Optional.empty();
				}
				if (rows.getBoolean("touch_due")) {
					this.lanes.submit((later) -> touch(later, id, key, timeToIdle));
				}
				return Optional.of(value(rows));
			}
		}
	}

	private int touch(Connection connection, int id, String key, Duration timeToIdle) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.sql.touch)) {
			setMicros(statement, 1, Lifetime.micros(timeToIdle));
			statement.setInt(2, id);
			statement.setString(3, key);
			return statement.executeUpdate();
		}
	}

	/**
	 * Write an entry, in place of what was there.
	 * @param cache the cache
	 * @param key the key
	 * @param value the value
	 * @param lifetime how long it lives from now
	 * @return whether it was written, which is always {@code true}
	 */
	public Request<Boolean> put(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return request((connection) -> write(connection, this.sql.put, cache, key, value, lifetime));
	}

	/**
	 * Write an entry unless there is one.
	 * @param cache the cache
	 * @param key the key
	 * @param value the value
	 * @param lifetime how long it lives from now
	 * @return whether it was written
	 */
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return request((connection) -> write(connection, this.sql.putIfAbsent, cache, key, value, lifetime));
	}

	private boolean write(Connection connection, String insert, CacheHandle cache, String key, StoredValue value,
			Lifetime lifetime) throws SQLException {
		try {
			return write(connection, insert, cache.id(connection), key, value, lifetime);
		}
		catch (SQLException ex) {
			if (!NOT_NULL_VIOLATION.equals(ex.getSQLState())) {
				throw ex;
			}
			cache.forget();
			return write(connection, insert, cache.id(connection), key, value, lifetime);
		}
	}

	private boolean write(Connection connection, String insert, int id, String key, StoredValue value,
			Lifetime lifetime) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(insert)) {
			statement.setInt(1, id);
			statement.setString(2, key);
			statement.setInt(3, id);
			statement.setString(4, value.json());
			statement.setBytes(5, value.payload());
			statement.setString(6, value.type());
			setMicros(statement, 7, lifetime.liveMicros());
			setMicros(statement, 8, lifetime.unreadMicros());
			return statement.executeUpdate() == 1;
		}
	}

	/**
	 * Remove an entry.
	 * @param cache the cache
	 * @param key the key
	 * @return whether there was one that had not expired
	 */
	public Request<Boolean> evict(CacheHandle cache, String key) {
		return request((connection) -> onCache(connection, cache, (id) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.evict)) {
				statement.setInt(1, id);
				statement.setString(2, key);
				statement.setInt(3, id);
				return present(statement);
			}
		}));
	}

	/**
	 * Remove all entries of a cache, at a cost that does not depend on their number: from
	 * now on none of them is seen.
	 * @param cache the cache
	 * @return whether it was done, which is always {@code true}
	 */
	public Request<Boolean> clear(CacheHandle cache) {
		return request((connection) -> onCache(connection, cache, (id) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.clear)) {
				statement.setInt(1, id);
				return (statement.executeUpdate() == 1) ? true : null;
			}
		}));
	}

	/**
	 * As {@link #clear}, but look first whether there are any.
	 * @param cache the cache
	 * @return whether there was an entry that had not expired
	 */
	public Request<Boolean> invalidate(CacheHandle cache) {
		return request((connection) -> onCache(connection, cache, (id) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.invalidate)) {
				statement.setInt(1, id);
				statement.setInt(2, id);
				return present(statement);
			}
		}));
	}

	/**
	 * Ask what is behind the connections, by the way that every other request takes.
	 * @param namespace the application whose caches to count
	 * @return the state
	 */
	public Request<ServerState> probe(String namespace) {
		return request((connection) -> new Probe(this.sql, namespace).on(connection));
	}

	@Override
	public void close() {
		this.lanes.close();
	}

	private <T> Request<T> request(Work<T> work) {
		return new Request<>(this.lanes, work, this.timeout);
	}

	/**
	 * A removal that finds no row for its cache has removed nothing: someone dropped the
	 * cache, and others may have made it again by another id.
	 */
	private static boolean onCache(Connection connection, CacheHandle cache, Removal removal) throws SQLException {
		Boolean answer = removal.from(cache.id(connection));
		while (answer == null) {
			cache.forget();
			answer = removal.from(cache.id(connection));
		}
		return answer;
	}

	private static @Nullable Boolean present(PreparedStatement statement) throws SQLException {
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? rows.getBoolean("present") : null;
		}
	}

	private static StoredValue value(ResultSet rows) throws SQLException {
		return StoredValue.of(rows.getString("value"), rows.getBytes("payload"), rows.getString("type"));
	}

	private static void setMicros(PreparedStatement statement, int index, @Nullable Long micros) throws SQLException {
		if (micros != null) {
			statement.setLong(index, micros);
		}
		else {
			statement.setNull(index, Types.BIGINT);
		}
	}

	/**
	 * A removal by the id of the cache.
	 */
	private interface Removal {

		/**
		 * Remove.
		 * @return {@code null} if there is no cache by that id
		 */
		@Nullable Boolean from(int id) throws SQLException;

	}

}
