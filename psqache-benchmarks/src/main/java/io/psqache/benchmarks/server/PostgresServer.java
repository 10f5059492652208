package io.psqache.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL of the run's own on loopback, with ordinary settings: the embedded one
 * trades safety for speed by default (no fsync, no synchronous commit), which this
 * undoes. Only {@code shared_buffers} differs from PostgreSQL's defaults, because its
 * documentation says to raise it on any server.
 */
public final class PostgresServer implements AutoCloseable {

	private static final String USER = "postgres";

	private final EmbeddedPostgres postgres;

	private final ServerProcess process;

	private PostgresServer(EmbeddedPostgres postgres) {
		this.postgres = postgres;
		this.process = new ServerProcess(postmaster());
	}

	/**
	 * Start it.
	 * @return the server
	 */
	public static PostgresServer start() {
		return start(EmbeddedPostgres.builder());
	}

	/**
	 * Start it and keep what it logs, each autovacuum included.
	 * @param log the file that its log is added to
	 * @return the server
	 */
	public static PostgresServer start(Path log) {
		return start(EmbeddedPostgres.builder()
			.setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.setServerConfig("log_autovacuum_min_duration", "0"));
	}

	private static PostgresServer start(EmbeddedPostgres.Builder builder) {
		try {
			return new PostgresServer(builder.setServerConfig("fsync", "on")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("shared_buffers", "512MB")
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public ServerProcess process() {
		return this.process;
	}

	/**
	 * What it is, and which of its settings are not PostgreSQL's defaults.
	 * @return a line for people
	 */
	public String description() {
		List<String> settings = query("""
				select name || ' = ' || current_setting(name)
				from pg_settings
				where name in ('shared_buffers', 'fsync', 'synchronous_commit', 'max_connections', 'jit', 'io_method')
				order by name
				""");
		return "PostgreSQL " + query("show server_version").get(0) + " (embedded; " + String.join(", ", settings) + ")";
	}

	/**
	 * Have an empty database, whatever there was.
	 * @param name its name
	 */
	public void createDatabase(String name) {
		dropDatabase(name);
		execute("create database " + name);
	}

	/**
	 * Drop a database that nobody is connected to any more. PostgreSQL waits some seconds
	 * for connections that are about to end.
	 * @param name its name
	 */
	public void dropDatabase(String name) {
		execute("drop database if exists " + name);
	}

	/**
	 * A pool of connections to a database.
	 * @param database its name
	 * @param size the most connections it opens
	 * @return settings that may still be changed
	 */
	public HikariConfig pool(String database, int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.postgres.getJdbcUrl(USER, database));
		config.setUsername(USER);
		config.setMaximumPoolSize(size);
		return config;
	}

	/**
	 * Run a statement in a database.
	 * @param pool connections to the database
	 * @param sql the statement
	 */
	public static void execute(HikariDataSource pool, String sql) {
		try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The process that all others of the server are children of.
	 */
	private long postmaster() {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
			rows.next();
			long backend = rows.getLong(1);
			return ProcessHandle.of(backend).flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElseThrow();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void execute(String sql) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<String> query(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<String> column = new ArrayList<>();
			while (rows.next()) {
				column.add(rows.getString(1));
			}
			return column;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.postgres.getJdbcUrl(USER, "postgres"));
	}

	@Override
	public void close() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
