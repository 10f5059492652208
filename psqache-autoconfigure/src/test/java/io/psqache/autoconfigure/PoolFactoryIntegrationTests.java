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

package io.psqache.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.internal.connection.ConnectionSettings;
import io.psqache.internal.connection.PoolFactory;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Where the cache's own pool takes its connection details from. The role of the
 * application tells whether it took the right ones.
 */
class PoolFactoryIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final String role = this.database.createRole();

	private final ApplicationContextRunner empty = new ApplicationContextRunner()
		.withUserConfiguration(TestApplication.class)
		.withPropertyValues("spring.flyway.enabled=false", "psqache.timeout=10s");

	private final ApplicationContextRunner fromProperties = new ApplicationContextRunner()
		.withUserConfiguration(TestApplication.class)
		.withPropertyValues(TestApplication.properties(this.database.url(), this.role, this.database.password()));

	PoolFactoryIntegrationTests() {
		this.database.execute("create schema psqache authorization " + this.role);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void poolThatSpringBootMade() {
		this.fromProperties.run(this::assertConnects);
	}

	@Test
	void lazyDataSourceThatSpringBootMade() {
		this.fromProperties.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			assertConnects(context);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "eager", "lazy" })
	void driverPropertiesOfThePoolThatSpringBootMade(String fetch) {
		this.fromProperties
			.withPropertyValues("spring.datasource.connection-fetch=" + fetch,
					"spring.datasource.hikari.data-source-properties.options=-c work_mem=12345kB")
			.run((context) -> {
				assertConnects(context);
				assertThat(show(context, "work_mem")).isEqualTo("12345kB");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "eager", "lazy" })
	void connectionDetailsOfService(String fetch) {
		this.empty.withPropertyValues("spring.datasource.connection-fetch=" + fetch)
			.withBean(JdbcConnectionDetails.class, Service::new)
			.run(this::assertConnects);
	}

	@Test
	void poolThatSpringBootMadeAndSomeoneHides() {
		this.fromProperties.withBean(Hiding.class).run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(OpaqueDataSource.class);
			assertConnects(context);
		});
	}

	@Test
	void dataSourceOfTheDriver() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.url());
		dataSource.setUser(this.role);
		dataSource.setPassword(this.database.password());
		dataSource.setOptions("-c work_mem=12345kB");
		this.empty.withBean("dataSource", DataSource.class, () -> dataSource).run((context) -> {
			assertConnects(context);
			assertThat(show(context, "work_mem")).isEqualTo("12345kB");
		});
	}

	@Test
	void dataSourceOfSpringWithDriver() {
		run(new SimpleDriverDataSource(new Driver(), this.database.url(), this.role, this.database.password()));
	}

	@Test
	void dataSourceOfSpringWithDriverManager() {
		run(new DriverManagerDataSource(this.database.url(), this.role, this.database.password()));
	}

	@Test
	void dataSourceBehindAnother() {
		run(new DelegatingDataSource(new LazyConnectionDataSourceProxy(
				new DriverManagerDataSource(this.database.url(), this.role, this.database.password()))));
	}

	@Test
	void ownDetailsTakePrecedence() {
		this.empty
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:of-the-application",
					"psqache.datasource.url=" + this.database.url(), "psqache.datasource.username=" + this.role,
					"psqache.datasource.password=" + this.database.password())
			.run(this::assertConnects);
	}

	@Test
	void urlOfItsOwnWithCredentialsOfTheApplication() {
		this.fromProperties
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:of-the-application",
					"psqache.datasource.url=" + this.database.url())
			.run(this::assertConnects);
	}

	@Test
	void credentialsOfItsOwnWithUrlOfTheApplication() {
		this.empty.withPropertyValues("spring.datasource.url=" + this.database.url(),
				"spring.datasource.username=" + this.database.username(),
				"spring.datasource.password=" + this.database.password(), "psqache.datasource.username=" + this.role,
				"psqache.datasource.password=" + this.database.password())
			.run(this::assertConnects);
	}

	@Test
	void ownDetailsMayAllBeInTheUrl() {
		this.empty
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:of-the-application",
					"psqache.datasource.url=" + this.database.url() + "?user=" + this.role + "&password="
							+ this.database.password())
			.run(this::assertConnects);
	}

	@Test
	void limitsOfTheApplicationDoNotApply() {
		this.empty
			.withPropertyValues("psqache.timeout=1s", "spring.datasource.username=" + this.role,
					"spring.datasource.password=" + this.database.password(), "spring.datasource.url="
							+ this.database.url() + "?socketTimeout=300&ApplicationName=orders&connectTimeout=300")
			.run((context) -> {
				assertConnects(context);
				assertThat(TestApplication.pool(context).getJdbcUrl()).doesNotContain("connectTimeout")
					.doesNotContain("ApplicationName");
			});
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

	private void run(DataSource dataSource) {
		this.empty.withBean("dataSource", DataSource.class, () -> dataSource).run(this::assertConnects);
	}

	private void assertConnects(BeanFactory context) throws Exception {
		assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		assertThat(show(context, "session_authorization")).isEqualTo(this.role);
		assertThat(show(context, "application_name")).isEqualTo("psqache");
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'entry'"))
			.isEqualTo(this.role);
	}

	private static String show(BeanFactory context, String setting) throws Exception {
		try (Connection connection = TestApplication.pool(context).getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("show " + setting)) {
			rows.next();
			return rows.getString(1);
		}
	}

	/**
	 * As {@code @ServiceConnection} would contribute it.
	 */
	private final class Service implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return PoolFactoryIntegrationTests.this.role;
		}

		@Override
		public String getPassword() {
			return PoolFactoryIntegrationTests.this.database.password();
		}

		@Override
		public String getJdbcUrl() {
			return PoolFactoryIntegrationTests.this.database.url();
		}

	}

	static class Hiding implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return beanName.equals("dataSource") ? new OpaqueDataSource() : bean;
		}

	}

}
