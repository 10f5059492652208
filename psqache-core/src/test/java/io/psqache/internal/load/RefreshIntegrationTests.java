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

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.psqache.NearStatistics;
import io.psqache.LoadStatistics;
import io.psqache.CacheSettings;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.SingleFlightScope;
import io.psqache.StaleReason;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests entries past {@code fresh-for}: no reader waits, and one reader refreshes an
 * entry.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefreshIntegrationTests {

	/**
	 * The number of load threads documented in loading.md.
	 */
	private static final int LOAD_THREADS = 32;

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

	private PostgresCache books(SingleFlightScope scope) {
		return instance(scope).cache("books");
	}

	private TestCaches instance(SingleFlightScope scope) {
		TestCaches caches = TestCaches.on(this.database, (settings) -> settings
			.withLoading(settings.loading().withSingleFlight(scope).withFreshFor(Duration.ofMinutes(10))));
		this.instances.add(caches);
		return caches;
	}

	private PostgresCache staleBooks(SingleFlightScope scope) {
		PostgresCache books = books(scope);
		books.put("key", "old");
		makeStale();
		return books;
	}

	private void makeStale() {
		this.database.execute("update psqache.cache_entry set written_at = written_at - interval '1 hour'");
	}

	@ParameterizedTest
	@EnumSource(SingleFlightScope.class)
	void readerOfAStaleEntryReceivesItAtOnceAndRefreshesIt(SingleFlightScope scope) {
		PostgresCache books = staleBooks(scope);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger loads = new AtomicInteger();
		for (int read = 0; read < 10; read++) {
			assertThat(books.get("key", () -> {
				release.await();
				return "new " + loads.incrementAndGet();
			})).isEqualTo("old");
		}
		LoadStatistics statistics = books.getStatistics().loading();
		assertThat(statistics.staleServed(StaleReason.FRESH_FOR)).isEqualTo(10);
		release.countDown();
		Concurrently.awaitThat(() -> statistics.refreshes() == 1);
		assertThat(books.get("key", () -> "another load")).isEqualTo("new 1");
		assertThat(statistics.staleServed(StaleReason.FRESH_FOR)).isEqualTo(10);
		assertThat(books.getStatistics().misses()).isZero();
		awaitNoLease();
	}

	@Test
	void asynchronousReaderOfAStaleEntryReceivesItAtOnceAndRefreshesIt() throws Exception {
		PostgresCache books = staleBooks(SingleFlightScope.CLUSTER);
		CompletableFuture<String> loaded = new CompletableFuture<>();
		for (int read = 0; read < 10; read++) {
			assertThat(books.retrieve("key", () -> loaded).get(30, TimeUnit.SECONDS)).isEqualTo("old");
		}
		loaded.complete("new");
		// A reader without a loader could claim the refresh.
		Concurrently.awaitThat(() -> books.getStatistics().loading().refreshes() == 1);
		assertThat(books.get("key", String.class)).isEqualTo("new");
		assertThat(books.getStatistics().loading().loads()).isOne();
		awaitNoLease();
	}

	@Test
	void oneReaderOfAllInstancesRefreshes() throws Exception {
		List<PostgresCache> caches = List.of(staleBooks(SingleFlightScope.CLUSTER), books(SingleFlightScope.CLUSTER),
				books(SingleFlightScope.CLUSTER));
		AtomicInteger loads = new AtomicInteger();
		CountDownLatch release = new CountDownLatch(1);
		assertThat(Concurrently.run(90, (number) -> caches.get(number % 3).get("key", () -> {
			loads.incrementAndGet();
			release.await();
			return "new";
		}))).containsOnly("old");
		Concurrently.awaitThat(() -> loads.get() == 1);
		release.countDown();
		for (PostgresCache cache : caches) {
			Concurrently.awaitThat(() -> "new".equals(cache.get("key", () -> "another load")));
		}
		assertThat(loads).hasValue(1);
		awaitNoLease();
	}

	/**
	 * Each call has its own view, as for Spring's interceptor and a method without
	 * {@code sync}.
	 */
	@Test
	void oneReaderWithoutALoaderReceivesAMiss() throws Exception {
		staleBooks(SingleFlightScope.CLUSTER);
		List<TestCaches> instances = List.of(instance(SingleFlightScope.CLUSTER), instance(SingleFlightScope.CLUSTER));
		AtomicReference<PostgresCache> chosen = new AtomicReference<>();
		AtomicInteger misses = new AtomicInteger();
		Concurrently.run(60, (number) -> {
			PostgresCache view = instances.get(number % 2).cache("books");
			if (view.get("key") == null) {
				misses.incrementAndGet();
				chosen.set(view);
			}
			return null;
		});
		assertThat(misses).hasValue(1);
		Objects.requireNonNull(chosen.get()).put("key", "new");
		for (TestCaches instance : instances) {
			assertThat(instance.cache("books").get("key", String.class)).isEqualTo("new");
		}
		awaitNoLease();
	}

	@Test
	void oneAsynchronousReaderWithoutALoaderReceivesAMiss() {
		PostgresCache books = staleBooks(SingleFlightScope.LOCAL);
		assertThat(TestCaches.view(books).retrieve("key").join()).isNull();
		assertThat(TestCaches.view(books).retrieve("key").join()).isNotNull();
	}

	@Test
	void refreshThatFailsLeavesTheOldValueAndIsCountedAndLogged(CapturedOutput output) {
		PostgresCache books = staleBooks(SingleFlightScope.CLUSTER);
		LoadStatistics statistics = books.getStatistics().loading();
		String read = books.get("key", () -> {
			throw new IllegalStateException("secret");
		});
		assertThat(read).isEqualTo("old");
		Concurrently.awaitThat(() -> statistics.failedRefreshes() == 1);
		Concurrently.awaitThat(() -> output.getAll()
			.contains("A loader of cache 'books' failed with a java.lang.IllegalStateException. "
					+ "The stale value stays until it expires."));
		assertThat(books.get("key", () -> "new")).isEqualTo("old");
		assertThat(statistics.refreshes()).as("not so soon after a failure").isZero();
		Concurrently.awaitThat(() -> "new".equals(books.get("key", () -> "new")));
		awaitNoLease();
	}

	/**
	 * Otherwise the lease would be renewed as long as the instance runs.
	 */
	@Test
	void errorOfALoaderReleasesTheLease() {
		PostgresCache books = staleBooks(SingleFlightScope.CLUSTER);
		books.get("key", () -> {
			throw new AssertionError("an error");
		});
		Concurrently.awaitThat(() -> books.getStatistics().loading().failedRefreshes() == 1);
		awaitNoLease();
	}

	@Test
	void refreshDoesNotStoreAValueEvictedInTheMeantime() {
		PostgresCache books = staleBooks(SingleFlightScope.LOCAL);
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		books.get("key", () -> {
			loading.countDown();
			release.await();
			return "new";
		});
		Concurrently.awaitThat(() -> loading.getCount() == 0);
		books(SingleFlightScope.LOCAL).evict("key");
		release.countDown();
		Concurrently.awaitThat(() -> books.getStatistics().refusedPuts() == 1);
		assertThat(books.get("key")).isNull();
	}

	@Test
	void readersReceiveStaleValuesWhileAllThreadsAreBusy() {
		PostgresCache books = books(SingleFlightScope.LOCAL);
		for (int key = 0; key <= LOAD_THREADS; key++) {
			books.put(key, "old");
		}
		makeStale();
		CountDownLatch release = new CountDownLatch(1);
		for (int key = 0; key <= LOAD_THREADS; key++) {
			assertThat(books.get(key, () -> {
				release.await();
				return "new";
			})).isEqualTo("old");
		}
		LoadStatistics statistics = books.getStatistics().loading();
		assertThat(statistics.skippedRefreshes()).isOne();
		release.countDown();
		Concurrently.awaitThat(() -> statistics.refreshes() == LOAD_THREADS);
		Concurrently.awaitThat(() -> "new".equals(books.get(LOAD_THREADS, () -> "new")));
	}

	@Test
	void refreshRunsOnADaemonThreadWithTheCallersClassLoader() throws Exception {
		PostgresCache books = staleBooks(SingleFlightScope.LOCAL);
		AtomicReference<Thread> thread = new AtomicReference<>();
		AtomicReference<ClassLoader> classLoader = new AtomicReference<>();
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader own = new URLClassLoader(new URL[0], before)) {
			Thread.currentThread().setContextClassLoader(own);
			books.get("key", () -> {
				classLoader.set(Thread.currentThread().getContextClassLoader());
				thread.set(Thread.currentThread());
				return "new";
			});
			Concurrently.awaitThat(() -> thread.get() != null);
			assertThat(classLoader).hasValue(own);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		Thread ran = Objects.requireNonNull(thread.get());
		assertThat(ran.getName()).startsWith("psqache-load-");
		assertThat(ran.isDaemon()).isTrue();
	}

	/**
	 * All readers read one key all the time, and its entry becomes stale repeatedly.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void noReaderWaitsWhileAHotKeyBecomesStaleRepeatedly(boolean near) throws Exception {
		UnaryOperator<CacheSettings> settings = (defaults) -> defaults.withLoading(
				defaults.loading().withSingleFlight(SingleFlightScope.CLUSTER).withFreshFor(Duration.ofMillis(300)));
		List<PostgresCache> caches = new ArrayList<>();
		for (int instance = 0; instance < 2; instance++) {
			TestCaches instanceCaches = near ? TestCaches.near(this.database, settings)
					: TestCaches.on(this.database, settings);
			this.instances.add(instanceCaches);
			if (near) {
				instanceCaches.awaitListening();
			}
			caches.add(instanceCaches.cache("books"));
		}
		caches.get(0).put("key", 0);
		AtomicInteger loads = new AtomicInteger();
		AtomicInteger loading = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		ThreadLocal<Boolean> reading = ThreadLocal.withInitial(() -> false);
		AtomicInteger foreground = new AtomicInteger();
		AtomicInteger reads = new AtomicInteger();
		Concurrently.run(8, (number) -> {
			PostgresCache cache = caches.get(number % 2);
			reading.set(true);
			while (loads.get() < 5) {
				cache.get("key", () -> {
					if (reading.get()) {
						foreground.incrementAndGet();
					}
					most.accumulateAndGet(loading.incrementAndGet(), Math::max);
					int before = reads.get();
					// A load ends after the readers have read the old value several
					// times.
					Concurrently.awaitThat(() -> reads.get() >= before + 100 || loads.get() >= 5);
					loading.decrementAndGet();
					return loads.incrementAndGet();
				});
				reads.incrementAndGet();
			}
			return null;
		});
		assertThat(foreground).as("loads that a reader has waited for").hasValue(0);
		assertThat(most).as("loads at a time in all instances").hasValue(1);
	}

	/**
	 * The near cache would keep its near entries for minutes.
	 */
	@Test
	void nearEntryIsNotReadOnceItsEntryIsStale() {
		TestCaches caches = TestCaches.near(this.database,
				(settings) -> settings.withLoading(settings.loading().withFreshFor(Duration.ofSeconds(1))));
		this.instances.add(caches);
		caches.awaitListening();
		PostgresCache books = caches.cache("books");
		books.put("key", "old");
		NearStatistics near = Objects.requireNonNull(books.getStatistics().near());
		Concurrently.awaitThat(() -> {
			books.get("key", () -> "new");
			return near.hits() > 0;
		});
		Concurrently.awaitThat(() -> "new".equals(books.get("key", () -> "new")));
		assertThat(books.getStatistics().loading().staleServed(StaleReason.FRESH_FOR)).isPositive();
	}

	private void awaitNoLease() {
		Concurrently.awaitThat(() -> "0".equals(this.database.query("select count(*) from psqache.load")));
	}

}
