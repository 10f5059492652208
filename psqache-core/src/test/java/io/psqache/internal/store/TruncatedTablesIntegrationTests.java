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

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.psqache.CacheSettings;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tables that other hands empty while instances run, as test cleaners do: no cache
 * returns the value of another one, nor what was evicted.
 */
class TruncatedTablesIntegrationTests {

	/**
	 * Steps of each random test. More of them take longer and find more.
	 */
	private static final int STEPS = Integer.getInteger("psqache.test.truncation-steps", 250);

	private static final List<String> TABLES = List.of("cache", "cache_entry", "bound_eviction", "incarnation",
			"figures", "sweeper", "load", "entry");

	private final TestDatabase database = TestDatabase.create();

	private final List<TestCaches> open = new ArrayList<>();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.open.forEach(TestCaches::close);
		this.database.close();
	}

	@Test
	void idThatAnotherCacheHasNowIsNotRead() {
		TestCaches one = instance();
		TestCaches other = instance();
		for (List<String> order : List.of(List.of("a", "b", "c"), List.of("c", "b", "a"), List.of("b", "c", "a"))) {
			this.database.execute("truncate psqache.cache, psqache.cache_entry restart identity");
			order.forEach((name) -> other.cache(name).put(1, name));
			order.forEach((name) -> assertThat(one.cache(name).get(1, String.class)).isIn(name, null));
			order.forEach((name) -> assertThat(one.cache(name).get(1, () -> name)).isEqualTo(name));
		}
	}

	@Test
	void entriesThatStayedBehindAreNotReadByAnotherCache() {
		for (List<String> order : List.of(List.of("a", "b"), List.of("b", "a"), List.of("a", "b"))) {
			this.database.execute("truncate psqache.cache restart identity");
			TestCaches started = instance();
			for (String name : order) {
				assertThat(started.cache(name).get(1)).isNull();
				started.cache(name).put(1, name);
			}
		}
	}

	/**
	 * A dump restores the ids too.
	 */
	@Test
	void rowOfAnotherCacheByTheSameIdIsNotRead() {
		TestCaches one = instance();
		one.cache("a").put(1, "a");
		one.cache("b").put(1, "b");
		this.database.execute(
				"""
						with ids as (select min(id) filter (where name = 'a') as a, min(id) filter (where name = 'b') as b from psqache.cache),
						gone as (delete from psqache.cache returning id)
						select count(*) from gone, ids
						""");
		this.database.execute("""
				insert into psqache.cache (id, namespace, name)
				select distinct cache_id, 'test', case value #>> '{}' when 'a' then 'b' else 'a' end
				from psqache.cache_entry
				""");
		assertThat(one.cache("a").get(1)).isNull();
		assertThat(instance().cache("a").get(1)).isNull();
		assertThat(instance().cache("b").get(1)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "truncate psqache.cache", "truncate psqache.cache restart identity",
			"delete from psqache.cache" })
	void clearedEntriesDoNotReturn(String statement) {
		TestCaches one = instance();
		one.cache("a").put(1, "old");
		one.cache("a").clear();
		this.database.execute(statement);
		assertThat(one.cache("a").get(1)).isNull();
		assertThat(instance().cache("a").get(1)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "truncate psqache.cache_entry", "delete from psqache.cache_entry", """
			delete from psqache.cache_entry
			where ctid = any (array(select ctid from psqache.cache_entry limit 1000 for update skip locked))
			""", "truncate psqache.cache, psqache.cache_entry restart identity", "truncate psqache.incarnation",
			"delete from psqache.cache" })
	void evictionStillRefusesALoadWhenItsTombstoneIsGone(String statement) {
		TestCaches one = instance();
		TestCaches other = instance();
		other.cache("a").put(2, "any");
		one.cache("a").get(1, () -> {
			other.cache("a").evict(1);
			this.database.execute(statement);
			return "old";
		});
		assertThat(other.cache("a").get(1)).isNull();
	}

	/**
	 * The put waits for the deletion, and began before its commit.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void putThatWaitsForTheDeletionOfItsTombstoneIsRefused(boolean isBounded) throws Exception {
		TestCaches one = instance((settings) -> isBounded ? settings.withMaxEntries(1_000L) : settings);
		TestCaches other = instance((settings) -> isBounded ? settings.withMaxEntries(1_000L) : settings);
		for (int round = 0; round < 20; round++) {
			int key = round;
			try (Connection cleaner = this.database.connect(); Statement statement = cleaner.createStatement()) {
				cleaner.setAutoCommit(false);
				CountDownLatch deleted = new CountDownLatch(1);
				CompletableFuture<@Nullable String> load = CompletableFuture
					.supplyAsync(() -> one.cache("a").get(key, () -> {
						other.cache("a").evict(key);
						statement.execute("delete from psqache.cache_entry");
						deleted.countDown();
						return "old";
					}));
				deleted.await();
				while (!load.isDone() && this.database.locksWaitedFor() == 0) {
					Thread.onSpinWait();
				}
				cleaner.commit();
				load.get(20, TimeUnit.SECONDS);
			}
			assertThat(other.cache("a").get(key)).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "delete from psqache.cache where name = 'b'", "delete from psqache.cache where false" })
	void deletionOfAnotherCacheRefusesNoLoad(String statement) {
		TestCaches one = instance();
		one.cache("b").put(1, "any");
		one.cache("a").get(1, () -> {
			this.database.execute(statement);
			return "loaded";
		});
		assertThat(instance().cache("a").get(1, String.class)).isEqualTo("loaded");
	}

	@Test
	void droppingAnotherCacheRefusesNoLoadAndDropsNoCopies() {
		TestCaches near = near(UnaryOperator.identity());
		fillNear(near, "a");
		TestCaches other = instance();
		other.cache("b").put(1, "any");
		other.cache("c").get(1, () -> {
			assertThat(other.manager().dropCache("b")).isTrue();
			return "loaded";
		});
		assertThat(instance().cache("c").get(1, String.class)).isEqualTo("loaded");
		assertThat(near.cache("a").getNearEntries()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { "truncate psqache.bound_eviction", "delete from psqache.bound_eviction" })
	void recordOfDeletedRowsStillRefusesALoadWhenItIsGone(String statement) {
		TestCaches one = instance((settings) -> settings.withMaxEntries(1L));
		one.cache("a").put(2, "any");
		one.cache("a").get(2);
		one.cache("a").get(1, () -> {
			this.database.execute("""
					update psqache.bound_eviction
					set newest = pg_current_xact_id(), snapshot = pg_current_snapshot()
					""");
			this.database.execute(statement);
			one.cache("a").get(3); // takes a fence, which makes the row
			return "old";
		});
		assertThat(one.cache("a").get(1)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "truncate psqache.cache_entry", "delete from psqache.cache_entry", """
			delete from psqache.cache_entry
			where ctid = any (array(select ctid from psqache.cache_entry limit 1000 for update skip locked))
			""", "truncate psqache.cache", "delete from psqache.cache" })
	void copiesAreDropped(String statement) {
		TestCaches near = near(UnaryOperator.identity());
		fillNear(near, "a");
		this.database.execute(statement);
		Concurrently.awaitThat(() -> near.cache("a").get(1) == null);
	}

	@Test
	void copiesAreDroppedWhenTheSchemaIsMadeAgain() {
		TestCaches near = near(UnaryOperator.identity());
		fillNear(near, "a");
		this.database.execute("drop schema psqache cascade");
		migrate();
		instance().cache("a").put(1, "new");
		Concurrently.awaitThat(() -> "new".equals(near.cache("a").get(1, String.class)));
	}

	/**
	 * A reader that never puts would not learn of it by a write.
	 */
	@Test
	void readerFindsTheRowThatAnotherInstanceMadeAgain() {
		TestCaches reader = instance();
		reader.cache("a").put(1, "old");
		this.database.execute("truncate psqache.cache, psqache.cache_entry");
		instance().cache("a").put(1, "new");
		TypedCache<Integer, String> typed = reader.manager().typedCache("a", Integer.class, String.class);
		Concurrently.awaitThat(() -> typed.get(1).equals(Optional.of("new")));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void noSequenceOfTruncationsReturnsAnotherValue(long seed) {
		new RandomSteps(seed, UnaryOperator.identity()).run();
	}

	@ParameterizedTest
	@ValueSource(longs = { 4, 5 })
	void noSequenceOfTruncationsReturnsAnotherValueInBoundedCaches(long seed) {
		new RandomSteps(seed, (settings) -> settings.withMaxEntries(8L)).run();
	}

	private static void fillNear(TestCaches near, String name) {
		near.awaitListening();
		Concurrently.awaitThat(() -> {
			near.cache(name).put(1, "old");
			near.cache(name).get(1);
			return near.cache(name).getNearEntries() > 0;
		});
	}

	private TestCaches instance() {
		return instance(UnaryOperator.identity());
	}

	private TestCaches instance(UnaryOperator<CacheSettings> settings) {
		return opened(TestCaches.on(this.database, settings));
	}

	private TestCaches near(UnaryOperator<CacheSettings> settings) {
		return opened(TestCaches.near(this.database, settings));
	}

	private TestCaches opened(TestCaches caches) {
		this.open.add(caches);
		return caches;
	}

	/**
	 * What applications and cleaners do, in a random order, beside what a correct cache
	 * returns. A value tells its cache, its key and its version.
	 */
	private final class RandomSteps {

		private static final List<String> NAMES = List.of("a", "b", "c", "d");

		private static final int NEAR = 2;

		private final Random random;

		private final UnaryOperator<CacheSettings> settings;

		private final List<TestCaches> instances = new ArrayList<>();

		private final Map<String, Integer> versions = new HashMap<>();

		private final List<String> done = new ArrayList<>();

		RandomSteps(long seed, UnaryOperator<CacheSettings> settings) {
			this.random = new Random(seed);
			this.settings = settings;
			this.instances.add(instance(settings));
			this.instances.add(instance(settings));
			this.instances.add(near(settings));
		}

		void run() {
			for (int step = 0; step < STEPS; step++) {
				step();
			}
		}

		private void step() {
			int instance = this.random.nextInt(this.instances.size());
			PostgresCache cache = this.instances.get(instance).cache(NAMES.get(this.random.nextInt(NAMES.size())));
			int key = this.random.nextInt(4);
			switch (this.random.nextInt(12)) {
				case 0, 1, 2, 3 -> read(cache, key, instance == NEAR);
				case 4, 5 -> {
					this.done.add("change " + cache.getName() + key);
					change(cache.getName(), key);
					cache.evict(key);
				}
				case 6 -> {
					this.done.add("put " + cache.getName() + key);
					change(cache.getName(), key);
					cache.put(key, value(cache.getName(), key));
				}
				case 7 -> {
					this.done.add("clear " + cache.getName());
					for (int each = 0; each < 4; each++) {
						change(cache.getName(), each);
					}
					cache.clear();
				}
				case 8, 9 -> cleanTables();
				case 10 -> loadAcross(cache, key);
				default -> restart();
			}
		}

		private void change(String name, int key) {
			this.versions.merge(name + key, 1, Integer::sum);
		}

		private String value(String name, int key) {
			return name + key + " version " + this.versions.getOrDefault(name + key, 0);
		}

		/**
		 * A near cache hears of a change a moment later.
		 */
		private void read(PostgresCache cache, int key, boolean isNear) {
			String expected = value(cache.getName(), key);
			this.done.add("read " + cache.getName() + key);
			if (!isNear) {
				check(cache, key, cache.get(key, String.class), expected);
				check(cache, key, cache.get(key, () -> expected), expected);
				return;
			}
			assertThat(cache.get(key, () -> expected)).as("%s", this.done).startsWith(cache.getName() + key + " ");
			Concurrently.awaitThat(() -> expected.equals(cache.get(key, () -> expected)));
		}

		private void check(PostgresCache cache, int key, @Nullable String read, String expected) {
			assertThat(read).as("%s%s after %s", cache.getName(), key, this.done).isIn(expected, null);
		}

		/**
		 * A load that is overtaken by a change, whose evidence goes too.
		 */
		private void loadAcross(PostgresCache cache, int key) {
			String old = value(cache.getName(), key);
			PostgresCache other = this.instances.get(0).cache(cache.getName());
			this.done.add("load across " + cache.getName() + key);
			cache.get(key, () -> {
				change(cache.getName(), key);
				other.evict(key);
				cleanTables();
				return old;
			});
		}

		private void cleanTables() {
			List<String> tables = TABLES.stream()
				.filter((table) -> this.random.nextBoolean())
				.map((table) -> "psqache." + table)
				.toList();
			String statement = String.join(", ", tables);
			if (tables.isEmpty()) {
				drop();
				return;
			}
			switch (this.random.nextInt(3)) {
				case 0 -> statement = "truncate " + statement + " restart identity";
				case 1 -> statement = "truncate " + statement;
				default -> statement = "delete from " + String.join("; delete from ", tables);
			}
			this.done.add(statement);
			TruncatedTablesIntegrationTests.this.database.execute(statement);
		}

		private void drop() {
			this.done.add("drop schema");
			TruncatedTablesIntegrationTests.this.database.execute("drop schema psqache cascade");
			migrate();
		}

		private void restart() {
			this.done.add("restart");
			int number = this.random.nextInt(2);
			this.instances.get(number).close();
			TruncatedTablesIntegrationTests.this.open.remove(this.instances.get(number));
			this.instances.set(number, instance(this.settings));
		}

	}

}
