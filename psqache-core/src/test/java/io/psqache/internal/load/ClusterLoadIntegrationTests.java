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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.CacheOperation;
import io.psqache.CacheSettings;
import io.psqache.test.Concurrently;
import io.psqache.test.ManyInstances;
import io.psqache.PostgresCache;
import io.psqache.SingleFlightScope;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that one instance at a time loads a key. Each instance is a cache manager with
 * its own store and pool.
 */
class ClusterLoadIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final List<TestCaches> instances = new ArrayList<>();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.instances.forEach(TestCaches::close);
		this.database.close();
	}

	private static CacheSettings clustered(CacheSettings settings) {
		return settings.withLoading(settings.loading().withSingleFlight(SingleFlightScope.CLUSTER));
	}

	private TestCaches instance() {
		TestCaches caches = TestCaches.on(this.database, ClusterLoadIntegrationTests::clustered);
		this.instances.add(caches);
		return caches;
	}

	private PostgresCache books() {
		return instance().cache("books");
	}

	private int leases() {
		return Integer.parseInt(String.valueOf(this.database.query("select count(*) from psqache.load")));
	}

	private void awaitLeases(int number) {
		Concurrently.awaitThat(() -> leases() == number);
	}

	private void awaitWaiter(PostgresCache cache) {
		Concurrently.awaitThat(() -> cache.getStatistics().loading().leaseWaits() == 1);
	}

	@ParameterizedTest
	@CsvSource({ "3,200", "10,100" })
	void missingKeyIsLoadedOnceByAllInstances(int instances, int threads) throws Exception {
		List<PostgresCache> caches = new ArrayList<>();
		for (int i = 0; i < instances; i++) {
			caches.add(books());
			caches.get(i).get("another"); // opens the connections
		}
		AtomicInteger loads = new AtomicInteger();
		List<@Nullable Object> values = Concurrently.run(instances * threads,
				(number) -> caches.get(number % instances).get("key", () -> {
					// The load takes long enough for all instances to request the key.
					TimeUnit.MILLISECONDS.sleep(500);
					return "load " + loads.incrementAndGet();
				}));
		assertThat(loads).hasValue(1);
		assertThat(values).hasSize(instances * threads).containsOnly("load 1");
		assertThat(caches.stream().mapToLong((cache) -> cache.getStatistics().loading().loads()).sum()).isOne();
		assertThat(caches.stream().mapToLong((cache) -> cache.getStatistics().loading().sharedLoads()).sum())
			.isBetween(instances - 1L, values.size() - 1L);
		awaitLeases(0);
	}

	/**
	 * Each instance requests the lease and polls separately. The waiting instances share
	 * a pool, to limit the connections. The loading instance has its own pool, because
	 * its renewals would otherwise queue behind the requests of the others, and the lease
	 * would lapse.
	 */
	@Test
	void manyInstancesWaitForTheLoadOfAnother() throws Exception {
		int number = 200;
		AtomicInteger loads = new AtomicInteger();
		CompletableFuture<String> loaded = new CompletableFuture<>();
		List<CompletableFuture<String>> calls = new ArrayList<>();
		calls.add(books().retrieve("key", () -> {
			loads.incrementAndGet();
			return loaded;
		}));
		awaitLeases(1);
		try (ManyInstances many = new ManyInstances(this.database, number, ClusterLoadIntegrationTests::clustered)) {
			for (PostgresCache cache : many.caches("books")) {
				calls.add(cache.retrieve("key", () -> {
					loads.incrementAndGet();
					return loaded;
				}));
			}
			Concurrently.awaitThat(() -> many.caches("books")
				.stream()
				.mapToLong((cache) -> cache.getStatistics().loading().leaseWaits())
				.sum() == number);
			loaded.complete("value");
			for (CompletableFuture<String> call : calls) {
				assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo("value");
			}
		}
		assertThat(loads).hasValue(1);
		awaitLeases(0);
	}

	@Test
	void asynchronousLoadsAreSharedWithOthers() throws Exception {
		PostgresCache first = books();
		PostgresCache second = books();
		PostgresCache third = books();
		CompletableFuture<String> loaded = new CompletableFuture<>();
		CompletableFuture<String> leader = first.retrieve("key", () -> loaded);
		awaitLeases(1);
		CompletableFuture<String> follower = second.retrieve("key",
				() -> CompletableFuture.completedFuture("another load"));
		Future<?> blocked = Concurrently.start(1, (number) -> third.get("key", () -> "another load"));
		awaitWaiter(second);
		awaitWaiter(third);
		loaded.complete("value");
		assertThat(leader.get(30, TimeUnit.SECONDS)).isEqualTo("value");
		assertThat(follower.get(30, TimeUnit.SECONDS)).isEqualTo("value");
		assertThat(blocked.get(30, TimeUnit.SECONDS)).isEqualTo(List.of("value"));
		awaitLeases(0);
	}

	@Test
	void loaderThatThrowsLetsTheNextInstanceLoadWithoutTheException() throws Exception {
		PostgresCache first = books();
		PostgresCache second = books();
		CountDownLatch release = new CountDownLatch(1);
		Future<?> leader = Concurrently.start(1, (number) -> {
			assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> first.get("key", () -> {
				release.await();
				throw new IllegalStateException("no");
			})).havingCause().withMessage("no");
			return null;
		});
		awaitLeases(1);
		Future<?> follower = Concurrently.start(1, (number) -> second.get("key", () -> "own load"));
		awaitWaiter(second);
		release.countDown();
		leader.get(30, TimeUnit.SECONDS);
		assertThat(follower.get(3, TimeUnit.SECONDS)).as("sooner than the lease lapses").isEqualTo(List.of("own load"));
	}

	@Test
	void asynchronousLoaderThatFailsLetsTheNextInstanceLoad() throws Exception {
		PostgresCache first = books();
		PostgresCache second = books();
		CompletableFuture<String> loaded = new CompletableFuture<>();
		CompletableFuture<String> leader = first.retrieve("key", () -> loaded);
		awaitLeases(1);
		CompletableFuture<String> follower = second.retrieve("key",
				() -> CompletableFuture.completedFuture("own load"));
		awaitWaiter(second);
		loaded.completeExceptionally(new IllegalStateException("no"));
		assertThat(follower.get(3, TimeUnit.SECONDS)).isEqualTo("own load");
		assertThat(leader).isCompletedExceptionally();
	}

	/**
	 * The instance can no longer reach the database, as if it were killed, and neither
	 * renews nor releases its lease.
	 */
	@Test
	void peerLoadsWhenTheLeaseOfADeadInstanceLapses() throws Exception {
		TestCaches killed = instance();
		PostgresCache second = books();
		CountDownLatch release = new CountDownLatch(1);
		Future<?> leader = Concurrently.start(1, (number) -> killed.cache("books").get("key", () -> {
			release.await();
			return "never stored";
		}));
		awaitLeases(1);
		Future<?> follower = Concurrently.start(1, (number) -> second.get("key", () -> "own load"));
		awaitWaiter(second);
		killed.close();
		long begin = System.nanoTime();
		assertThat(follower.get(30, TimeUnit.SECONDS)).isEqualTo(List.of("own load"));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LoadLeases.LIFE.plusSeconds(1));
		release.countDown();
		leader.get(30, TimeUnit.SECONDS);
		assertThat(second.get("key", String.class)).isEqualTo("own load");
	}

	@Test
	void leaseIsRenewedAndNoConnectionHeldWhileTheLoaderRuns() throws Exception {
		TestCaches caches = instance();
		PostgresCache cache = caches.cache("books");
		cache.get("key", () -> {
			Concurrently.awaitThat(() -> caches.activeConnections() == 0);
			Concurrently.awaitThat(() -> "t"
				.equals(this.database.query("select held_until - taken_at > interval '%d seconds' from psqache.load"
					.formatted(LoadLeases.LIFE.toSeconds()))));
			return "value";
		});
		awaitLeases(0);
	}

	@Test
	void valueEvictedDuringItsLoadIsNotShared() throws Exception {
		PostgresCache first = books();
		PostgresCache second = books();
		CountDownLatch release = new CountDownLatch(1);
		Future<?> leader = Concurrently.start(1, (number) -> first.get("key", () -> {
			release.await();
			return "old";
		}));
		awaitLeases(1);
		Future<?> follower = Concurrently.start(1, (number) -> second.get("key", () -> "new"));
		awaitWaiter(second);
		books().evict("key");
		release.countDown();
		assertThat(leader.get(30, TimeUnit.SECONDS)).isEqualTo(List.of("old"));
		assertThat(follower.get(30, TimeUnit.SECONDS)).isEqualTo(List.of("new"));
		assertThat(first.get("key", String.class)).isEqualTo("new");
	}

	@Test
	void loaderThatReadsItsOwnKeyDoesNotWaitForItself() {
		PostgresCache cache = books();
		assertThat(cache.get("key", () -> cache.get("key", () -> "inner") + " in outer")).isEqualTo("inner in outer");
		assertThat(cache.getStatistics().loading().leaseWaits()).isZero();
	}

	@Test
	void unavailableLeaseDoesNotPreventLoading() {
		try (TestCaches impatient = TestCaches.behindRelay(this.database, Duration.ofMillis(300),
				ClusterLoadIntegrationTests::clustered)) {
			PostgresCache cache = impatient.cache("books");
			cache.get("another");
			try (TestDatabase.Lock lock = this.database.lock("psqache.load")) {
				assertThat(cache.get("key", () -> "value")).isEqualTo("value");
				assertThat(cache.retrieve("key2", () -> CompletableFuture.completedFuture("value")).join())
					.isEqualTo("value");
			}
			assertThat(cache.getStatistics().failures(CacheOperation.LOAD)).isGreaterThanOrEqualTo(2);
			assertThat(cache.get("key", String.class)).isEqualTo("value");
		}
	}

	@Test
	void lapsedLeasesAreSwept() {
		TestCaches caches = instance();
		caches.cache("books").get("key", () -> "value");
		this.database.execute("""
				insert into psqache.load (cache_id, key, holder, taken_at, held_until)
				select 1, 'key ' || number, '%s', now(), now() - number * interval '59 seconds' + interval '1 second'
				from generate_series(0, 2) as number
				""".formatted(UUID.randomUUID()));
		caches.manager().cleanup();
		assertThat(leases()).isEqualTo(2);
	}

}
