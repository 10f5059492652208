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

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An empty database of one test on the {@link TestServer}, dropped when it is closed. All
 * tests get their PostgreSQL from this class.
 */
public final class TestDatabase implements AutoCloseable {

	private final TestServer server = TestServer.instance();

	private final String name = "psqache_" + UUID.randomUUID().toString().replace("-", "");

	private final List<String> roles = new ArrayList<>();

	private @Nullable TcpRelay relay;

	private TestDatabase() {
		onServer("create database " + this.name);
	}

	/**
	 * Create a database.
	 * @return the database
	 */
	public static TestDatabase create() {
		return new TestDatabase();
	}

	/**
	 * Return a description of the server.
	 * @return the description, for the log
	 */
	public String server() {
		return this.server.description();
	}

	public String url() {
		return this.server.url(this.name);
	}

	public String username() {
		return this.server.username();
	}

	public String password() {
		return this.server.password();
	}

	/**
	 * The URL of the database through the {@link #relay()}.
	 * @return the URL
	 */
	public String relayedUrl() {
		return this.server.url(relay().port(), this.name);
	}

	/**
	 * Return a relay to the server, created at the first call.
	 * @return the relay
	 */
	public TcpRelay relay() {
		if (this.relay == null) {
			this.relay = new TcpRelay(this.server.host(), this.server.port());
		}
		return this.relay;
	}

	/**
	 * Create a role that can only log in to this database. Its password is
	 * {@link #password()}.
	 * @return the name of the role
	 */
	public String createRole() {
		String role = "role_" + UUID.randomUUID().toString().replace("-", "");
		onServer("create role " + role + " login password '" + password() + "'");
		this.roles.add(role);
		execute("revoke create on schema public from public");
		return role;
	}

	public DataSource dataSource() {
		return new DriverManagerDataSource(url(), username(), password());
	}

	public Connection connect() throws SQLException {
		return DriverManager.getConnection(url(), username(), password());
	}

	/**
	 * Run a statement, as psql would.
	 * @param sql the statement
	 */
	public void execute(String sql) {
		execute(url(), sql);
	}

	/**
	 * Run a query and return its single value as text.
	 * @param sql the query
	 * @return the first column of the first row; {@code null} if it is null or there is
	 * no row
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
	 * Lock a table in access exclusive mode until the lock is closed. All other
	 * statements on the table wait.
	 * @param table the table
	 * @return the lock
	 */
	public Lock lock(String table) {
		return lock(table, "access exclusive");
	}

	/**
	 * Lock a table against writes until the lock is closed.
	 * @param table the table
	 * @return the lock
	 */
	public Lock lockWrites(String table) {
		return lock(table, "share row exclusive");
	}

	private Lock lock(String table, String mode) {
		try {
			Connection connection = connect();
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("lock table " + table + " in " + mode + " mode");
			}
			return new Lock(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the number of statements that wait for a lock in this database.
	 * @return the number of statements
	 */
	public int locksWaitedFor() {
		return Integer.parseInt(String.valueOf(query("select count(*) from pg_stat_activity "
				+ "where datname = current_database() and wait_event_type = 'Lock'")));
	}

	@Override
	public void close() {
		if (this.relay != null) {
			this.relay.close();
		}
		onServer("drop database " + this.name + " with (force)");
		this.roles.forEach((role) -> onServer("drop role " + role));
	}

	private void onServer(String sql) {
		execute(this.server.url(), sql);
	}

	private void execute(String url, String sql) {
		try (Connection connection = DriverManager.getConnection(url, username(), password());
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A lock on a table.
	 */
	public static final class Lock implements AutoCloseable {

		private final Connection connection;

		private Lock(Connection connection) {
			this.connection = connection;
		}

		@Override
		public void close() {
			try {
				this.connection.rollback();
				this.connection.close();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
