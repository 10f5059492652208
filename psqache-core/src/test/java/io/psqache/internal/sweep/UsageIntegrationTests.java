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

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.psqache.CacheMonitor;
import io.psqache.CacheUsage;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.StoredCache;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the stored caches and their usage.
 */
class UsageIntegrationTests extends SweepingFixture {

	@Test
	void usageCountsStoredEntries() {
		try (TestCaches caches = sweeping()) {
			TypedCache<String, String> books = caches.manager().typedCache("books", String.class, String.class);
			PostgresCache cache = caches.cache("books");
			assertThat(cache.getUsage()).isNull();
			books.setAll(IntStream.range(0, 700)
				.boxed()
				.collect(Collectors.toMap((n) -> "key" + n, (n) -> "value ".repeat(n % 50))));
			this.database.execute(
					"update psqache.cache_entry set written_at = now() - interval '1 hour' where key = '\"key7\"'");
			Awaitility.await().until(() -> {
				CacheUsage usage = cache.getUsage();
				return usage != null && usage.entries() == 700;
			});
			awaitWalks(1);
			CacheUsage usage = awaitUsage(cache);
			assertThat(usage.entries()).isEqualTo(700);
			assertThat(usage.bytes()).isEqualTo(Long.parseLong(String.valueOf(this.database
				.query("select sum(88 + pg_column_size(key) + pg_column_size(type) + pg_column_size(value)) "
						+ "from psqache.cache_entry"))));
			assertThat(usage.oldest()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
			assertThat(usage.age()).isLessThan(Duration.ofSeconds(30));
		}
	}

	@Test
	void shareOfExpiredEntriesIsReported() {
		fillBooks(100, "now()");
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			TypedCache<String, Integer> books = cache(caches, "books");
			books.setAll(numbers(300));
			assertThat(caches.manager().cleanup()).isEqualTo(100);
			assertThat(awaitUsage(caches.cache("books")).expiredShare()).isEqualTo(0.25);
		}
	}

	@Test
	void unusedCacheIsListedAndDropped() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			cache(caches, "unused").setAll(numbers(10));
		}
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			PostgresCacheManager manager = caches.manager();
			assertThat(manager.cleanup()).isZero();
			StoredCache unused = manager.storedCaches().get(0);
			assertThat(unused.name()).isEqualTo("unused");
			assertThat(unused.usage()).satisfies((usage) -> assertThat(usage.entries()).isEqualTo(10));
			assertThat(manager.dropCache("unused")).isTrue();
			assertThat(manager.dropCache("unused")).isFalse();
			assertThat(manager.storedCaches()).isEmpty();
			assertThat(manager.cleanup()).isEqualTo(10);
			assertThat(rows()).isZero();
		}
	}

	@Test
	void cacheThatIsDroppedWhileInUseIsCreatedAgain() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			PostgresCache books = caches.cache("books");
			books.put("key", "value");
			assertThat(caches.manager().dropCache("books")).isTrue();
			assertThat(books.get("key")).isNull();
			books.put("key", "new");
			assertThat(books.get("key", String.class)).isEqualTo("new");
		}
	}

	@Test
	void readsAndWritesMarkACacheAsUsed() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			caches.cache("read").put("key", "value");
			caches.cache("unused").put("key", "value");
		}
		this.database.execute("update psqache.cache set used_at = now() - interval '1 day'");
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			caches.cache("read").get("key");
			try (Housekeeping housekeeping = new Housekeeping(TestCaches.store(caches.manager()), "test",
					CacheMonitor.NONE)) {
				housekeeping.start(Duration.ofMillis(20), 10);
				Awaitility.await()
					.until(() -> "t".equals(this.database
						.query("select used_at > now() - interval '1 hour' from psqache.cache where name = 'read'")));
			}
			assertThat(caches.manager().storedCaches())
				.filteredOn((cache) -> cache.usedAt().isBefore(Instant.now().minusSeconds(60)))
				.extracting(StoredCache::name)
				.containsExactly("unused");
		}
	}

}
