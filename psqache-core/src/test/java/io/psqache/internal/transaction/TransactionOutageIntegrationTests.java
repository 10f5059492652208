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

package io.psqache.internal.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariDataSource;

import io.psqache.BreakerState;
import io.psqache.test.Concurrently;
import io.psqache.NearCoherence;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.TestCaches;
import io.psqache.TransactionMode;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests transactions of an instance whose cache has no connection, while the application
 * itself reaches the database. Another instance observes the outcome.
 */
class TransactionOutageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final List<Connection> taken = new ArrayList<>();

	private final List<PlainApplication> applications = new ArrayList<>();

	@AfterEach
	void close() throws SQLException {
		returnConnections();
		this.applications.forEach(PlainApplication::close);
		this.database.close();
	}

	@Test
	void evictionIsSeenWithTheCommitAlthoughTheCircuitBreakerIsOpen() throws SQLException {
		PlainApplication first = start((builder) -> builder.transactions(TransactionMode.ATOMIC));
		PostgresCache cache = first.cache("books");
		cache.put("1", "old");
		cache.put("2", "old");
		exhaust(first);
		// The first instance has not received the heartbeat of its peer.
		PlainApplication second = start(
				(builder) -> builder.defaults((settings) -> settings.withNear(settings.near().withEnabled(true))));
		PostgresCache other = second.cache("books");
		Concurrently.awaitThat(() -> second.manager().getStatus().near().status() == NearState.Status.LISTENING);
		Concurrently.awaitThat(() -> other.get("1") != null && other.get("2") != null && other.getNearEntries() == 2);
		first.transaction().executeWithoutResult((status) -> {
			cache.evict("1");
			status.setRollbackOnly();
		});
		assertThat(other.get("1", String.class)).isEqualTo("old");
		first.transaction().executeWithoutResult((status) -> {
			first.jdbc().sql("create table committed ()").update();
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
		returnConnections();
		Concurrently.awaitThat(() -> breaker(first) == BreakerState.CLOSED);
		assertThat(cache.get("1")).isNull();
		assertThat(cache.get("2", String.class)).isNotEqualTo("old");
	}

	@Test
	void evictionAfterTheCommitJoinsTheBacklog() throws SQLException {
		PlainApplication first = start((builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
		PostgresCache cache = first.cache("books");
		for (String key : List.of("1", "2", "3")) {
			cache.put(key, "old");
		}
		exhaust(first);
		first.transaction().executeWithoutResult((status) -> {
			cache.evict("1");
			cache.put("2", "new");
		});
		assertThat(pending(first)).isEqualTo(2);
		returnConnections();
		Concurrently.awaitThat(() -> {
			assertThat(cache.get("1")).isNull();
			assertThat(cache.get("2", String.class)).isNotEqualTo("old");
			return cache.get("3") != null;
		});
		assertThat(pending(first)).isZero();
	}

	/**
	 * The statements of the transaction do not see a lease that is newer than its
	 * snapshot, and no other connection can look it up.
	 */
	@Test
	void transactionThatKeepsItsSnapshotFailsIfItMayMissALease() {
		PlainApplication first = start((builder) -> builder.transactions(TransactionMode.ATOMIC));
		PostgresCache cache = first.cache("books");
		cache.put("1", "old");
		AtomicReference<PostgresCache> strict = new AtomicReference<>();
		assertThatThrownBy(() -> repeatable(first).executeWithoutResult((status) -> {
			first.jdbc().sql("select 1").query().singleValue();
			onAnotherThread(() -> {
				strict.set(startStrict());
				exhaust(first);
			});
			cache.evict("1");
		})).isInstanceOf(ConcurrencyFailureException.class);
		assertThat(Objects.requireNonNull(strict.get()).get("1", String.class)).isEqualTo("old");
	}

	@Test
	void transactionThatKeepsItsSnapshotCommitsIfItMissesNoLease() {
		PlainApplication first = start((builder) -> builder.transactions(TransactionMode.ATOMIC));
		PostgresCache cache = first.cache("books");
		cache.put("1", "old");
		repeatable(first).executeWithoutResult((status) -> {
			first.jdbc().sql("select 1").query().singleValue();
			onAnotherThread(() -> exhaust(first));
			cache.evict("1");
		});
		assertThat(this.database.query("select count(*) from psqache.cache_entry where type <> 'evicted'"))
			.isEqualTo("0");
	}

	private PostgresCache startStrict() {
		PlainApplication application = start((builder) -> builder.nearLease(Duration.ofMillis(500))
			.defaults((settings) -> settings
				.withNear(settings.near().withEnabled(true).withCoherence(NearCoherence.STRICT))));
		PostgresCache cache = application.cache("books");
		Concurrently
			.awaitThat(() -> cache.get("1") != null && Objects.requireNonNull(cache.getStatistics().near()).hits() > 0);
		return cache;
	}

	private static TransactionTemplate repeatable(PlainApplication application) {
		TransactionTemplate transaction = application.transaction();
		transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		return transaction;
	}

	/**
	 * Outside of the transaction of this thread.
	 */
	private static void onAnotherThread(Runnable work) {
		CompletableFuture.runAsync(work).join();
	}

	private PlainApplication start(Consumer<PostgresCacheManagerBuilder> settings) {
		PlainApplication application = PlainApplication.on(this.database,
				settings.andThen((builder) -> builder.namespace("shop").timeout(Duration.ofMillis(300))));
		this.applications.add(application);
		return application;
	}

	/**
	 * Take all connections of the cache and wait until the cache has detected this. A
	 * worker keeps its connection for a while after its last batch.
	 */
	private void exhaust(PlainApplication application) {
		HikariDataSource pool = TestCaches.pool(application.manager());
		int connections = pool.getMaximumPoolSize();
		Concurrently.awaitThat(() -> {
			try {
				this.taken.add(pool.getConnection());
			}
			catch (SQLTransientConnectionException ex) {
				// A worker still holds the connection.
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
			return this.taken.size() == connections;
		});
		PostgresCache cache = application.cache("books");
		Concurrently.awaitThat(() -> {
			cache.get("any");
			return breaker(application) != BreakerState.CLOSED;
		});
	}

	private void returnConnections() throws SQLException {
		for (Connection connection : this.taken) {
			connection.close();
		}
		this.taken.clear();
	}

	private static BreakerState breaker(PlainApplication application) {
		return application.manager().getStatus().breaker();
	}

	private static long pending(PlainApplication application) {
		return application.manager().getStatus().pendingEvictions();
	}

}
