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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheBounds;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.engine.Session;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two keys of a cache with one hash share a row, which is of the key that was written
 * last. No such keys are known: the row of a key is given to another key in place, or
 * rows are given the same hash.
 */
class KeyCollisionIntegrationTests {

	private static final StoredValue VALUE = StoredValue.json("\"value\"", "v1 java.lang.String");

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(20));

	private final CacheHandle books = this.store.cache("test", "books", CacheBounds.NONE, Lifetime.FOREVER,
			new Staleness(true, Duration.ofHours(1)), ChangeListener.NONE);

	@BeforeEach
	void collide() {
		TestCaches.migrate(this.database);
		put("key");
		put("present");
		this.database.execute("update psqache.cache_entry set key = 'other' where key = 'key'");
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void readOfTheKeyIsAMiss() {
		assertThat(get("key")).isNull();
		assertThat(this.store.get(this.books, "key", Duration.ofHours(1)).await().present()).isNull();
		assertThat(this.store.get(TestStores.cache(this.store, "test", "books"), "key", null).await().present())
			.isNull();
		assertThat(this.store.getExpired(this.books, "key").await().present()).isNull();
		assertThat(this.store.peek(this.books, "key").await()).isEmpty();
	}

	@Test
	void readOfManyKeysMissesThatKeyAlone() {
		Map<String, ReadAnswer> answers = this.store.getAll(this.books, Set.of("key", "present"), null)
			.await()
			.answers();
		assertThat(answers.get("key")).extracting(ReadAnswer::present).isNull();
		assertThat(answers.get("present")).extracting(ReadAnswer::present).isNotNull();
	}

	@Test
	void readsThatShareAStatementMissThatKeyAlone() {
		CacheHandle untimed = TestStores.cache(this.store, "test", "books");
		List<CompletableFuture<ReadAnswer>> reads;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			reads = List.of("busy", "key", "present", "key", "present")
				.stream()
				.map((key) -> this.store.get(untimed, key, null).in(CallMode.ASYNC))
				.toList();
		}
		assertThat(reads).extracting((read) -> read.join().present() != null)
			.containsExactly(false, false, true, false, true);
	}

	@Test
	void putTakesTheRowOver() {
		put("key");
		assertThat(get("key")).isNotNull();
		assertThat(keys()).isEqualTo("key,present");
	}

	@Test
	void putIfAbsentTakesTheRowOver() {
		assertThat(this.store.putIfAbsent(this.books, "key", VALUE, Lifetime.FOREVER).await()).isTrue();
		assertThat(get("key")).isNotNull();
		assertThat(this.store.putIfAbsent(this.books, "key", VALUE, Lifetime.FOREVER).await()).isFalse();
	}

	@Test
	void putThatFollowsAMissTakesTheRowOver() {
		Fence fence = Objects.requireNonNull(this.store.getOrFence(this.books, "key", null).await().fence());
		assertThat(this.store.put(this.books, "key", new NewEntry(VALUE, Lifetime.FOREVER, fence)).await()).isTrue();
		assertThat(get("key")).isNotNull();
	}

	/**
	 * The row tells of either key.
	 */
	@Test
	void putThatFollowsAMissFromBeforeTheOtherKeyWasWrittenIsRefused() {
		Fence fence = Objects.requireNonNull(this.store.getOrFence(this.books, "key", null).await().fence());
		this.database.execute("update psqache.cache_entry set xid = pg_current_xact_id() where key = 'other'");
		assertThat(this.store.put(this.books, "key", new NewEntry(VALUE, Lifetime.FOREVER, fence)).await()).isFalse();
		assertThat(get("key")).isNull();
	}

	@Test
	void evictionFindsNothingAndLeavesATombstoneOfItsKey() {
		assertThat(this.store.evict(this.books, "key").await()).isFalse();
		assertThat(this.database.query("select type from psqache.cache_entry where key = 'key'")).isEqualTo("evicted");
		assertThat(keys()).isEqualTo("key,present");
		assertThat(this.store.evictAll(this.books, Set.of("key", "present")).await().answers())
			.isEqualTo(Map.of("key", false, "present", true));
	}

	@Test
	void evictionBySqlFindsNothing() {
		assertThat(this.database.query("select psqache.evict('test', 'books', 'key')")).isEqualTo("0");
		assertThat(this.database.query("select psqache.evict('test', 'books', 'present')")).isEqualTo("1");
		assertThat(get("key")).isNull();
	}

	@Test
	void transactionWritesTheLastOfTwoPutsWithOneHash() throws SQLException {
		try (Connection transaction = begin()) {
			Session session = new ConnectionSession(transaction);
			CacheRow row = this.store.statements().rowToChange(session, this.books);
			for (List<RowInsert.Row> portion : EntryWrites.portions(rows(null))) {
				assertThat(this.store.statements().writes().insert(session, row, portion)).isOne();
			}
			transaction.commit();
		}
		assertThat(keys()).isEqualTo("other,present,second");
	}

	@Test
	void transactionWritesTheFirstOfTwoPutsWithOneHashThatFollowAMiss() throws SQLException {
		Fence fence = Objects.requireNonNull(this.store.getOrFence(this.books, "key", null).await().fence());
		try (Connection transaction = begin()) {
			Session session = new ConnectionSession(transaction);
			CacheRow row = this.store.statements().rowToChange(session, this.books);
			assertThat(this.store.statements().writes().putFencedWithin(session, this.books, row, rows(fence)))
				.containsExactly("first");
			transaction.commit();
		}
		assertThat(keys()).isEqualTo("first,other,present");
	}

	/**
	 * Both keys are of the row that the transaction has locked.
	 */
	@Test
	void transactionFindsTheTombstoneThatItHasLeftOfTheOtherKey() throws SQLException {
		try (Connection transaction = begin(); Statement statement = transaction.createStatement()) {
			Session session = new ConnectionSession(transaction);
			CacheRow row = this.store.statements().rowToChange(session, this.books);
			this.store.statements().evict(session, row, Set.of("key"));
			statement.execute("update psqache.cache_entry set key = 'other' where key = 'key'");
			assertThat(this.store.statements().evictedWithin(session, this.books, Set.of("key", "present")))
				.containsExactly("key");
		}
	}

	/**
	 * Three rows with one hash, of which the last one would go in another statement.
	 */
	private static List<RowInsert.SingleRow> rows(@Nullable Fence fence) {
		StoredValue binary = StoredValue.payload(new byte[] { 1 }, "v1 java.lang.String");
		return List.of(new RowInsert.SingleRow("first", 1, new NewEntry(VALUE, Lifetime.FOREVER, fence)),
				new RowInsert.SingleRow("middle", 1, new NewEntry(VALUE, Lifetime.FOREVER, fence)),
				new RowInsert.SingleRow("second", 1, new NewEntry(binary, Lifetime.FOREVER, fence)));
	}

	private Connection begin() throws SQLException {
		Connection transaction = this.database.connect();
		transaction.setAutoCommit(false);
		return transaction;
	}

	private void put(String key) {
		this.store.put(this.books, key, TestStores.entry(VALUE)).await();
	}

	private @Nullable StoredValue get(String key) {
		return this.store.get(this.books, key, null).await().present();
	}

	private @Nullable String keys() {
		return this.database.query("select string_agg(key, ',' order by key) from psqache.cache_entry");
	}

}
