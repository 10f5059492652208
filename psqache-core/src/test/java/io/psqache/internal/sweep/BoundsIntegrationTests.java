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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.psqache.CacheOperation;
import io.psqache.CacheSettings;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sweeper reduces a cache that exceeds a bound to 95 % of the bound, and keeps
 * recently used entries.
 */
class BoundsIntegrationTests extends SweepingFixture {

	@Test
	void tooManyEntriesAreEvictedByTheSweeper() {
		try (TestCaches caches = TestCaches.sweeping(this.database, (cache) -> cache.withMaxEntries(1_000L), 10)) {
			set(caches, 0, 3_000);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows() <= 1_000);
			assertThat(rows()).as("95 %, less the expected growth").isGreaterThanOrEqualTo(800);
		}
	}

	/**
	 * The sweeper rests one second, as by default, and has already walked once.
	 */
	@Test
	void boundAlsoLimitsRowsOfTheTable() {
		try (TestCaches caches = TestCaches.sweeping(this.database, (cache) -> cache.withMaxEntries(1_000L),
				Duration.ofSeconds(1), 1_000)) {
			set(caches, 0, 1);
			awaitUsage(caches.cache("books"));
			for (int n = 0; n < 20_000; n += 1_000) {
				set(caches, n, n + 1_000);
			}
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> rowsWithTombstones() <= 1_100);
			assertThat(rowsWithTombstones()).isGreaterThanOrEqualTo(800);
		}
	}

	private long rowsWithTombstones() {
		return Long.parseLong(String.valueOf(this.database.query("""
				select count(*)
				from psqache.cache_entry
				where cache_id = (select id from psqache.cache where name = 'books')
				""")));
	}

	@Test
	void cacheWithinItsBoundKeepsAllEntries() {
		try (TestCaches caches = bounded(1_000)) {
			set(caches, 0, 1_000);
			assertThat(caches.manager().cleanup()).isZero();
			set(caches, 1_000, 1_001);
			assertThat(caches.manager().cleanup()).as("a share of entries of equal age").isBetween(30L, 75L);
			assertThat(rows()).isLessThanOrEqualTo(1_000);
		}
	}

	@Test
	void oldestEntriesAreEvictedFirst() {
		try (TestCaches caches = bounded(100)) {
			set(caches, 0, 150);
			age();
			assertThat(caches.manager().cleanup()).isEqualTo(55);
			assertThat(get(caches, 0, 55)).isEmpty();
			assertThat(get(caches, 55, 150)).hasSize(95);
		}
	}

	/**
	 * Reads are recorded only in a nearly full cache, and only for entries that were
	 * unused for half of the time after which they would be evicted.
	 */
	@Test
	void recentlyReadEntriesStay() {
		try (TestCaches caches = bounded(100)) {
			set(caches, 0, 100);
			age();
			caches.manager().cleanup();
			String versionsBefore = versions("key::int >= 20");
			assertThat(get(caches, 0, 5)).hasSize(5);
			assertThat(get(caches, 90, 100)).as("used recently").hasSize(10);
			Awaitility.await().until(() -> usedNow() == 5);
			assertThat(versions("key::int >= 20")).isEqualTo(versionsBefore);
			set(caches, 100, 150);
			assertThat(caches.manager().cleanup()).isEqualTo(55);
			assertThat(get(caches, 0, 5)).hasSize(5);
			assertThat(get(caches, 5, 60)).isEmpty();
		}
	}

	@Test
	void readsOfCacheThatIsNotNearlyFullWriteNothing() {
		try (TestCaches caches = bounded(1_000)) {
			set(caches, 0, 100);
			age();
			caches.manager().cleanup();
			String versions = versions("true");
			assertThat(get(caches, 0, 100)).hasSize(100);
			Awaitility.await().during(Duration.ofMillis(300)).until(() -> versions("true").equals(versions));
		}
	}

	/**
	 * Unchanged as long as no row is written.
	 */
	private String versions(String condition) {
		return String.valueOf(this.database
			.query("select string_agg(xmin::text, ',' order by key) from psqache.cache_entry where " + condition));
	}

	private long usedNow() {
		return Long.parseLong(String.valueOf(this.database
			.query("select count(*) from psqache.cache_entry where used_at > now() - interval '30 seconds'")));
	}

	@Test
	void sizeIsBoundedToo() {
		UnaryOperator<CacheSettings> bound = (cache) -> cache.withMaxSize(DataSize.ofKilobytes(100));
		try (TestCaches caches = TestCaches.on(this.database, bound)) {
			TypedCache<Integer, String> books = caches.manager().typedCache("books", Integer.class, String.class);
			for (int n = 0; n < 300; n++) {
				books.set(n, "%1000d".formatted(n).replace(' ', (char) ('a' + n % 26)));
			}
			caches.manager().cleanup();
			long bytes = Long.parseLong(String.valueOf(this.database
				.query("select sum(88 + pg_column_size(key) + pg_column_size(type) + pg_column_size(value)) "
						+ "from psqache.cache_entry")));
			assertThat(bytes).isBetween(90L * 1024, 100L * 1024);
			assertThat(rows()).isLessThan(1_000);
		}
	}

	@Test
	void boundAppliesToOneCacheOnly() {
		try (TestCaches unbounded = TestCaches.on(this.database, UnaryOperator.identity());
				TestCaches caches = bounded(100)) {
			unbounded.cache("films").put(0, "value");
			for (int n = 0; n < 300; n++) {
				unbounded.cache("films").put(n, "value");
			}
			set(caches, 0, 300);
			assertThat(unbounded.manager().cleanup()).as("any instance can sweep").isBetween(180L, 230L);
		}
	}

	@Test
	void eachCacheLosesItsOwnShare() {
		try (TestCaches caches = bounded(100)) {
			Map<String, Integer> entries = Map.of("authors", 50, "books", 1_000, "films", 200);
			entries
				.forEach((name, count) -> IntStream.range(0, count).forEach((n) -> caches.cache(name).put(n, "value")));
			caches.manager().cleanup();
			assertThat(entriesOf("authors")).isEqualTo(50);
			assertThat(entriesOf("books")).isBetween(70L, 110L);
			assertThat(entriesOf("films")).isBetween(70L, 110L);
		}
	}

	private long entriesOf(String cache) {
		return Long.parseLong(String.valueOf(this.database.query("""
				select count(*)
				from psqache.cache_entry e
				join psqache.cache c on c.id = e.cache_id
				where e.type <> 'evicted' and c.name = '%s'
				""".formatted(cache))));
	}

	/**
	 * The interval of the sweeper is one hour.
	 */
	@Test
	void burstEndsRestOfSweeper() {
		try (TestCaches caches = bounded(100)) {
			set(caches, 0, 1);
		}
		try (TestCaches caches = TestCaches.sweeping(this.database, (cache) -> cache.withMaxEntries(100L),
				Duration.ofHours(1), 1_000)) {
			caches.cache("books").get(0);
			awaitUsage(caches.cache("books"));
			set(caches, 0, 300);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows() <= 100);
		}
	}

	@Test
	void lastStartedApplicationSetsTheBound() {
		try (TestCaches caches = bounded(100)) {
			set(caches, 0, 300);
		}
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			assertThat(caches.manager().cleanup()).isBetween(180L, 230L);
			caches.cache("books").put(1_000, "value");
			set(caches, 0, 300);
			assertThat(caches.manager().cleanup()).isZero();
		}
	}

	/**
	 * The transaction has cleared the cache as the trigger of a watched table does.
	 */
	@Test
	void boundIsSetByTheNextChangeIfATransactionHasLockedTheCache() throws SQLException {
		try (TestCaches caches = bounded(100)) {
			set(caches, 0, 10);
		}
		try (TestCaches caches = bounded(200)) {
			PostgresCache books = caches.cache("books");
			try (Connection transaction = this.database.connect();
					Statement statement = transaction.createStatement()) {
				transaction.setAutoCommit(false);
				statement.execute("select psqache.clear_cache(id) from psqache.cache where name = 'books'");
				assertThat(books.get(3)).isNotNull();
				books.put(11, "value");
				assertThat(books.getStatistics().failures(CacheOperation.GET)).isZero();
				assertThat(books.getStatistics().failures(CacheOperation.PUT)).isZero();
				assertThat(bound()).isEqualTo("100");
				transaction.rollback();
			}
			books.put(12, "value");
			assertThat(bound()).isEqualTo("200");
		}
	}

	private @Nullable String bound() {
		return this.database.query("select max_entries from psqache.cache where name = 'books'");
	}

	/**
	 * No instance sweeps in the background. The next sweep would evict entries that were
	 * unused for a minute.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void writersPastTheBoundEvictOnlyOldEntries(boolean ifAbsent) {
		try (TestCaches caches = bounded(1_000)) {
			set(caches, 0, 10);
			fill(10, 3_010, "now() - n % 2 * interval '1 hour'", "'infinity'");
			this.database.execute("""
					insert into psqache.figures
					select id, 3000, 300000, 0, now(), now(), 60000, now()
					from psqache.cache
					""");
			caches.manager().storedCaches();
			for (int n = 10_000; n < 11_000; n++) {
				if (ifAbsent) {
					caches.cache("books").putIfAbsent(n, n);
				}
				else {
					caches.cache("books").put(n, n);
				}
			}
			long old = Long.parseLong(String.valueOf(this.database.query(
					"select count(*) from psqache.cache_entry where type <> 'evicted' and used_at < now() - interval '1 minute'")));
			assertThat(old).as("of 1,500").isLessThan(1_000);
			assertThat(rows()).as("1,510 young entries and 1,000 new ones").isEqualTo(10 + 1_500 + 1_000 + old);
		}
	}

	@Test
	void writersWithinTheBoundEvictNothing() {
		try (TestCaches caches = bounded(2_000)) {
			set(caches, 0, 10);
			fill(10, 2_000, "now() - interval '1 hour'", "'infinity'");
			assertThat(caches.manager().cleanup()).isZero();
			set(caches, 10_000, 10_100);
			assertThat(rows()).isEqualTo(2_100);
		}
	}

	/**
	 * Many entries were used at the same time; older entries are evicted first.
	 */
	@Test
	void shareOfEntriesOfEqualAgeIsEvicted() {
		try (TestCaches caches = bounded(10_000)) {
			set(caches, 0, 10);
			fill(10, 20_000, "now() - interval '1 hour'", "'infinity'");
			fill(20_000, 20_100, "now() - interval '2 hours'", "'infinity'");
			caches.manager().cleanup();
			assertThat(rows()).isBetween(9_200L, 9_800L);
			assertThat(this.database.query(
					"select count(*) from psqache.cache_entry where type <> 'evicted' and used_at < now() - interval '90 minutes'"))
				.isEqualTo("0");
			assertThat(caches.manager().cleanup()).isZero();
		}
	}

	private TestCaches bounded(long entries) {
		return TestCaches.on(this.database, (cache) -> cache.withMaxEntries(entries));
	}

	private static TypedCache<Integer, Integer> books(TestCaches caches) {
		return caches.manager().typedCache("books", Integer.class, Integer.class);
	}

	private static void set(TestCaches caches, int from, int to) {
		books(caches).setAll(IntStream.range(from, to).boxed().collect(Collectors.toMap((n) -> n, (n) -> n)));
	}

	private static Map<Integer, Integer> get(TestCaches caches, int from, int to) {
		return books(caches).getAll(IntStream.range(from, to).boxed().toList());
	}

	/**
	 * Set the ages of the entries so that each is 10 % older than the next: the sweeper
	 * distinguishes ages that differ by 5 %.
	 */
	private void age() {
		this.database.execute("update psqache.cache_entry set "
				+ "written_at = now() - 1.1 ^ (150 - key::int) * interval '1 second', "
				+ "used_at = now() - 1.1 ^ (150 - key::int) * interval '1 second'");
	}

}
