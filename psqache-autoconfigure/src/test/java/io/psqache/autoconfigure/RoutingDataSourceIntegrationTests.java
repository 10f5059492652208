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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.LostEvictionException;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Transactions on a {@code DataSource} of which only some connections lead to the
 * database of the cache. The connection of a transaction determines whether it is atomic.
 */
class RoutingDataSourceIntegrationTests {

	private static final String REFUSE = "create function refuse() returns trigger language plpgsql as "
			+ "$$ begin raise exception 'refused'; end $$; "
			+ "create trigger refuse before insert or update on psqache.cache_entry for each row "
			+ "when (new.type = 'evicted') execute function refuse()";

	private final TestDatabase here = TestDatabase.create();

	private final TestDatabase elsewhere = TestDatabase.create();

	private final AtomicInteger comparisons = new AtomicInteger();

	private final HikariDataSource toHere = pool(this.here);

	private final HikariDataSource toElsewhere = pool(this.elsewhere);

	private String key = "here";

	@AfterEach
	void close() {
		this.toHere.close();
		this.toElsewhere.close();
		this.here.close();
		this.elsewhere.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.transactions=atomic", "psqache.require-evictions=true" })
	void transactionThatReachesTheDatabaseOfTheCacheIsAtomic(String property) {
		onRoutes(new Routes()).withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertIsAtomic(context);
		});
	}

	@Test
	void transactionOnLazyRoutingProxyIsAtomic() {
		Routes routes = new Routes();
		routes.afterPropertiesSet();
		onRoutes(new LazyConnectionDataSourceProxy(routes)).withPropertyValues("psqache.transactions=atomic")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertIsAtomic(context);
			});
	}

	@Test
	void transactionOfOtherDatabaseChangesCacheAfterItsCommit() {
		this.elsewhere.execute("create table note (text text)");
		onRoutes(new Routes()).withPropertyValues("psqache.transactions=atomic").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			this.key = "elsewhere";
			template(context).executeWithoutResult((status) -> {
				new JdbcTemplate(context.getBean(DataSource.class)).update("insert into note values ('committed')");
				cache.evict("1");
				assertThat(cache.get("2", () -> "loaded")).isEqualTo("loaded");
			});
			assertThat(cache.get("1")).isNull();
			assertThat(cache.get("2", String.class)).isEqualTo("loaded");
			assertThat(this.elsewhere.query("select text from note")).isEqualTo("committed");
			assertThat(this.elsewhere.query("select to_regnamespace('psqache')")).isNull();
			this.key = "here";
			assertIsAtomic(context);
		});
	}

	@Test
	void tableInTheDatabaseOfTheCacheIsWatched() {
		this.here.execute("create table book (isbn text, title text); insert into book values ('1', 'old')");
		onRoutes(new Routes())
			.withPropertyValues("psqache.watch[0].table=book", "psqache.watch[0].cache=books",
					"psqache.watch[0].key=isbn")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				PostgresCache cache = TestApplication.cache(context, "books");
				cache.put("1", "old");
				this.here.execute("update book set title = 'new'");
				assertThat(cache.get("1")).isNull();
			});
	}

	@Test
	void tableOfOtherDatabaseIsNotWatched() {
		this.elsewhere.execute("create table book (isbn text, title text)");
		onRoutes(new Routes())
			.withPropertyValues("psqache.watch[0].table=book", "psqache.watch[0].cache=books",
					"psqache.watch[0].key=isbn")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("psqache cannot watch the table 'book': the table does not exist.")
				.hasMessageContaining("Create the table in the database of the cache"));
	}

	@Test
	void connectionsAreComparedOnce() {
		onRoutes(new Routes()).withPropertyValues("psqache.transactions=atomic").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			for (int transaction = 0; transaction < 20; transaction++) {
				template(context).executeWithoutResult((status) -> cache.evict("1"));
			}
			assertThat(this.comparisons).hasValue(1);
		});
	}

	@Test
	void roleWithoutPrivilegeChangesCacheAfterItsCommit() {
		String role = this.here.createRole();
		HikariDataSource asRole = pool(this.here);
		asRole.setUsername(role);
		Routes routes = new Routes(asRole, this.toElsewhere);
		onRoutes(routes).run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			template(context).executeWithoutResult((status) -> cache.evict("1"));
			assertThat(cache.get("1")).isNull();
		});
		asRole.close();
	}

	@Test
	void separateUrlOfSameDatabaseIsAtomic() {
		TestApplication.on(this.here)
			.withPropertyValues("psqache.transactions=atomic", "psqache.datasource.url=" + this.here.relayedUrl())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertIsAtomic(context);
			});
	}

	private void assertIsAtomic(BeanFactory context) {
		PostgresCache cache = TestApplication.cache(context, "books");
		cache.put("1", "old");
		this.here.execute(REFUSE);
		assertThatExceptionOfType(LostEvictionException.class)
			.isThrownBy(() -> template(context).executeWithoutResult((status) -> cache.evict("1")))
			.withMessageContaining("The transaction is rolled back");
	}

	private ApplicationContextRunner onRoutes(DataSource routes) {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues("spring.flyway.enabled=false", "psqache.timeout=10s", "psqache.sweep.interval=1h",
					"psqache.datasource.url=" + this.here.url(), "psqache.datasource.username=" + this.here.username(),
					"psqache.datasource.password=" + this.here.password())
			.withBean("dataSource", DataSource.class, () -> routes)
			.withBean(PlatformTransactionManager.class, () -> new DataSourceTransactionManager(routes));
	}

	private static TransactionTemplate template(BeanFactory context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

	private HikariDataSource pool(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setMaximumPoolSize(1);
		pool.setUsername(database.username());
		pool.setPassword(database.password());
		pool.setDataSource(new Counting(database.url()));
		return pool;
	}

	private final class Routes extends AbstractRoutingDataSource {

		Routes() {
			this(RoutingDataSourceIntegrationTests.this.toHere, RoutingDataSourceIntegrationTests.this.toElsewhere);
		}

		Routes(DataSource here, DataSource elsewhere) {
			setTargetDataSources(Map.of("here", here, "elsewhere", elsewhere));
		}

		@Override
		protected @Nullable Object determineCurrentLookupKey() {
			return RoutingDataSourceIntegrationTests.this.key;
		}

	}

	/**
	 * Counts statements that query the target of a connection.
	 */
	private final class Counting extends AbstractDataSource {

		private final String url;

		Counting(String url) {
			this.url = url;
		}

		@Override
		public Connection getConnection() throws SQLException {
			throw new SQLException("No credentials");
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			Connection connection = DriverManager.getConnection(this.url, username, password);
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("prepareStatement")
								&& String.valueOf(arguments[0]).contains("pg_postmaster_start_time")) {
							RoutingDataSourceIntegrationTests.this.comparisons.incrementAndGet();
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

}
