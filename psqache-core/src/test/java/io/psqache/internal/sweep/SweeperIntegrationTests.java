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

package io.psqache.internal.sweep;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;

import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sweeper deletes unreadable entries in the background, also during locks, failures
 * and outages.
 */
class SweeperIntegrationTests extends SweepingFixture {

	@Test
	void unreadableEntriesAreDeletedAndOthersStay() {
		try (TestCaches caches = sweeping()) {
			TypedCache<String, Integer> expired = cache(caches, "expired");
			TypedCache<String, Integer> cleared = cache(caches, "cleared");
			TypedCache<String, Integer> dropped = cache(caches, "dropped");
			TypedCache<String, Integer> alive = cache(caches, "alive");
			numbers(500).forEach((key, value) -> expired.set(key, value, Duration.ofMillis(1)));
			cleared.setAll(numbers(500));
			dropped.setAll(numbers(500));
			alive.setAll(numbers(500));
			cleared.clear();
			assertThat(caches.manager().dropCache("dropped")).isTrue();
			awaitRows(500);
			assertThat(alive.getAll(numbers(500).keySet())).hasSize(500);
		}
	}

	@Test
	void clearOfManyEntriesIsOneUpdateAndTheSweeperDeletesThem() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			PostgresCache books = caches.cache("books");
			books.put("key", "value");
			fill(0, 20_000, "now()", "now() + interval '1 day'");
			books.clear();
			assertThat(books.get("key")).isNull();
			assertThat(rows()).isEqualTo(20_001);
		}
		try (TestCaches caches = sweeping()) {
			assertThat(caches.cache("books").get("key")).isNull();
			awaitRows(0);
		}
	}

	@Test
	void lockedRowIsSkippedWithoutWaiting() throws Exception {
		fillBooks(1_000, "now()");
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("update psqache.cache_entry set expires_at = 'infinity' where key = '1'");
			try (TestCaches caches = sweeping()) {
				assertThat(TestCaches.store(caches.manager())).isNotNull();
				awaitRows(1);
				writer.commit();
				awaitWalks(2);
				assertThat(rows()).isEqualTo(1);
			}
		}
	}

	@Test
	@Timeout(30)
	void sweeperStopsWhileItsStatementWaits() {
		TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofSeconds(2), UnaryOperator.identity(),
				(builder) -> builder.sweep(Duration.ofMillis(20), 10));
		awaitHolder("");
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() > 0);
			long start = System.nanoTime();
			caches.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
		}
	}

	@Test
	void sweeperContinuesAfterAnOutage() {
		try (TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofSeconds(5), UnaryOperator.identity(),
				(builder) -> builder.sweep(Duration.ofMillis(20), 10))) {
			awaitHolder("");
			this.database.relay().cut();
			fillBooks(500, "now()");
			this.database.relay().restore();
			awaitRows(0);
		}
	}

	/**
	 * The sweeper skips a row that cannot be deleted, and reaches the rows after it.
	 */
	@Test
	void pageThatFailsIsSkipped() {
		fillBooks(200, "now()");
		this.database.execute("create function refuse() returns trigger language plpgsql as "
				+ "$$ begin raise exception 'not this one'; end $$");
		this.database.execute("create trigger refuse before delete on psqache.cache_entry for each row "
				+ "when (old.key = '1') execute function refuse()");
		try (TestCaches caches = sweeping()) {
			assertThat(caches.manager()).isNotNull();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows() < 20);
			assertThat(rows()).isPositive();
		}
	}

	@Test
	void cacheThatIsDroppedInALongTransactionDoesNotBlockTheSweeper() throws Exception {
		try (TestCaches caches = sweeping()) {
			TypedCache<String, Integer> books = cache(caches, "books");
			books.setAll(numbers(10));
			awaitWalks(1);
			try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("delete from psqache.cache");
				awaitWalks(2);
				connection.commit();
			}
			awaitRows(0);
			Awaitility.await().until(() -> "0".equals(this.database.query("select count(*) from psqache.figures")));
		}
	}

	/**
	 * Puts, evictions, clears, drops and reads that extend lifetimes, while two sweeps
	 * run: no deadlock, no failure, and the last put value is stored.
	 */
	@Test
	void sweepersAndWritersDoNotBlockEachOther() throws Exception {
		try (TestCaches caches = TestCaches.sweeping(this.database,
				(settings) -> settings.withMaxEntries(300L).withTimeToIdle(Duration.ofMillis(400)), 10)) {
			PostgresCache books = caches.cache("books");
			PostgresCache films = caches.cache("films");
			Concurrently.run(8, (number) -> {
				Random random = new Random(number);
				for (int i = 0; i < 300; i++) {
					int key = random.nextInt(500);
					switch (random.nextInt(20)) {
						case 0 -> films.clear();
						case 1 -> caches.manager().dropCache("films");
						case 2 -> caches.manager().cleanup();
						case 3, 4 -> books.evict(key);
						case 5, 6, 7, 8, 9 -> films.put(key, "value " + i);
						case 10, 11, 12, 13, 14 -> books.put(key, "value " + i);
						default -> books.get(key);
					}
				}
				return null;
			});
			for (CacheOperation operation : CacheOperation.values()) {
				assertThat(books.getStatistics().failures(operation) + films.getStatistics().failures(operation))
					.as(operation.name())
					.isZero();
			}
			assertThat(this.database.query("select deadlocks from pg_stat_database where datname = current_database()"))
				.isEqualTo("0");
			books.put("last", "value");
			assertThat(books.get("last", String.class)).isEqualTo("value");
		}
	}

}
