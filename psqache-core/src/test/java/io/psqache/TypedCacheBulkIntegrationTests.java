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

package io.psqache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.SchemaRepair;
import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import io.psqache.test.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Bulk calls: the number of their statements, and the result if some entries fail. There
 * is one worker for writes, so that the statements can be counted.
 */
class TypedCacheBulkIntegrationTests {

	private static final int MANY = 25_000;

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.relayedUrl(), this.database);

	private final Queue<Statement> statements = new ConcurrentLinkedQueue<>();

	private final CacheMonitor monitor = new CacheMonitor() {

		@Override
		public void batch(OperationKind operation, int size) {
			TypedCacheBulkIntegrationTests.this.statements.add(new Statement(operation, size));
		}

	};

	private final EntryStore store = new EntryStore(this.pool, 2, TestCaches.SCHEMA, Duration.ofSeconds(5),
			TestStores.FENCE_LIFE, this.monitor, SchemaRepair.NONE);

	private final PostgresCacheManager manager = TestCaches.manager(this.store, null, "", (builder) -> builder);

	private final TypedCache<Integer, Object> cache = this.manager.typedCache("numbers", Integer.class, Object.class);

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.manager.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void bulkCallIsOneStatement() {
		this.cache.setAll(numbers(128));
		assertThat(statements(OperationKind.PUT)).containsExactly(128);
		assertThat(this.cache.getAll(numbers(1_000).keySet())).hasSize(128);
		assertThat(statements(OperationKind.GET)).containsExactly(1_000);
		assertThat(this.cache.deleteAll(numbers(1_000).keySet())).isEqualTo(128);
		assertThat(statements(OperationKind.EVICT)).containsExactly(1_000);
	}

	@Test
	void largeBulkCallUsesFewStatements() throws Exception {
		Map<Integer, Object> numbers = numbers(MANY);
		this.cache.setAll(numbers);
		assertThat(statements(OperationKind.PUT)).hasSize(196).allMatch((size) -> size <= 128);
		assertThat(this.cache.getAll(numbers.keySet())).isEqualTo(numbers);
		assertThat(statements(OperationKind.GET)).hasSize(25).containsOnly(1_000);
		assertThat(this.cache.deleteAllAsync(numbers.keySet()).get(60, TimeUnit.SECONDS)).isEqualTo(MANY);
		assertThat(statements(OperationKind.EVICT)).hasSize(25).containsOnly(1_000);
		assertThat(this.cache.getAll(numbers.keySet())).isEmpty();
	}

	@Test
	void largeValuesAreSentInStatementsOfOneMegabyte() {
		Map<Integer, Object> large = new LinkedHashMap<>();
		for (int i = 0; i < 10; i++) {
			large.put(i, "x".repeat(300 * 1024));
		}
		this.cache.setAll(large);
		assertThat(statements(OperationKind.PUT)).containsExactly(3, 3, 3, 1);
		assertThat(this.cache.getAll(large.keySet())).isEqualTo(large);
	}

	/**
	 * A bulk call uses few places in the request queue, whatever its size.
	 */
	@Test
	void bulkCallUsesFewPlacesInQueue() throws Exception {
		CompletableFuture<@Nullable Void> set;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			set = this.cache.setAllAsync(numbers(MANY));
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			assertThat(this.store.queuedWrites()).isBetween(1, 7);
		}
		set.get(60, TimeUnit.SECONDS);
		assertThat(this.cache.getAll(numbers(MANY).keySet())).hasSize(MANY);
	}

	@Test
	void refusedEntryDoesNotFailOthers() {
		this.database.execute("alter table psqache.cache_entry add check (key <> '42')");
		assertThatExceptionOfType(CacheWriteException.class).isThrownBy(() -> this.cache.setAll(numbers(300)))
			.withMessageContaining("Cache 'numbers' confirmed the storage of only 299 of 300 entries")
			.withMessageContaining("SQLSTATE 23514")
			.satisfies((ex) -> {
				assertThat(ex.written()).isEqualTo(299);
				assertThat(ex.asked()).isEqualTo(300);
				assertThat(ex.failureCause()).isEqualTo(FailureCause.OTHER);
			});
		assertThat(this.cache.getAll(numbers(300).keySet())).hasSize(299).doesNotContainKey(42);
		assertThat(statistics().puts()).isEqualTo(299);
		assertThat(statistics().failures(CacheOperation.PUT)).isEqualTo(1);
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.cache.setAllAsync(numbers(300)).get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(CacheWriteException.class);
	}

	@Test
	void entryWithoutStoredFormDoesNotFailOthers() {
		Map<Integer, Object> numbers = numbers(10);
		numbers.put(3, new java.util.Random(1));
		assertThatExceptionOfType(CacheWriteException.class).isThrownBy(() -> this.cache.setAll(numbers))
			.withMessageContaining("the storage of only 9 of 10 entries")
			.withMessageContaining("java.util.Random")
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.UNREADABLE));
		assertThat(this.cache.getAll(numbers.keySet())).hasSize(9);
	}

	@Test
	void olderEntryOfValueWithoutStoredFormIsEvicted() {
		Map<Integer, Object> numbers = numbers(10);
		this.cache.setAll(numbers);
		numbers.put(3, new java.util.Random(1));
		assertThatExceptionOfType(CacheWriteException.class).isThrownBy(() -> this.cache.setAll(numbers));
		assertThat(this.cache.has(3)).isFalse();
		assertThat(this.cache.has(4)).isTrue();
	}

	/**
	 * The portions of a bulk call must not wait for threads that the application blocks.
	 */
	@Test
	@Timeout(60)
	void bulkCallCompletesWhileCallbacksBlock() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		List<CompletableFuture<?>> blocked = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			blocked.add(this.cache.getAsync(i).thenAccept((value) -> await(release)));
		}
		try {
			Map<Integer, Object> numbers = numbers(1_000);
			this.cache.setAll(numbers);
			assertThat(this.cache.getAll(numbers(3_000).keySet())).isEqualTo(numbers);
		}
		finally {
			release.countDown();
		}
		CompletableFuture.allOf(blocked.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
	}

	@Test
	void failedEvictionDoesNotFailOthers() {
		this.cache.setAll(numbers(300));
		this.database.execute("create function refuse() returns trigger language plpgsql as "
				+ "$$ begin raise exception 'refused'; end $$");
		this.database.execute("create trigger refuse before update on psqache.cache_entry for each row "
				+ "when (old.key = '42') execute function refuse()");
		assertThatExceptionOfType(CacheEvictionException.class)
			.isThrownBy(() -> this.cache.deleteAll(numbers(300).keySet()))
			.withMessageContaining("Cache 'numbers' confirmed the eviction of only 299 of 300 keys");
		assertThat(this.cache.getAll(numbers(300).keySet())).containsOnlyKeys(42);
		assertThat(statistics().evictions()).isEqualTo(299);
		assertThat(statistics().failures(CacheOperation.EVICT)).isEqualTo(1);
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.cache.deleteAllAsync(numbers(300).keySet()).get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(CacheEvictionException.class);
	}

	/**
	 * A caller that waits for each portion would wait for several timeouts.
	 */
	@Test
	void outageEndsBulkCallWithItsFirstPortion() {
		this.cache.setAll(numbers(10));
		long puts = statistics().puts();
		this.database.relay().stall();
		long start = System.nanoTime();
		assertThat(this.cache.getAll(numbers(MANY).keySet())).isEmpty();
		assertThatExceptionOfType(CacheWriteException.class).isThrownBy(() -> this.cache.setAll(numbers(MANY)))
			.withMessageContaining("the storage of only 0 of 25000 entries");
		assertThat(this.cache.deleteAll(numbers(MANY).keySet())).isZero();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3 * 5 + 10));
		assertThat(statistics().misses()).isEqualTo(MANY);
		assertThat(statistics().failures(CacheOperation.GET)).isEqualTo(1);
		assertThat(statistics().failures(CacheOperation.PUT)).isEqualTo(1);
		assertThat(statistics().failures(CacheOperation.EVICT)).isEqualTo(1);
		assertThat(statistics().puts()).isEqualTo(puts);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private CacheStatistics statistics() {
		return ((PostgresCache) java.util.Objects.requireNonNull(this.manager.getCache("numbers"))).getStatistics();
	}

	private List<Integer> statements(OperationKind operation) {
		return this.statements.stream()
			.filter((statement) -> statement.operation() == operation)
			.map(Statement::size)
			.toList();
	}

	private static Map<Integer, Object> numbers(int count) {
		Map<Integer, Object> numbers = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			numbers.put(i, "number " + i);
		}
		return numbers;
	}

	/**
	 * A statement.
	 *
	 * @param operation the operation
	 * @param size the number of keys
	 */
	private record Statement(OperationKind operation, int size) {

	}

}
