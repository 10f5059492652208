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

package io.psqache.internal.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.psqache.internal.engine.ConnectAttempts;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens connections for the cache alone, each one by the login of that moment, with time
 * limits of the cache's own. Thread-safe.
 */
final class OwnConnections extends AbstractDataSource implements ConnectAttempts {

	/**
	 * Any code that is no outage: what a new connection has to execute is a setting.
	 */
	private static final String INVALID_LOGIN = "28000";

	private static final String APPLICATION_NAME = "psqache";

	private final Supplier<Login> logins;

	/**
	 * How long to connect and each answer may take until the connection is made. The
	 * driver counts both in whole seconds. Workers have a finer limit of their own, once
	 * there is a connection. A server that accepts a connection and says nothing more
	 * would otherwise hold the one thread that makes them.
	 */
	private final Duration limit;

	/**
	 * How long each answer may take afterwards; zero for no limit.
	 */
	private final Duration socketTimeout;

	private volatile @Nullable SQLException lastFailure;

	OwnConnections(Supplier<Login> logins, Duration limit, Duration socketTimeout) {
		this.logins = logins;
		this.limit = limit;
		this.socketTimeout = socketTimeout;
	}

	/**
	 * The same connections with another limit.
	 */
	OwnConnections with(Duration limit, Duration socketTimeout) {
		return new OwnConnections(this.logins, limit, socketTimeout);
	}

	Duration limit() {
		return this.limit;
	}

	/**
	 * The URL at this moment.
	 * @return {@code null} if it is not known
	 */
	@Nullable String url() {
		try {
			return login().with(driverProperties()).url();
		}
		catch (SQLException ex) {
			return null;
		}
	}

	@Override
	public Connection getConnection() throws SQLException {
		try {
			Connection connection = open();
			this.lastFailure = null;
			return connection;
		}
		catch (SQLException ex) {
			this.lastFailure = ex;
			throw ex;
		}
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return getConnection();
	}

	@Override
	public @Nullable SQLException lastFailure() {
		return this.lastFailure;
	}

	private Connection open() throws SQLException {
		Login login = login().with(driverProperties());
		Connection connection = login.open();
		boolean ready = false;
		try {
			prepare(connection, login);
			ready = true;
			return connection;
		}
		finally {
			if (!ready) {
				connection.close();
			}
		}
	}

	private Login login() throws SQLException {
		try {
			return this.logins.get();
		}
		catch (RuntimeException ex) { // code of the application that gets a token
			throw new SQLException("psqache cannot read the login of the application's DataSource", INVALID_LOGIN, ex);
		}
	}

	Map<String, String> driverProperties() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("ApplicationName", APPLICATION_NAME);
		properties.put("tcpKeepAlive", "true");
		properties.put("connectTimeout", String.valueOf(this.limit.toSeconds()));
		properties.put("socketTimeout", String.valueOf(this.limit.toSeconds()));
		properties.put("cancelSignalTimeout", "1");
		return properties;
	}

	private void prepare(Connection connection, Login login) throws SQLException {
		if (login.url() == null) {
			connection.setClientInfo("ApplicationName", APPLICATION_NAME);
			connection.setNetworkTimeout(Runnable::run, (int) this.limit.toMillis());
		}
		if (login.schema() != null) {
			connection.setSchema(login.schema());
		}
		for (String initStatement : login.initStatements()) {
			execute(connection, initStatement);
		}
		if (login.url() == null || !this.socketTimeout.equals(this.limit)) {
			connection.setNetworkTimeout(Runnable::run, (int) this.socketTimeout.toMillis());
		}
	}

	private static void execute(Connection connection, String initStatement) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(initStatement);
		}
		catch (SQLException ex) {
			String state = ex.getSQLState();
			boolean outage = state != null && (state.startsWith("08") || state.startsWith("57"));
			throw new SQLException("A new connection of psqache cannot execute the connection-init-sql of the "
					+ "application's DataSource: " + ex.getMessage(), outage ? state : INVALID_LOGIN, ex);
		}
	}

	/**
	 * HikariCP sets its own, which {@link #limit} replaces.
	 */
	@Override
	public void setLoginTimeout(int timeout) {
	}

	@Override
	public int getLoginTimeout() {
		return (int) this.limit.toSeconds();
	}

}
