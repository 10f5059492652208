package io.psqache.benchmarks.endurance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheSettings;
import io.psqache.benchmarks.contender.Assembly;
import io.psqache.benchmarks.server.PostgresServer;
import org.jspecify.annotations.Nullable;

/**
 * A database that holds the entries of an experiment, looked at through connections that
 * psqache knows nothing of. Closing it drops it. Thread-safe.
 */
final class Database implements AutoCloseable {

	private static final String STATE = """
			select pg_table_size(relid), pg_indexes_size(relid), n_tup_upd, n_tup_hot_upd, n_tup_del, n_dead_tup,
			  autovacuum_count
			from pg_stat_user_tables
			where relid = 'psqache.entry'::regclass
			""";

	private static final int CONNECTIONS = 3;

	private final PostgresServer server;

	private final String name;

	private final HikariDataSource connections;

	/**
	 * Make it, with psqache's tables in it.
	 */
	Database(PostgresServer server, String name) {
		this.server = server;
		this.name = name;
		server.createDatabase(name);
		HikariConfig observers = server.pool(name, CONNECTIONS);
		// Who looks is to take one core at most from those that are looked at.
		observers.setConnectionInitSql("set max_parallel_workers_per_gather = 0");
		this.connections = new HikariDataSource(observers);
		Assembly.migrate(this.connections);
	}

	/**
	 * An instance of psqache on it.
	 * @param sweeper whether it sweeps, at the default pace
	 * @param settings what to change of the default settings
	 */
	Instance open(Sweeper sweeper, UnaryOperator<CacheSettings> settings) {
		return new Instance(pool(), sweeper, settings);
	}

	/**
	 * An instance with a near cache that knows of no values that could be shared.
	 */
	Instance openDecoding() {
		return new Instance(pool(), Sweeper.OFF, NearHits::near, List.of());
	}

	/**
	 * Break connections by what they last did.
	 * @param query what that begins with
	 */
	void kill(String query) {
		execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '"
				+ query + "%'");
	}

	Instance open(Sweeper sweeper) {
		return open(sweeper, UnaryOperator.identity());
	}

	String url() {
		return pool().getJdbcUrl();
	}

	private HikariConfig pool() {
		return this.server.pool(this.name, 1);
	}

	TableState state() {
		List<String> row = row(STATE);
		long[] numbers = row.stream().mapToLong(Long::parseLong).toArray();
		return new TableState(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
	}

	/**
	 * How many entries can be read.
	 */
	long liveEntries() {
		return number("""
				select count(*)
				from psqache.entry e
				join psqache.cache c on c.id = e.cache_id and c.epoch = e.epoch
				where e.expires_at > now()
				""");
	}

	/**
	 * Do what autovacuum would have done by tomorrow, so that it does not do it in the
	 * middle of an experiment.
	 */
	void settle() {
		execute("vacuum analyze");
		execute("checkpoint");
	}

	void execute(String sql) {
		PostgresServer.execute(this.connections, sql);
	}

	/**
	 * Run a statement that changes rows.
	 * @return how many it changed
	 */
	long update(String sql) {
		try (Connection connection = this.connections.getConnection();
				Statement statement = connection.createStatement()) {
			return statement.executeLargeUpdate(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	long number(String sql) {
		String text = text(sql);
		return (text != null) ? Long.parseLong(text) : 0;
	}

	/**
	 * The first column of the first row.
	 * @return {@code null} if there is none, or nothing in it
	 */
	@Nullable String text(String sql) {
		List<@Nullable String> row = row(sql);
		return row.isEmpty() ? null : row.get(0);
	}

	private List<@Nullable String> row(String sql) {
		try (Connection connection = this.connections.getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<@Nullable String> row = new ArrayList<>();
			if (rows.next()) {
				for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
					row.add(rows.getString(column));
				}
			}
			return row;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.connections.close();
		this.server.dropDatabase(this.name);
	}

}
