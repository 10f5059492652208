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

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheStartupException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cache's own connection pool. Its connections are opened by
 * {@code psqache.datasource.*}, or else as those of the application's {@code DataSource}.
 * With connections of its own a cache call inside a transaction never waits for a second
 * connection of the application's pool, which under load is a deadlock.
 */
public final class PoolFactory {

	/**
	 * HikariCP accepts no shorter time to wait for a connection.
	 */
	private static final long MIN_CONNECTION_TIMEOUT_MILLIS = 250;

	/**
	 * No caller of a cache waits for an unpooled connection.
	 */
	private static final Duration MIN_UNPOOLED_LIMIT = Duration.ofSeconds(5);

	private final ConnectionSettings settings;

	public PoolFactory(ConnectionSettings settings) {
		this.settings = settings;
	}

	/**
	 * Make the pool.
	 * @return the pool, which has opened no connection yet
	 */
	public HikariDataSource create() {
		OwnConnections connections = connections(logins());
		int size = this.settings.poolSize();
		Duration timeout = this.settings.timeout();
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(connections);
		pool.setJdbcUrl(connections.url()); // not used, but shown
		pool.setPoolName("psqache");
		pool.setMaximumPoolSize(size);
		// With any more the pool retries by itself while PostgreSQL is away, with pauses
		// of up to 5 s, and would notice so much later that it is back. A waiting caller
		// ends them.
		pool.setMinimumIdle(0);
		// HikariCP asks its first connection for the level. When that one breaks over the
		// answer, each that follows is to be set to the level -1, and always fails.
		pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
		pool.setConnectionTimeout(Math.max(MIN_CONNECTION_TIMEOUT_MILLIS, timeout.toMillis()));
		pool.setValidationTimeout(Math.max(MIN_CONNECTION_TIMEOUT_MILLIS, timeout.toMillis()));
		pool.setInitializationFailTimeout(-1); // SchemaInitializer tells what is wrong
		return pool;
	}

	private OwnConnections connections(Supplier<Login> logins) {
		Duration limit = Duration.ofSeconds(this.settings.timeout().toSeconds() + 1);
		return new OwnConnections(logins, limit, limit);
	}

	/**
	 * Connections as those of the pool, one at a time.
	 * @param pool the pool
	 * @param socketTimeout how long each answer may take; zero for no limit
	 * @return a {@code DataSource} that opens a connection whenever it is asked for one
	 */
	public static DataSource unpooled(HikariDataSource pool, Duration socketTimeout) {
		OwnConnections connections = (OwnConnections) pool.getDataSource();
		Duration limit = connections.limit();
		return connections.with((limit.compareTo(MIN_UNPOOLED_LIMIT) < 0) ? MIN_UNPOOLED_LIMIT : limit, socketTimeout);
	}

	/**
	 * Each of {@code psqache.datasource.*} that is not set is the application's, whenever
	 * a connection is opened.
	 */
	private Supplier<Login> logins() {
		ConnectionSettings own = this.settings;
		ApplicationLogin login = (own.application() != null) ? new ApplicationLogin(own.application(), own.fallback())
				: null;
		if (own.url() != null && own.hasUrl()) {
			requireDriver(own.url());
			return () -> elsewhere(own, (login != null) ? login.now() : null);
		}
		if (login == null || !login.isKnown()) {
			throw noUrl(own.application());
		}
		boolean sameLogin = own.username() == null && own.password() == null;
		return () -> {
			Login now = Objects.requireNonNull(login.now(), "The application's DataSource no longer exposes its URL");
			return sameLogin ? now : now.withoutSession().as(own.username(), own.password());
		};
	}

	private static Login elsewhere(ConnectionSettings own, @Nullable Login application) {
		String url = Objects.requireNonNull(own.url());
		return Login
			.at(url, null, (application != null) ? application.username() : null,
					(application != null) ? application.password() : null)
			.as(own.username(), own.password());
	}

	private static CacheStartupException noUrl(@Nullable DataSource application) {
		if (application == null) {
			return new CacheStartupException(
					"psqache cannot select its database: the application has more than one DataSource, "
							+ "and none of them is primary.",
					"Mark one of them @Primary, or set psqache.datasource.url (with .username and .password).", null);
		}
		return new CacheStartupException(
				"psqache cannot determine the URL of the application's DataSource (" + application.getClass().getName()
						+ "), which it needs to open connections of its own.",
				"Set psqache.datasource.url, psqache.datasource.username and psqache.datasource.password.", null);
	}

	/**
	 * The URL is not repeated in the message, nor that of the driver manager, which holds
	 * it: there may be a password in it.
	 */
	private static void requireDriver(String url) {
		try {
			DriverManager.getDriver(url);
		}
		catch (SQLException ex) {
			throw new CacheStartupException(
					"psqache cannot connect: no JDBC driver on the class path accepts " + "psqache.datasource.url.",
					"Set it to the URL of a PostgreSQL database, such as " + "jdbc:postgresql://host:5432/database.",
					null);
		}
	}

}
