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

package io.psqache.internal.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.BreakerState;
import io.psqache.test.Concurrently;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.transaction.TransactionalStore;
import io.psqache.internal.transaction.Transactions;
import io.psqache.test.FaultyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A crash of the server takes all tombstones with it. What was loaded before must not be
 * stored after it all the same.
 */
class CrashIntegrationTests {

	private static final StoredValue OLD = StoredValue.json("\"old\"", "v1 java.lang.String");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	@SuppressWarnings("NullAway.Init")
	private static FaultyServer server;

	private final HikariDataSource pool = TestCaches.pool(server);

	private final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(20));

	private final CacheHandle books = TestStores.cache(this.store, "test", "books");

	@BeforeAll
	static void startServer() {
		server = FaultyServer.start(directory);
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void migrate() {
		server.execute("drop schema if exists psqache cascade");
		TestCaches.migrate(server.dataSource());
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
	}

	@Test
	void whatWasLoadedBeforeIsNotStored() {
		Fence fence = miss("key");
		this.store.evict(this.books, "key").await();
		crash();
		assertThat(put("key", fence)).isFalse();
		assertThat(put("key", miss("key"))).isTrue();
		assertThat(put("other", fence)).isFalse();
	}

	@Test
	void inABatchOnlyWhatWasLoadedAfterItIsStored() throws Exception {
		Fence before = miss("a");
		crash();
		Fence after = miss("b");
		List<CompletableFuture<Boolean>> puts;
		try (var connection = server.connect(); var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table psqache.entry");
			CompletableFuture<?> busy = this.store.put(this.books, "busy", TestStores.entry(OLD)).in(CallMode.ASYNC);
			puts = List.of(putAsync("a", before), putAsync("b", after), putAsync("c", before));
			connection.commit();
			busy.get(20, TimeUnit.SECONDS);
		}
		assertThat(puts.get(0).get(20, TimeUnit.SECONDS)).isFalse();
		assertThat(puts.get(1).get(20, TimeUnit.SECONDS)).isTrue();
		assertThat(puts.get(2).get(20, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void whatATransactionLoadedBeforeIsNotStoredWithIt() {
		Fence fence = miss("key");
		crash();
		miss("other");
		DataSource application = server.dataSource();
		TransactionalStore transactional = new TransactionalStore(this.store, Transactions.atomic(application));
		new TransactionTemplate(new JdbcTransactionManager(application)).executeWithoutResult((status) -> {
			Entries entries = transactional.entries();
			entries.put(this.books, "key", entry(fence)).await();
			entries.put(this.books, "other", entry(entries.fence(this.books).await())).await();
		});
		assertThat(this.store.peek(this.books, "key").await()).isEmpty();
		assertThat(this.store.peek(this.books, "other").await()).isPresent();
	}

	/**
	 * And the pool has found out.
	 */
	private void crash() {
		server.crash();
		Concurrently.awaitThat(() -> {
			try {
				this.store.peek(this.books, "any").await();
				this.store.put(this.books, "any", TestStores.entry(OLD)).await();
				return this.store.breakerState() == BreakerState.CLOSED;
			}
			catch (StoreException ex) {
				return false;
			}
		});
	}

	private Fence miss(String key) {
		return Objects.requireNonNull(this.store.getOrFence(this.books, key, null).await().fence());
	}

	private static NewEntry entry(Fence fence) {
		return new NewEntry(OLD, Lifetime.FOREVER, fence);
	}

	private boolean put(String key, Fence fence) {
		return this.store.put(this.books, key, entry(fence)).await();
	}

	private CompletableFuture<Boolean> putAsync(String key, Fence fence) {
		return this.store.put(this.books, key, entry(fence)).in(CallMode.ASYNC);
	}

}
