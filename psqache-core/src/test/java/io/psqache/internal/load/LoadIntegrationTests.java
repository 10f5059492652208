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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.psqache.CacheStatistics;
import io.psqache.BreakerState;
import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.StoredValue;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests overload: more calls than the database can answer within the timeout. The cache
 * refuses calls instead of accumulating them.
 */
public class LoadIntegrationTests {

	private static final int CALLERS = 10_000;

	private static final int CONNECTIONS = 4;

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	/**
	 * An answer takes half a second, so that two workers answer at most 128 reads each in
	 * that time. Most callers therefore exceed the timeout. Their operations are not
	 * executed later, except those of running batches.
	 */
	@Test
	void tenThousandCallersOfASlowDatabaseNeitherFailNorAccumulate() throws Exception {
		try (TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofSeconds(2))) {
			PostgresCache cache = caches.cache("books");
			cache.put("key", "value");
			Concurrently.run(CONNECTIONS, (number) -> cache.get("key"));
			this.database.relay().slowDown(Duration.ofMillis(500));
			CacheStatistics statistics = cache.getStatistics();
			long puts = statistics.puts() + statistics.failures(CacheOperation.PUT);
			long reads = statistics.hits() + statistics.misses();
			AtomicLong slowest = new AtomicLong();
			Future<List<@Nullable Object>> callers = Concurrently.start(CALLERS, (number) -> {
				timed(slowest, () -> cache.put(number, "new"));
				timed(slowest, () -> cache.get("key"));
				return null;
			});
			AtomicInteger connections = new AtomicInteger();
			Awaitility.await().pollInterval(Duration.ofMillis(100)).atMost(Duration.ofMinutes(1)).until(() -> {
				connections.accumulateAndGet(connections(), Math::max);
				return callers.isDone();
			});
			callers.get();
			assertThat(connections.get()).isBetween(1, CONNECTIONS);
			assertThat(Duration.ofNanos(slowest.get())).isLessThan(Duration.ofSeconds(30));
			assertThat(statistics.failures(CacheOperation.GET)).isPositive();
			assertThat(statistics.failures(CacheOperation.PUT)).isPositive();
			assertThat(statistics.hits() + statistics.misses()).isEqualTo(reads + CALLERS);
			assertThat(statistics.puts() + statistics.failures(CacheOperation.PUT)).isEqualTo(puts + CALLERS);
			this.database.relay().restore();
			awaitIdle(caches);
			assertThat(entries()).as("operations past the timeout are not written").isLessThan(9 * CALLERS / 10);
			assertThatAllSucceed(cache);
			assertThat(connections()).isLessThanOrEqualTo(CONNECTIONS);
		}
	}

	/**
	 * Wait until no operation is running and the timeouts have not left caching
	 * suspended.
	 */
	private static void awaitIdle(TestCaches caches) {
		EntryStore store = TestCaches.store(caches.manager());
		Concurrently.awaitThat(() -> caches.activeConnections() == 0 && store.queuedReads() + store.queuedWrites() == 0
				&& store.breakerState() == BreakerState.CLOSED);
	}

	private static void assertThatAllSucceed(PostgresCache cache) throws Exception {
		CacheStatistics statistics = cache.getStatistics();
		long failures = statistics.failures(CacheOperation.GET) + statistics.failures(CacheOperation.PUT);
		Concurrently.run(100, (number) -> {
			cache.put("after " + number, number);
			assertThat(cache.get("after " + number, Integer.class)).isEqualTo(number);
			return null;
		});
		assertThat(statistics.failures(CacheOperation.GET) + statistics.failures(CacheOperation.PUT))
			.isEqualTo(failures);
	}

	@Test
	void ifTheQueueIsFullAReadIsAMissAndAPutIsDropped() throws Exception {
		try (TestCaches caches = TestCaches.on(this.database, (defaults) -> defaults)) {
			PostgresCache cache = caches.cache("books");
			CacheStatistics statistics = cache.getStatistics();
			cache.put("key", "value");
			try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
				for (int i = 0; i < 2 * CALLERS; i++) {
					cache.retrieve("key");
				}
				Concurrently
					.awaitThat(() -> statistics.failures(CacheOperation.GET, FailureCause.OVERLOADED) > CALLERS / 2);
				long misses = statistics.misses();
				assertThat(cache.get("key")).isNull();
				assertThat(statistics.misses()).isGreaterThan(misses);
				EntryStore store = TestCaches.store(caches.manager());
				CacheHandle books = TestStores.cache(store, "test", "books");
				for (int i = 0; i < 2 * CALLERS; i++) {
					store.put(books, "key", TestStores.entry(StoredValue.NULL)).in(CallMode.ASYNC);
				}
				caches.cache("books").put("key", "dropped"); // a new view
				assertThat(statistics.failures(CacheOperation.PUT, FailureCause.OVERLOADED)).isEqualTo(1);
				assertThat(statistics.puts()).isEqualTo(1);
			}
			awaitIdle(caches);
			assertThatAllSucceed(cache);
		}
	}

	private long entries() {
		return Long.parseLong(String
			.valueOf(this.database.query("select count(*) from psqache.cache_entry where type <> 'evicted'")));
	}

	private int connections() {
		return Integer.parseInt(String.valueOf(this.database.query("""
				select count(*)
				from pg_stat_activity
				where datname = current_database() and application_name = 'psqache'
				""")));
	}

	private static void timed(AtomicLong slowest, Runnable call) {
		long start = System.nanoTime();
		call.run();
		slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
	}

}
