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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.psqache.BreakerState;
import io.psqache.test.Concurrently;
import io.psqache.LoadSettings;
import io.psqache.LoadTimeoutException;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
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

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests expired entries that are kept. Callers receive them only if the loader fails or
 * exceeds a timeout.
 */
@ExtendWith(OutputCaptureExtension.class)
class StaleOnErrorIntegrationTests {

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

	private TestCaches instance(UnaryOperator<LoadSettings> loading) {
		TestCaches caches = TestCaches.on(this.database, (settings) -> settings.withTimeToLive(Duration.ofMinutes(10))
			.withLoading(loading.apply(settings.loading().withStaleIfError(Duration.ofHours(1)))));
		this.instances.add(caches);
		return caches;
	}

	private PostgresCache expiredBooks(UnaryOperator<LoadSettings> loading) {
		PostgresCache books = instance(loading).cache("books");
		books.put("key", "old");
		age("11 minutes");
		return books;
	}

	/**
	 * Move the write time of all entries into the past.
	 */
	private void age(String time) {
		this.database.execute("""
				update psqache.cache_entry
				set written_at = written_at - interval '%1$s', expires_at = expires_at - interval '%1$s',
				  live_until = live_until - interval '%1$s'
				""".formatted(time));
	}

	private static String failing(PostgresCache books) {
		return failing(books, "key");
	}

	private static String failing(PostgresCache books, String key) {
		return String.valueOf(books.<String>get(key, () -> {
			throw new IllegalStateException("secret");
		}));
	}

	private static void assertFails(PostgresCache books) {
		assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> failing(books))
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@ParameterizedTest
	@EnumSource(SingleFlightScope.class)
	void failedLoaderIsReplacedByTheExpiredValue(SingleFlightScope scope, CapturedOutput output) {
		PostgresCache books = expiredBooks((loading) -> loading.withSingleFlight(scope));
		assertThat(books.get("key")).as("expired").isNull();
		assertThat(failing(books)).isEqualTo("old");
		assertThat(books.retrieve("key", () -> CompletableFuture.failedFuture(new IllegalStateException())).join())
			.isEqualTo("old");
		assertThat(books.retrieve("key", () -> {
			throw new IllegalStateException();
		}).join()).isEqualTo("old");
		assertThat(books.getStatistics().loading().staleServed(StaleReason.ERROR)).isEqualTo(3);
		assertThat(books.getStatistics().loading().failedLoads()).isEqualTo(3);
		assertThat(output).contains("A loader of cache 'books' failed with a java.lang.IllegalStateException. "
				+ "Its callers receive the expired value.");
		assertThat(books.get("key", () -> "new")).isEqualTo("new");
		assertThat(books.get("key", String.class)).isEqualTo("new");
	}

	@Test
	void evictedClearedAndOverdueEntriesAreNotReturned() {
		PostgresCache books = expiredBooks(UnaryOperator.identity());
		books.evict("key");
		assertFails(books);
		books.put("key", "old");
		age("11 minutes");
		books.clear();
		assertFails(books);
		books.put("key", "old");
		age("71 minutes");
		assertFails(books);
		assertThat(books.getStatistics().loading().staleServed(StaleReason.ERROR)).isZero();
	}

	@Test
	void withoutTheSettingNoEntryIsKept() {
		PostgresCache books = expiredBooks((loading) -> loading.withStaleIfError(null));
		assertFails(books);
		this.instances.get(0).manager().cleanup();
		assertThat(entries()).isEqualTo("0");
	}

	@Test
	void sweeperDeletesExpiredEntriesAfterTheirKeepTime() {
		PostgresCache books = expiredBooks(UnaryOperator.identity());
		PostgresCacheManager manager = this.instances.get(0).manager();
		assertThat(manager.cleanup()).isZero();
		assertThat(failing(books)).isEqualTo("old");
		age("1 hour");
		assertThat(manager.cleanup()).isOne();
		assertThat(entries()).isEqualTo("0");
	}

	private String entries() {
		return String.valueOf(this.database.query("select count(*) from psqache.cache_entry"));
	}

	@Test
	void callersReceiveTheExpiredValueAfterTheSoftTimeoutAndTheLoadContinues() throws Exception {
		PostgresCache books = expiredBooks((loading) -> loading.withSoftTimeout(Duration.ofMillis(50)));
		CountDownLatch release = new CountDownLatch(1);
		assertThat(Concurrently.run(10, (number) -> books.get("key", () -> {
			release.await();
			return "new";
		}))).containsOnly("old");
		CompletableFuture<String> loaded = new CompletableFuture<>();
		assertThat(books.retrieve("key", () -> loaded).get(30, TimeUnit.SECONDS)).isEqualTo("old");
		assertThat(books.getStatistics().loading().staleServed(StaleReason.TIMEOUT)).isEqualTo(11);
		release.countDown();
		Concurrently.awaitThat(() -> "new".equals(books.get("key", String.class)));
		assertThat(books.getStatistics().loading().loads()).isOne();
	}

	@Test
	void withoutAnExpiredValueCallersWaitPastTheSoftTimeout() {
		PostgresCache books = instance((loading) -> loading.withSoftTimeout(Duration.ofMillis(1))).cache("books");
		assertThat(books.get("key", () -> {
			// The load exceeds the soft timeout of 1 ms.
			TimeUnit.MILLISECONDS.sleep(100);
			return "new";
		})).isEqualTo("new");
	}

	@Test
	void callersReceiveAnExceptionAfterTheHardTimeoutAndTheLoadContinues() {
		PostgresCache books = instance((loading) -> loading.withHardTimeout(Duration.ofMillis(50))).cache("books");
		CountDownLatch release = new CountDownLatch(1);
		assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> books.get("key", () -> {
			release.await();
			return "new";
		})).withCauseInstanceOf(LoadTimeoutException.class);
		assertThat(books.retrieve("key", CompletableFuture::new)).failsWithin(Duration.ofSeconds(30))
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(LoadTimeoutException.class)
			.withMessageStartingWith(
					"Cache 'books' waited 50 ms for a load, which exceeds the hard limit, and it has no "
							+ "expired value to return.");
		assertThat(books.getStatistics().loading().timeouts()).isEqualTo(2);
		release.countDown();
		Concurrently.awaitThat(() -> "new".equals(books.get("key", String.class)));
	}

	@Test
	void errorOfALoaderReachesTheCallerWithinATimeout() {
		PostgresCache books = instance((loading) -> loading.withHardTimeout(Duration.ofMinutes(1))).cache("books");
		assertFails(books);
	}

	/**
	 * The expired values are in the database.
	 */
	@Test
	void withoutTheDatabaseTheLoaderRunsAtOnceAndItsExceptionReachesTheCaller() {
		try (TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofMillis(300),
				(settings) -> settings.withLoading(settings.loading()
					.withSingleFlight(SingleFlightScope.CLUSTER)
					.withStaleIfError(Duration.ofHours(1))))) {
			PostgresCache books = caches.cache("books");
			books.put("key", "old");
			age("28 days 10 minutes");
			this.database.relay().cut();
			Concurrently.awaitThat(() -> {
				books.get("key");
				return caches.manager().getStatus().breaker() == BreakerState.OPEN;
			});
			long begin = System.nanoTime();
			for (int call = 0; call < 100; call++) {
				String key = "key" + call;
				assertThat(books.get(key, () -> key)).isEqualTo(key);
				assertFails(books);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("200 calls; 300 ms each would be 60 s")
				.isLessThan(Duration.ofSeconds(30));
			assertThat(books.getStatistics().loading().leaseWaits()).isZero();
			assertThat(books.getStatistics().loading().staleServed(StaleReason.ERROR)).isZero();
			this.database.relay().restore();
			Concurrently.awaitThat(() -> {
				books.put("other", "value"); // caching resumes
				return books.get("other") != null;
			});
			assertThat(failing(books)).isEqualTo("old");
		}
	}

	/**
	 * The eviction is in the backlog, while the database still has the entry.
	 */
	@Test
	void entryInTheBacklogIsNotReturned() {
		try (TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofMillis(300),
				(settings) -> settings.withLoading(settings.loading().withStaleIfError(Duration.ofHours(1))))) {
			PostgresCache books = caches.cache("books");
			books.put("key", "old");
			books.put("other", "old");
			age("28 days 10 minutes");
			try (TestDatabase.Lock lock = this.database.lockWrites("psqache.cache_entry")) {
				books.evict("key");
				assertThat(caches.manager().getStatus().pendingEvictions()).isOne();
				assertThat(failing(books, "other")).isEqualTo("old");
				assertFails(books);
			}
			Concurrently.awaitThat(() -> caches.manager().getStatus().pendingEvictions() == 0);
			assertFails(books);
		}
	}

}
