/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A separate PostgreSQL server that a test can kill, freeze, stop and restart on the same
 * port, also as a standby. The server is always embedded, because a test cannot signal
 * the processes of another server.
 */
public final class FaultyServer implements AutoCloseable {

	private final Path directory;

	private EmbeddedPostgres postgres;

	private FaultyServer(Path directory, int maxConnections) {
		this.directory = directory;
		this.postgres = start(builder(directory).setServerConfig("max_connections", "" + maxConnections));
	}

	/**
	 * Start a server.
	 * @param directory an empty directory for its data
	 * @return the server
	 */
	public static FaultyServer start(Path directory) {
		return new FaultyServer(directory, 100);
	}

	/**
	 * Start a server with a limit of connections.
	 * @param directory an empty directory for its data
	 * @param maxConnections the maximum number of connections, including those of
	 * superusers
	 * @return the server
	 */
	public static FaultyServer start(Path directory, int maxConnections) {
		return new FaultyServer(directory, maxConnections);
	}

	private static EmbeddedPostgres.Builder builder(Path directory) {
		return EmbeddedPostgres.builder()
			.setDataDirectory(directory.resolve("data"))
			.setCleanDataDirectory(false)
			.setRegisterShutdownHook(false)
			.setServerConfig("shared_buffers", "16MB");
	}

	private static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
		try {
			return builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.postgres.getPort();
	}

	public String url() {
		return "jdbc:postgresql://localhost:" + port() + "/postgres";
	}

	public String username() {
		return "postgres";
	}

	public String password() {
		return "postgres";
	}

	/**
	 * Open a relay to this server.
	 * @return the relay, which the caller closes
	 */
	public TcpRelay relay() {
		return new TcpRelay("localhost", port());
	}

	/**
	 * Return the URL through a relay.
	 * @param relay the relay
	 * @return the URL
	 */
	public String url(TcpRelay relay) {
		return "jdbc:postgresql://127.0.0.1:" + relay.port() + "/postgres";
	}

	public DataSource dataSource() {
		return new DriverManagerDataSource(url(), username(), password());
	}

	public Connection connect() throws SQLException {
		return DriverManager.getConnection(url() + "?socketTimeout=60", username(), password());
	}

	public void execute(String sql) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Run a query and read its single value as text.
	 * @param sql the query
	 * @return the first column of the first row
	 */
	public @Nullable String query(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			return rows.next() ? rows.getString(1) : null;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Kill the postmaster with SIGKILL, as the kernel does when memory is short, and wait
	 * until the other processes have ended.
	 */
	public void kill() {
		List<ProcessHandle> processes = processes();
		signal("KILL", processes.subList(0, 1));
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
		stop(); // Otherwise the directory cannot be used again.
	}

	/**
	 * Kill a session with SIGKILL, and wait until the server has recovered: the
	 * postmaster ends all other sessions.
	 */
	public void crash() {
		try (Connection connection = connect()) {
			long session = connection.unwrap(PGConnection.class).getBackendPID();
			signal("KILL", List.of(ProcessHandle.of(session).orElseThrow()));
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !connection.isValid(1) && isUp());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean isUp() {
		try (Connection connection = connect()) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Stop all processes of the server with SIGSTOP, so that connections hang without an
	 * error. The postmaster may fork another session just before it is stopped, so this
	 * is repeated.
	 */
	public void freeze() {
		List<ProcessHandle> frozen;
		do {
			frozen = processes();
			signal("STOP", frozen);
		}
		while (!frozen.containsAll(processes()));
	}

	/**
	 * Continue all processes after {@link #freeze()}.
	 */
	public void thaw() {
		signal("CONT", processes());
	}

	/**
	 * Stop the sessions of an application with SIGSTOP.
	 * @param application the {@code application_name}
	 * @return an action that continues the sessions
	 */
	public Runnable freezeSessions(String application) {
		List<ProcessHandle> sessions = Stream
			.of(String
				.valueOf(query("select string_agg(pid::text, ',') from pg_stat_activity where application_name = '"
						+ application + "'"))
				.split(","))
			.map((pid) -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
			.toList();
		signal("STOP", sessions);
		return () -> signal("CONT", sessions);
	}

	/**
	 * Shut down the server.
	 */
	public void stop() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start the server again on the same port.
	 */
	public void restart() {
		this.postgres = start(builder(this.directory).setPort(port()));
	}

	/**
	 * Stop the server, and start it again as a standby without a primary.
	 */
	public void restartAsStandby() {
		stop();
		try {
			Files.createFile(this.directory.resolve("data").resolve("standby.signal"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.postgres = start(builder(this.directory).setPort(port()).setServerConfig("hot_standby", "on"));
	}

	/**
	 * Promote a standby to primary.
	 */
	public void promote() {
		execute("select pg_promote()");
	}

	/**
	 * Return the processes of the server, the postmaster first.
	 */
	private List<ProcessHandle> processes() {
		try {
			String pid = Files.readAllLines(this.directory.resolve("data").resolve("postmaster.pid")).get(0);
			ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid.trim())).orElseThrow();
			return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void signal(String signal, List<ProcessHandle> processes) {
		List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
		processes.forEach((process) -> command.add(String.valueOf(process.pid())));
		try {
			if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0
					&& processes.stream().allMatch(ProcessHandle::isAlive)) {
				// Otherwise a process has ended, which is no error.
				throw new IllegalStateException(String.join(" ", command));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		stop();
	}

}
