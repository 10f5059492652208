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
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.psqache.BreakerState;
import io.psqache.Concurrently;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Transactions of an instance whose cache has no connection left, while the application
 * itself reaches the database. Another instance sees what comes of them.
 */
class TransactionOutageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final List<Connection> taken = new ArrayList<>();

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@AfterEach
	void close() throws SQLException {
		giveBack();
		this.contexts.forEach(ConfigurableApplicationContext::close);
		this.database.close();
	}

	@Test
	void evictionIsSeenWithTheCommitThoughTheCircuitBreakerIsOpen() throws SQLException {
		ConfigurableApplicationContext first = start("psqache.transactions=atomic");
		PostgresCache cache = TestApplication.cache(first, "books");
		cache.put("1", "old");
		cache.put("2", "old");
		exhaust(first);
		ConfigurableApplicationContext second = start("psqache.defaults.near.enabled=true"); // which
																								// the
																								// first
																								// has
																								// not
																								// heard
		PostgresCache other = TestApplication.cache(second, "books");
		Concurrently.awaitThat(() -> second.getBean(PostgresCacheManager.class)
			.getStatus()
			.near()
			.status() == NearState.Status.LISTENING);
		Concurrently.awaitThat(() -> other.get("1") != null && other.get("2") != null && other.getNearEntries() == 2);
		template(first).executeWithoutResult((status) -> {
			cache.evict("1");
			status.setRollbackOnly();
		});
		assertThat(other.get("1", String.class)).isEqualTo("old");
		template(first).executeWithoutResult((status) -> {
			sql(first, "create table committed ()");
			cache.evict("1");
			cache.put("2", "new");
		});
		assertThat(this.database.query("select to_regclass('committed')")).isNotNull();
		assertThat(breaker(first)).isNotEqualTo(BreakerState.CLOSED);
		assertThat(this.database
			.query("select count(*) from psqache.cache_entry where value::text like '%old%' and type <> 'evicted'"))
			.isEqualTo("0");
		Concurrently.awaitThat(() -> other.get("1") == null && !"old".equals(other.get("2", String.class)));
		assertThat(cache.get("1")).isNull();
		giveBack();
		Concurrently.awaitThat(() -> breaker(first) == BreakerState.CLOSED);
		assertThat(cache.get("1")).isNull();
		assertThat(cache.get("2", String.class)).isNotEqualTo("old");
	}

	@Test
	void evictionAfterTheCommitIsRemembered() throws SQLException {
		ConfigurableApplicationContext first = start("psqache.transactions=after-commit");
		PostgresCache cache = TestApplication.cache(first, "books");
		for (String key : List.of("1", "2", "3")) {
			cache.put(key, "old");
		}
		exhaust(first);
		template(first).executeWithoutResult((status) -> {
			cache.evict("1");
			cache.put("2", "new");
		});
		assertThat(pending(first)).isEqualTo(2);
		giveBack();
		Concurrently.awaitThat(() -> {
			assertThat(cache.get("1")).isNull();
			assertThat(cache.get("2", String.class)).isNotEqualTo("old");
			return cache.get("3") != null;
		});
		assertThat(pending(first)).isZero();
	}

	private ConfigurableApplicationContext start(String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.application.name=shop", "psqache.timeout=300ms"));
		all.addAll(List.of(properties));
		ConfigurableApplicationContext context = TestApplication.run(TestApplication.class,
				TestApplication.properties(this.database, all.toArray(String[]::new)));
		this.contexts.add(context);
		return context;
	}

	/**
	 * Leave the cache without a connection, until it knows. A worker keeps its connection
	 * for a while after its last batch.
	 */
	private void exhaust(ConfigurableApplicationContext context) {
		int connections = TestApplication.pool(context).getMaximumPoolSize();
		Concurrently.awaitThat(() -> {
			try {
				this.taken.add(TestApplication.pool(context).getConnection());
			}
			catch (SQLTransientConnectionException ex) {
				// A worker has it still.
			}
			return this.taken.size() == connections;
		});
		PostgresCache cache = TestApplication.cache(context, "books");
		Concurrently.awaitThat(() -> {
			cache.get("any");
			return breaker(context) != BreakerState.CLOSED;
		});
	}

	private void giveBack() throws SQLException {
		for (Connection connection : this.taken) {
			connection.close();
		}
		this.taken.clear();
	}

	private static BreakerState breaker(ConfigurableApplicationContext context) {
		return context.getBean(PostgresCacheManager.class).getStatus().breaker();
	}

	private static long pending(ConfigurableApplicationContext context) {
		return context.getBean(PostgresCacheManager.class).getStatus().pendingEvictions();
	}

	private static void sql(ConfigurableApplicationContext context, String statement) {
		Objects.requireNonNull(context.getBean(JdbcClient.class)).sql(statement).update();
	}

	private static TransactionTemplate template(ConfigurableApplicationContext context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

}
