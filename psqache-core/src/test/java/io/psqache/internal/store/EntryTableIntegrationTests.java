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

import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.psqache.TestCaches;
import io.psqache.TypedCache;
import io.psqache.internal.sweep.SweepingFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps the table of entries from swelling.
 */
class EntryTableIntegrationTests extends SweepingFixture {

	private static final int KEYS = 2_000;

	private static final int SOME = 100;

	private final Random random = new Random(1);

	@Test
	void putsOverEntriesThatAreThereStayInTheirPages() {
		long pages;
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			set(caches, IntStream.range(0, KEYS), 0);
			pages = pages();
			for (int round = 1; round <= 200; round++) {
				set(caches, some(), round);
			}
		}
		awaitUpdates(200 * SOME);
		assertThat(hotShare(0, 0)).isGreaterThan(0.95);
		assertThat(pages()).isLessThan(3 * pages / 2);
	}

	@Test
	void readsThatProlongEntriesStayInTheirPages() {
		long updates;
		long hot;
		try (TestCaches caches = TestCaches.on(this.database,
				(settings) -> settings.withTimeToIdle(Duration.ofHours(1)))) {
			set(caches, IntStream.range(0, KEYS), 0);
			this.database.execute("update psqache.cache_entry set expires_at = now() + interval '20 minutes'");
			this.database.execute("vacuum psqache.cache_entry");
			awaitUpdates(KEYS);
			updates = statistic("n_tup_upd");
			hot = statistic("n_tup_hot_upd");
			assertThat(books(caches).getAll(some().boxed().toList())).hasSize(SOME);
			Awaitility.await()
				.until(() -> String.valueOf(SOME)
					.equals(this.database.query(
							"select count(*) from psqache.cache_entry where expires_at > now() + interval '50 minutes'")));
		}
		awaitUpdates(updates + SOME);
		assertThat(hotShare(updates, hot)).isGreaterThan(0.95);
	}

	@Test
	void readThatWouldProlongByLessThanASixteenthWritesNothing() {
		try (TestCaches caches = TestCaches.on(this.database,
				(settings) -> settings.withTimeToIdle(Duration.ofHours(1)))) {
			set(caches, IntStream.range(0, KEYS), 0);
			this.database.execute("update psqache.cache_entry set expires_at = now() + interval '57 minutes'");
			assertThat(books(caches).getAll(IntStream.range(0, KEYS).boxed().toList())).hasSize(KEYS);
			Awaitility.await()
				.during(Duration.ofMillis(300))
				.until(() -> "0".equals(this.database.query(
						"select count(*) from psqache.cache_entry where expires_at > now() + interval '58 minutes'")));
		}
	}

	@Test
	void vacuumComesSoonAndTruncatesNothing() {
		assertThat(options("oid = 'psqache.cache_entry'::regclass")).contains("autovacuum_vacuum_scale_factor=0.02",
				"autovacuum_vacuum_insert_threshold=-1", "vacuum_truncate=off", "fillfactor=80");
		assertThat(options("oid = (select reltoastrelid from pg_class where oid = 'psqache.cache_entry'::regclass)"))
			.contains("autovacuum_vacuum_scale_factor=0.02", "vacuum_truncate=off");
	}

	@Test
	void primaryKeyIsTheOnlyIndex() {
		assertThat(this.database.query(
				"select string_agg(indexname, ',') from pg_indexes where schemaname = 'psqache' and tablename = 'entry'"))
			.isEqualTo("entry_pkey");
	}

	private String options(String condition) {
		return String
			.valueOf(this.database.query("select array_to_string(reloptions, ',') from pg_class where " + condition));
	}

	private static TypedCache<Integer, String> books(TestCaches caches) {
		return caches.manager().typedCache("books", Integer.class, String.class);
	}

	private static void set(TestCaches caches, IntStream keys, int round) {
		books(caches).setAll(keys.boxed().collect(Collectors.toMap((key) -> key, (key) -> "%0500d".formatted(round))));
	}

	/**
	 * As callers come: not all those of a page at once.
	 */
	private IntStream some() {
		return this.random.ints(0, KEYS).distinct().limit(SOME);
	}

	private long pages() {
		return Long.parseLong(String.valueOf(this.database
			.query("select pg_relation_size('psqache.cache_entry') / current_setting('block_size')::int")));
	}

	/**
	 * Sessions tell the statistics at their end, at the latest.
	 */
	private void awaitUpdates(long updates) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> statistic("n_tup_upd") >= updates);
	}

	private double hotShare(long updatesBefore, long hotBefore) {
		return (double) (statistic("n_tup_hot_upd") - hotBefore) / (statistic("n_tup_upd") - updatesBefore);
	}

	private long statistic(String name) {
		return Long.parseLong(String.valueOf(this.database
			.query("select " + name + " from pg_stat_user_tables where relid = 'psqache.cache_entry'::regclass")));
	}

}
