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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import javax.sql.DataSource;

import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.NearStatistics;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * An instance whose near cache starts while a transaction of this or another instance has
 * locked the row of the cache.
 */
class NearMarkIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void nearEntriesStayCoherentAfterRollbackOfFirstTransaction() {
		this.database.execute("create table single (id int unique deferrable initially deferred)");
		try (ConfigurableApplicationContext plain = run("psqache.timeout=10s");
				ConfigurableApplicationContext near = run("psqache.timeout=300ms",
						"psqache.defaults.near.enabled=true")) {
			PostgresCache writer = TestApplication.cache(plain, "books");
			PostgresCache reader = TestApplication.cache(near, "books");
			writer.put("1", "old");
			assertThatException().isThrownBy(() -> transaction(near).executeWithoutResult((status) -> {
				JdbcClient jdbc = near.getBean(JdbcClient.class);
				jdbc.sql("select psqache.clear_cache(id) from psqache.cache where name = 'books'").query().listOfRows();
				reader.evict("2");
				jdbc.sql("insert into single values (1), (1)").update();
			}));
			NearStatistics nearStatistics = Objects.requireNonNull(reader.getStatistics().near());
			Concurrently.awaitThat(() -> reader.get("1") != null && nearStatistics.hits() > 0);
			writer.put("1", "new");
			Concurrently.awaitThat(() -> "new".equals(reader.get("1", String.class)));
			assertThat(this.database.query("select near from psqache.cache where name = 'books'")).isEqualTo("t");
		}
	}

	/**
	 * A read that waits for the lock would not fail with {@code LOCKED}.
	 */
	@Test
	void startOfNearCacheDoesNotWaitForTransactionThatClears() throws SQLException {
		try (ConfigurableApplicationContext plain = run();
				ConfigurableApplicationContext near = run("psqache.timeout=2s", "psqache.defaults.near.enabled=true")) {
			TestApplication.cache(plain, "books").put("1", "value");
			PostgresCache reader = TestApplication.cache(near, "books");
			try (Connection transaction = this.database.connect();
					Statement statement = transaction.createStatement()) {
				transaction.setAutoCommit(false);
				statement.execute("select psqache.clear_cache(id) from psqache.cache where name = 'books'");
				assertThat(reader.get("1")).isNull();
				assertThat(reader.getStatistics().failures(CacheOperation.GET, FailureCause.LOCKED)).isOne();
				transaction.rollback();
			}
			NearStatistics nearStatistics = Objects.requireNonNull(reader.getStatistics().near());
			Concurrently.awaitThat(() -> reader.get("1") != null && nearStatistics.hits() > 0);
		}
	}

	private static TransactionTemplate transaction(ConfigurableApplicationContext context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

	private ConfigurableApplicationContext run(String... properties) {
		return TestApplication.run(Application.class, TestApplication.properties(this.database, properties));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(TestApplication.class)
	static class Application {

		@Bean
		DataSourceTransactionManager transactionManager(DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

	}

}
