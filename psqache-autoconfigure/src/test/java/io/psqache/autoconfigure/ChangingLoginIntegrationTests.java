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
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools whose credentials change at runtime, and whose connections execute an initial
 * statement. psqache's connections use the same credentials and statement. A role without
 * the login privilege simulates a changed password, because the test server may trust all
 * connections.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChangingLoginIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	/**
	 * The role that owns the schema.
	 */
	private final String owner = this.database.createRole();

	/**
	 * Two roles that may assume the role of the owner.
	 */
	private final String first = this.database.createRole();

	private final String second = this.database.createRole();

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(TestApplication.class)
		.withPropertyValues("spring.flyway.enabled=false", "psqache.timeout=500ms", "psqache.sweep.interval=1h");

	ChangingLoginIntegrationTests() {
		this.database.execute("create schema psqache authorization " + this.owner);
		this.database.execute("grant " + this.owner + " to " + this.first + ", " + this.second);
	}

	@Test
	void initStatementOfThePoolIsExecuted() {
		onProperties("spring.datasource.hikari.connection-init-sql=set role " + this.owner).run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertThat(this.database
				.query("select string_agg(distinct tableowner, ',') from pg_tables where schemaname = 'psqache'"))
				.isEqualTo(this.owner);
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> cache.evict("1"));
			assertThat(cache.get("1")).isNull();
		});
	}

	@Test
	void initStatementOfPoolIsNotExecutedForSeparateLogin() {
		onProperties("spring.datasource.hikari.connection-init-sql=set role " + this.first,
				"psqache.datasource.username=" + this.owner, "psqache.datasource.password=" + this.database.password())
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	@Test
	void schemaOfThePoolIsThatOfTheSession() {
		this.database.execute("create schema shop authorization " + this.owner);
		this.database.execute("create table shop.book (isbn text); alter table shop.book owner to " + this.owner);
		onProperties("spring.datasource.hikari.connection-init-sql=set role " + this.owner,
				"spring.datasource.hikari.schema=shop", "psqache.watch[0].table=book", "psqache.watch[0].cache=books",
				"psqache.watch[0].key=isbn")
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	@Test
	void refusedInitStatementFailsStartup() {
		onProperties("spring.datasource.hikari.connection-init-sql=set role " + this.database.username())
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cannot execute the connection-init-sql"));
	}

	@Test
	void credentialsSetOnPool() {
		onProperties("spring.datasource.hikari.connection-init-sql=set role " + this.owner).run((context) -> {
			HikariDataSource pool = context.getBean("dataSource", DataSource.class).unwrap(HikariDataSource.class);
			assertFollows(context, () -> pool.getHikariConfigMXBean()
				.setCredentials(Credentials.of(this.second, this.database.password())));
		});
	}

	@Test
	void credentialsComputedByPool() {
		AtomicInteger rotations = new AtomicInteger();
		HikariDataSource pool = new HikariDataSource() {

			@Override
			public Credentials getCredentials() {
				return Credentials.of(user(rotations.get()), ChangingLoginIntegrationTests.this.database.password());
			}

		};
		onPool(pool).run((context) -> assertFollows(context, rotations::incrementAndGet));
	}

	@Test
	void credentialsOfProvider() {
		AtomicInteger rotations = new AtomicInteger();
		HikariDataSource pool = new HikariDataSource();
		pool.setCredentialsProvider(() -> Credentials.of(user(rotations.get()), this.database.password()));
		onPool(pool).run((context) -> assertFollows(context, rotations::incrementAndGet));
	}

	@Test
	void passwordOfDriverForEachConnection() throws SQLException {
		AtomicInteger rotations = new AtomicInteger();
		Driver driver = new TokenDriver(rotations);
		DriverManager.registerDriver(driver);
		try {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(this.database.url().replace("jdbc:", TokenDriver.PREFIX));
			pool.setConnectionInitSql("set role " + this.owner);
			this.application.withBean("dataSource", DataSource.class, () -> pool)
				.run((context) -> assertFollows(context, rotations::incrementAndGet));
		}
		finally {
			DriverManager.deregisterDriver(driver);
		}
	}

	@Test
	void dataSourceInsidePool() {
		AtomicInteger rotations = new AtomicInteger();
		HikariDataSource pool = new HikariDataSource();
		pool.setConnectionInitSql("set role " + this.owner);
		pool.setDataSource(new AbstractDataSource() {

			@Override
			public Connection getConnection() throws SQLException {
				return getConnection(user(rotations.get()), ChangingLoginIntegrationTests.this.database.password());
			}

			@Override
			public Connection getConnection(String username, String password) throws SQLException {
				return DriverManager.getConnection(ChangingLoginIntegrationTests.this.database.url(), username,
						password);
			}

		});
		this.application.withBean("dataSource", DataSource.class, () -> pool)
			.run((context) -> assertFollows(context, rotations::incrementAndGet));
	}

	@Test
	void dataSourceClassInsidePool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSourceClassName(PGSimpleDataSource.class.getName());
		pool.addDataSourceProperty("url", this.database.url());
		pool.setUsername(this.first);
		pool.setPassword(this.database.password());
		pool.setConnectionInitSql("set role " + this.owner);
		this.application.withBean("dataSource", DataSource.class, () -> pool)
			.run((context) -> assertFollows(context,
					() -> pool.setCredentials(Credentials.of(this.second, this.database.password()))));
	}

	@Test
	void credentialsOfDataSourceWithoutPool() {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(this.database.url(), this.first,
				this.database.password());
		this.database.execute("alter role " + this.first + " set role " + this.owner);
		this.database.execute("alter role " + this.second + " set role " + this.owner);
		this.application.withBean("dataSource", DataSource.class, () -> dataSource)
			.run((context) -> assertFollows(context, () -> dataSource.setUsername(this.second)));
	}

	@Test
	void credentialsOfApplicationWithSeparateUrl() {
		this.database.execute("alter role " + this.first + " set role " + this.owner);
		this.database.execute("alter role " + this.second + " set role " + this.owner);
		onProperties("spring.datasource.url=jdbc:h2:mem:of-the-application",
				"psqache.datasource.url=" + this.database.url())
			.run((context) -> {
				HikariDataSource pool = context.getBean("dataSource", DataSource.class).unwrap(HikariDataSource.class);
				assertFollows(context, () -> pool.getHikariConfigMXBean()
					.setCredentials(Credentials.of(this.second, this.database.password())));
			});
	}

	@Test
	void refusedLoginIsSeparateCause(CapturedOutput output) {
		onProperties("psqache.timeout=100ms", "spring.datasource.hikari.connection-init-sql=set role " + this.owner)
			.run((context) -> {
				assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
				refuse(this.first);
				PostgresCache cache = TestApplication.cache(context, "books");
				Concurrently.awaitThat(() -> {
					cache.get("1");
					return cache.getStatistics().failures(CacheOperation.GET) > 0
							&& FailureCause.LOGIN_REFUSED.description()
								.equals(health(context).getDetails().get("reason"));
				});
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
				assertThat(output.getOut()).contains(FailureCause.LOGIN_REFUSED.description())
					.contains("Check the username, the password")
					.doesNotContain("Look for locks and load");
				this.database.execute("alter role " + this.first + " login");
				Concurrently.awaitThat(() -> health(context).getStatus().equals(Status.UP));
			});
	}

	/**
	 * Check that the cache works, disable the first role and close its connections, and
	 * check that the cache works with the second role.
	 */
	private void assertFollows(BeanFactory context, Runnable rotation) {
		Concurrently.awaitThat(() -> TestApplication.roundTrip(context).equals("yes"));
		rotation.run();
		refuse(this.first);
		Concurrently.awaitThat(() -> TestApplication.roundTrip(context).equals("yes"));
		assertThat(this.database.query("select string_agg(distinct usename, ',') from pg_stat_activity "
				+ "where application_name = 'psqache' and datname = current_database()"))
			.isEqualTo(this.second);
	}

	private void refuse(String role) {
		this.database.execute("alter role " + role + " nologin");
		this.database.query("select count(pg_terminate_backend(pid)) from pg_stat_activity "
				+ "where application_name = 'psqache' and datname = current_database()");
	}

	private String user(int rotations) {
		return (rotations == 0) ? this.first : this.second;
	}

	private ApplicationContextRunner onProperties(String... more) {
		return this.application.withPropertyValues("spring.datasource.url=" + this.database.url(),
				"spring.datasource.username=" + this.first, "spring.datasource.password=" + this.database.password())
			.withPropertyValues(more);
	}

	private ApplicationContextRunner onPool(HikariDataSource pool) {
		pool.setJdbcUrl(this.database.url());
		pool.setConnectionInitSql("set role " + this.owner);
		return this.application.withBean("dataSource", DataSource.class, () -> pool);
	}

	private static Health health(BeanFactory context) {
		HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
		HealthIndicator indicator = (HealthIndicator) Objects.requireNonNull(registry.getContributor("psqache"));
		return Objects.requireNonNull(indicator.health());
	}

	/**
	 * A driver that obtains a username for each connection, as drivers with tokens do.
	 */
	private final class TokenDriver implements Driver {

		private static final String PREFIX = "jdbc:token:";

		private final AtomicInteger rotations;

		TokenDriver(AtomicInteger rotations) {
			this.rotations = rotations;
		}

		@Override
		public @Nullable Connection connect(String url, Properties info) throws SQLException {
			if (!acceptsURL(url)) {
				return null;
			}
			Properties properties = new Properties();
			properties.putAll(info);
			properties.setProperty("user", user(this.rotations.get()));
			properties.setProperty("password", ChangingLoginIntegrationTests.this.database.password());
			return DriverManager.getConnection(url.replace(PREFIX, "jdbc:"), properties);
		}

		@Override
		public boolean acceptsURL(String url) {
			return url.startsWith(PREFIX);
		}

		@Override
		public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
			return new DriverPropertyInfo[0];
		}

		@Override
		public int getMajorVersion() {
			return 1;
		}

		@Override
		public int getMinorVersion() {
			return 0;
		}

		@Override
		public boolean jdbcCompliant() {
			return false;
		}

		@Override
		public Logger getParentLogger() {
			return Logger.getGlobal();
		}

	}

}
