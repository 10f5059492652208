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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.TestCaches;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.EntryStore;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * psqache's own connections: their number and lifetime.
 */
class PoolIntegrationTests {

	private static final String SESSIONS = """
			select count(*)
			from pg_stat_activity
			where datname = current_database() and application_name = 'psqache'
			""";

	private static final String WAITING_SESSIONS = SESSIONS + " and wait_event_type = 'Lock'";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database)
		.withPropertyValues("psqache.timeout=60s");

	@Test
	void opensNoMoreConnectionsThanItsMaximumSize() {
		this.application.withPropertyValues("psqache.pool.maximum-size=3").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put(0, "known");
			TestApplication.awaitSweeperAtRest();
			// The connection of the startup may close with a delay.
			Concurrently.awaitThat(() -> count(SESSIONS) <= 3);
			Future<?> callers;
			try (Connection lock = lock("psqache.cache_entry")) {
				callers = Concurrently.start(24, (caller) -> readOrWrite(cache, caller));
				Concurrently.awaitThat(() -> count(WAITING_SESSIONS) >= 3);
				assertThat(count(SESSIONS)).isEqualTo(3);
				assertThat(callers).isNotDone();
				lock.rollback();
			}
			callers.get(1, TimeUnit.MINUTES);
			assertThat(count(SESSIONS)).isEqualTo(3);
			assertThat(cache.getStatistics().puts()).isEqualTo(13);
			assertThat(cache.getStatistics().hits()).isEqualTo(12);
		});
	}

	private static @Nullable Object readOrWrite(PostgresCache cache, int caller) {
		if (caller % 2 == 0) {
			return cache.get(0);
		}
		cache.put(caller, "new");
		return null;
	}

	@Test
	void opensFourConnectionsByDefault() {
		this.application.run((context) -> assertThat(TestApplication.pool(context).getMaximumPoolSize()).isEqualTo(4));
	}

	@Test
	void cacheIsUsableInTransactionThatHoldsTheLastConnectionOfTheApplication() {
		this.application.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1").run((context) -> {
			DataSource dataSource = context.getBean("dataSource", DataSource.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			Object answer = transaction.execute((status) -> TestApplication.roundTrip(context));
			assertThat(answer).isEqualTo("yes");
			assertThat(dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean().getTotalConnections())
				.isEqualTo(1);
		});
	}

	@Test
	void closesAllConnectionsWithApplication() {
		this.application.run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertThat(count(SESSIONS)).isPositive();
			HikariDataSource pool = TestApplication.pool(context);
			context.getSourceApplicationContext().close();
			assertThat(pool.isClosed()).isTrue();
		});
		Concurrently.awaitThat(() -> count(SESSIONS) == 0);
	}

	/**
	 * Without psqache's settings, the driver limits only the wait for the answer to the
	 * TLS request.
	 */
	@Test
	void connectionOnWhichTheServerIsSilentDoesNotHoldUpThePool() {
		new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(TestApplication.properties(this.database.relayedUrl() + "?sslmode=disable",
					this.database.username(), this.database.password(), "psqache.timeout=300ms"))
			.run((context) -> {
				PostgresCache cache = TestApplication.cache(context, "books");
				Concurrently.awaitThat(() -> isBack(cache));
				this.database.relay().swallow();
				this.database.relay().disconnect();
				Concurrently.awaitThat(() -> cache.get(1) == null && this.database.relay().hasSwallowed());
				this.database.relay().restore();
				try {
					Concurrently.awaitThat(() -> isBack(cache));
				}
				finally {
					// Otherwise the pool does not close.
					this.database.relay().disconnect();
				}
			});
	}

	private static boolean isBack(PostgresCache cache) {
		cache.put(1, "stored");
		return cache.get(1) != null;
	}

	@Test
	void failedStartLeavesNoConnection() {
		this.application.withPropertyValues("spring.cache.cache-names=books", "psqache.caches.films.jitter=0")
			.run((context) -> assertThat(context).hasFailed());
		Concurrently.awaitThat(() -> count(SESSIONS) == 0);
	}

	@Test
	void requestInProgressCompletesBeforePoolCloses() {
		this.application.withPropertyValues("psqache.pool.maximum-size=1").run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			EntryStore store = TestCaches.store(context.getBean(PostgresCacheManager.class));
			TestApplication.awaitSweeperAtRest();
			CompletableFuture<?> underWay;
			CompletableFuture<Void> closing;
			try (Connection lock = lock("psqache.cache")) {
				underWay = store.probe("").in(CallMode.ASYNC);
				Concurrently.awaitThat(() -> count(WAITING_SESSIONS) == 1);
				closing = CompletableFuture.runAsync(application::close);
				awaitRefusal(store);
				assertThat(underWay).isNotDone();
				lock.rollback();
			}
			assertThat(underWay).succeedsWithin(1, TimeUnit.MINUTES);
			closing.get(1, TimeUnit.MINUTES);
		});
	}

	/**
	 * Requests before the manager closes wait behind the current one.
	 */
	private static void awaitRefusal(EntryStore store) {
		List<CompletableFuture<?>> later = new ArrayList<>();
		Concurrently.awaitThat(() -> {
			later.add(store.probe("").in(CallMode.ASYNC));
			return later.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
		});
	}

	private Connection lock(String table) throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("lock table " + table + " in access exclusive mode");
		}
		return connection;
	}

	private long count(String query) throws SQLException {
		try (Connection connection = this.database.connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(query)) {
			rows.next();
			return rows.getLong(1);
		}
	}

}
