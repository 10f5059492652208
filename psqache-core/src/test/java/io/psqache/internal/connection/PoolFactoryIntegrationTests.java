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
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.TestCaches;
import io.psqache.internal.schema.TestManagers;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The cache's own pool takes its connection details from the application's
 * {@code DataSource}, or from settings. The role of a connection shows where they come
 * from.
 */
class PoolFactoryIntegrationTests {

	/**
	 * A database that is no PostgreSQL, so that a connection to it fails the test.
	 */
	private static final DataSource OF_THE_APPLICATION = new DriverManagerDataSource("jdbc:h2:mem:of-the-application");

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final String role = this.database.createRole();

	PoolFactoryIntegrationTests() {
		this.database.execute("create schema psqache authorization " + this.role);
	}

	@Test
	void dataSourceOfTheDriver() throws Exception {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.url());
		dataSource.setUser(this.role);
		dataSource.setPassword(this.database.password());
		dataSource.setOptions("-c work_mem=12345kB");
		try (PostgresCacheManager manager = TestManagers.start(dataSource)) {
			assertConnects(manager);
			assertThat(show(manager, "work_mem")).isEqualTo("12345kB");
		}
	}

	@Test
	void dataSourceOfSpringWithDriver() throws Exception {
		run(new SimpleDriverDataSource(new Driver(), this.database.url(), this.role, this.database.password()));
	}

	@Test
	void dataSourceOfSpringWithDriverManager() throws Exception {
		run(new DriverManagerDataSource(this.database.url(), this.role, this.database.password()));
	}

	@Test
	void dataSourceBehindAnother() throws Exception {
		run(new DelegatingDataSource(new LazyConnectionDataSourceProxy(
				new DriverManagerDataSource(this.database.url(), this.role, this.database.password()))));
	}

	@Test
	void ownDetailsTakePrecedence() throws Exception {
		run(OF_THE_APPLICATION,
				(builder) -> builder.database(this.database.url(), this.role, this.database.password()));
	}

	@Test
	void urlOfItsOwnWithCredentialsOfTheApplication() throws Exception {
		run(new DriverManagerDataSource("jdbc:h2:mem:of-the-application", this.role, this.database.password()),
				(builder) -> builder.database(this.database.url(), null, null));
	}

	@Test
	void credentialsOfItsOwnWithUrlOfTheApplication() throws Exception {
		run(this.database.dataSource(), (builder) -> builder.database(null, this.role, this.database.password()));
	}

	@Test
	void ownDetailsMayAllBeInTheUrl() throws Exception {
		run(OF_THE_APPLICATION,
				(builder) -> builder.database(
						this.database.url() + "?user=" + this.role + "&password=" + this.database.password(), null,
						null));
	}

	@Test
	void limitsOfTheApplicationDoNotApply() throws Exception {
		DataSource limited = new DriverManagerDataSource(
				this.database.url() + "?socketTimeout=300&ApplicationName=orders&connectTimeout=300", this.role,
				this.database.password());
		run(limited,
				(builder) -> builder.timeout(Duration.ofSeconds(1))
					.customizePool((pool) -> assertThat(pool.getJdbcUrl()).doesNotContain("connectTimeout")
						.doesNotContain("ApplicationName")));
	}

	/**
	 * HikariCP asks its first connection for the level. If that one broke over the answer
	 * it would set the level -1 on each that follows, and fail.
	 */
	@Test
	void firstConnectionThatBreaksDoesNotSpoilThePool() throws Exception {
		DataSource behindRelay = new DriverManagerDataSource(this.database.relayedUrl(), this.role,
				this.database.password());
		ConnectionSettings settings = new ConnectionSettings(behindRelay, null, null, null, null, 4,
				Duration.ofMillis(500));
		try (HikariDataSource pool = new PoolFactory(settings).create()) {
			this.database.relay().cutAt("TRANSACTION ISOLATION LEVEL");
			assertThatException().isThrownBy(pool::getConnection);
			assertThat(this.database.relay().isCut()).isTrue();
			this.database.relay().restore();
			try (Connection connection = pool.getConnection()) {
				assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
			}
		}
	}

	private void run(DataSource application) throws Exception {
		run(application, (builder) -> {
		});
	}

	private void run(DataSource application, Consumer<PostgresCacheManagerBuilder> settings) throws Exception {
		try (PostgresCacheManager manager = TestManagers.start(application, settings)) {
			assertConnects(manager);
		}
	}

	private void assertConnects(PostgresCacheManager manager) throws Exception {
		assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes");
		assertThat(show(manager, "session_authorization")).isEqualTo(this.role);
		assertThat(show(manager, "application_name")).isEqualTo("psqache");
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'entry'"))
			.isEqualTo(this.role);
	}

	private static String show(PostgresCacheManager manager, String setting) throws Exception {
		try (Connection connection = TestCaches.pool(manager).getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("show " + setting)) {
			rows.next();
			return rows.getString(1);
		}
	}

}
