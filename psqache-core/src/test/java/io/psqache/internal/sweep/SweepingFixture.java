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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.psqache.CacheUsage;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A database with psqache's schema, and methods that fill it and read its state.
 */
public abstract class SweepingFixture {

	public final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	TestCaches sweeping() {
		return TestCaches.sweeping(this.database, UnaryOperator.identity(), 10);
	}

	static TypedCache<String, Integer> cache(TestCaches caches, String name) {
		return caches.manager().typedCache(name, String.class, Integer.class);
	}

	static Map<String, Integer> numbers(int count) {
		return IntStream.range(0, count).boxed().collect(Collectors.toMap(String::valueOf, (n) -> n));
	}

	/**
	 * Fill the cache {@code books} before a store has used it.
	 */
	void fillBooks(int entries, String expiresAt) {
		this.database.execute("insert into psqache.cache (namespace, name) values ('test', 'books')");
		fill(1, entries + 1, "now()", expiresAt);
	}

	/**
	 * Fill all caches with entries of about 0.5 kB that cannot be decoded. Their keys are
	 * numbers.
	 * @param end the number after the last key
	 */
	void fill(int first, int end, String usedAt, String expiresAt) {
		this.database.execute(
				"""
						insert into psqache.cache_entry
						  (cache_id, key_hash, key, epoch, payload, type, written_at, used_at, expires_at, live_until)
						select id, psqache.key_hash(n::text), n::text, epoch, convert_to(repeat(md5(n::text), 15), 'UTF8'), 'x', now(), %1$s, %2$s, %2$s
						from psqache.cache, generate_series(%3$d, %4$d - 1) as n
						"""
					.formatted(usedAt, expiresAt, first, end));
	}

	long rows() {
		return Long.parseLong(String
			.valueOf(this.database.query("select count(*) from psqache.cache_entry where type <> 'evicted'")));
	}

	void awaitRows(long rows) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows() == rows);
	}

	String holder() {
		return String.valueOf(this.database.query("select holder from psqache.sweeper where held_until > now()"));
	}

	String awaitHolder(String otherThan) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !List.of("null", otherThan).contains(holder()));
		return holder();
	}

	static CacheUsage awaitUsage(PostgresCache cache) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> cache.getUsage() != null);
		return Objects.requireNonNull(cache.getUsage());
	}

	/**
	 * Wait for walks that begin after this call.
	 */
	void awaitWalks(int walks) {
		for (int walk = 0; walk <= walks; walk++) {
			String before = counted();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !before.equals(counted()));
		}
	}

	private String counted() {
		return String.valueOf(this.database.query("select max(counted_at) from psqache.figures"));
	}

}
