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

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheBounds;
import io.psqache.CacheUsage;
import io.psqache.test.Concurrently;
import io.psqache.CacheMonitor;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.engine.Session;
import io.psqache.internal.sweep.Housekeeping;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What happens between a miss and the put that follows it, on two stores.
 */
class FenceIntegrationTests {

	private static final StoredValue OLD = StoredValue.json("\"old\"", "v1 java.lang.String");

	private static final StoredValue NEW = StoredValue.json("\"new\"", "v1 java.lang.String");

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final HikariDataSource otherPool = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(20));

	private final EntryStore other = TestStores.open(this.otherPool, 4, Duration.ofSeconds(20));

	private final CacheHandle books = TestStores.cache(this.store, "test", "books");

	private final CacheHandle otherBooks = TestStores.cache(this.other, "test", "books");

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.store.close();
		this.other.close();
		this.pool.close();
		this.otherPool.close();
		this.database.close();
	}

	@Test
	void hitHasNoFence() {
		set("key", NEW);
		assertThat(this.store.getOrFence(this.books, "key", null).await().fence()).isNull();
	}

	@Test
	void readThatIsNotFollowedByALoadHasNoFence() {
		assertThat(this.store.get(this.books, "key", null).await().fence()).isNull();
	}

	@Test
	void putAfterAMissIsStored() {
		assertThat(put("key", OLD, miss("key"))).isTrue();
		assertThat(value("key")).isEqualTo("\"old\"");
	}

	@Test
	void putAfterALaterEvictionIsRefused() {
		Fence fence = miss("key");
		evict("key");
		assertThat(put("key", OLD, fence)).isFalse();
		assertThat(value("key")).isNull();
	}

	@Test
	void putAfterALaterEvictionOfAnEntryIsRefused() {
		Fence fence = miss("key");
		set("key", NEW);
		evict("key");
		assertThat(put("key", OLD, fence)).isFalse();
		assertThat(value("key")).isNull();
	}

	@Test
	void putAfterALaterWriteIsRefused() {
		Fence fence = miss("key");
		set("key", NEW);
		assertThat(put("key", OLD, fence)).isFalse();
		assertThat(value("key")).isEqualTo("\"new\"");
	}

	@Test
	void putAfterALaterClearIsRefused() {
		Fence fence = miss("key");
		this.other.clear(this.otherBooks).await();
		assertThat(put("key", OLD, fence)).isFalse();
		assertThat(value("key")).isNull();
	}

	/**
	 * The snapshot of such a transaction shows neither the eviction nor the deletion of
	 * its tombstone.
	 */
	@ParameterizedTest
	@ValueSource(ints = { Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE })
	void putOfATransactionThatKeepsItsSnapshotFailsWhenTheTombstoneIsGone(int isolation) throws SQLException {
		miss("any");
		try (Connection transaction = this.database.connect()) {
			transaction.setAutoCommit(false);
			transaction.setTransactionIsolation(isolation);
			Session session = new ConnectionSession(transaction);
			EntryStatements statements = this.store.statements();
			Fence fence = Objects.requireNonNull(statements.fenceIfVisible(session, this.books));
			CacheRow row = statements.rowToChange(session, this.books);
			assertThat(statements.putFenced(session, this.books, row,
					Map.of("loaded", new NewEntry(OLD, Lifetime.FOREVER, fence))))
				.containsExactly("loaded");
			transaction.rollback();
			fence = Objects.requireNonNull(statements.fenceIfVisible(session, this.books));
			evict("key");
			this.database.execute("delete from psqache.cache_entry");
			Map<String, NewEntry> late = Map.of("key", new NewEntry(OLD, Lifetime.FOREVER, fence));
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statements.putFenced(session, this.books, row, late))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("40001"));
			transaction.rollback();
		}
	}

	/**
	 * The transaction wrote its row before the clear, so that nothing reads the row. It
	 * committed after the miss, so that the row has to refuse the put.
	 */
	@Test
	void sweepKeepsARowOfAnEarlierEpochThatIsNewerThanTheClear() throws SQLException {
		set("earlier", OLD);
		try (Connection transaction = setInATransaction("key", NEW)) {
			this.other.clear(this.otherBooks).await();
			Fence fence = miss("key");
			transaction.commit();
			new Housekeeping(this.other, "test", CacheMonitor.NONE).sweepNow();
			assertThat(put("key", OLD, fence)).isFalse();
		}
		assertThat(put("key", NEW, miss("key"))).isTrue();
		assertThat(this.database.query("select count(*) from psqache.cache_entry where key = 'earlier'"))
			.isEqualTo("0");
	}

	@Test
	void putAfterTheCacheWasDroppedIsRefused() {
		Fence fence = miss("key");
		new Housekeeping(this.other, "test", CacheMonitor.NONE).drop("books");
		this.other.put(TestStores.cache(this.other, "test", "books"), "key", TestStores.entry(NEW)).await();
		miss("another"); // this store looks the row up again
		assertThat(put("key", OLD, fence)).isFalse();
	}

	@Test
	void putAfterAnEvictionInProgressAtTheMissIsRefusedAtOnceAndStaysSo() throws SQLException {
		miss("key");
		try (Connection transaction = evictInATransaction("key")) {
			Fence fence = miss("key");
			assertThat(put("key", OLD, fence)).isFalse();
			transaction.commit();
			assertThat(put("key", OLD, fence)).isFalse();
		}
		assertThat(value("key")).isNull();
		assertThat(put("key", NEW, miss("key"))).isTrue();
	}

	@Test
	void putAfterAnEvictionInProgressOfWhatWasThereIsRefusedAtOnce() throws SQLException {
		set("key", OLD);
		try (Connection transaction = evictInATransaction("key")) {
			evictInATransaction("other").close();
			Fence fence = miss("missing");
			assertThat(put("key", OLD, fence)).isFalse();
			transaction.rollback();
		}
		assertThat(value("key")).isEqualTo("\"old\"");
	}

	@Test
	void rowsOfOneBatchDoNotSufferFromALockedOne() throws Exception {
		List<String> keys = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			keys.add("key" + i);
		}
		Fence fence = miss("key0");
		try (Connection transaction = evictInATransaction("key7")) {
			List<CompletableFuture<Boolean>> puts = new ArrayList<>();
			keys.forEach((key) -> puts.add(putAsync(key, fence)));
			for (int i = 0; i < puts.size(); i++) {
				assertThat(puts.get(i).get(5, TimeUnit.SECONDS)).as(keys.get(i)).isEqualTo(i != 7);
			}
			transaction.rollback();
		}
	}

	@Test
	void putAfterAnEvictionThatWasRolledBackIsStored() throws SQLException {
		Fence fence = miss("key");
		try (Connection transaction = evictInATransaction("key")) {
			transaction.rollback();
		}
		assertThat(put("key", OLD, fence)).isTrue();
	}

	@Test
	void putAfterALaterMissIsStored() {
		Fence early = miss("key");
		evict("key");
		Fence late = miss("key");
		assertThat(put("key", NEW, late)).isTrue();
		assertThat(put("key", OLD, early)).isFalse();
		assertThat(value("key")).isEqualTo("\"new\"");
	}

	@Test
	void putWithoutAFenceIsStoredWhateverHappened() {
		evict("key");
		this.store.put(this.books, "key", TestStores.entry(NEW)).await();
		assertThat(value("key")).isEqualTo("\"new\"");
	}

	@Test
	void putIfAbsentIsStoredOverATombstone() {
		evict("key");
		assertThat(this.store.putIfAbsent(this.books, "key", NEW, Lifetime.FOREVER).await()).isTrue();
		assertThat(value("key")).isEqualTo("\"new\"");
	}

	@Test
	void inABatchEachPutHasTheFenceOfItsOwn() throws Exception {
		Fence early = miss("a");
		evict("b");
		Fence late = miss("b");
		evict("c");
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			puts.add(putAsync("busy", null)); // the others gather
			puts.add(putAsync("a", early));
			puts.add(putAsync("b", late));
			puts.add(putAsync("c", late));
			puts.add(putAsync("d", null));
		}
		List<Boolean> written = new ArrayList<>();
		for (CompletableFuture<Boolean> put : puts) {
			written.add(put.get(20, TimeUnit.SECONDS));
		}
		assertThat(written).containsExactly(true, true, true, false, true);
	}

	@Test
	void inABatchThePutWithoutAFenceWins() throws Exception {
		Fence fence = miss("key");
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			puts.add(putAsync("key", null));
			puts.add(this.store.put(this.books, "key", TestStores.entry(NEW)).in(CallMode.ASYNC));
			puts.add(putAsync("key", fence));
		}
		for (CompletableFuture<Boolean> put : puts) {
			put.get(20, TimeUnit.SECONDS);
		}
		assertThat(puts.get(2).join()).isFalse();
		assertThat(value("key")).isEqualTo("\"new\"");
	}

	@Test
	void loadThatOutlastsTombstonesIsNotCached() {
		CacheHandle brief = TestStores.cache(this.store, "test", "brief", CacheBounds.NONE,
				new Lifetime(Duration.ofNanos(1), null));
		Fence fence = Objects.requireNonNull(this.store.getOrFence(brief, "key", null).await().fence());
		assertThat(this.store.put(brief, "key", new NewEntry(OLD, Lifetime.FOREVER, fence)).await()).isFalse();
	}

	@Test
	void oneOfManyEvictionsOfAnEntryFindsIt() throws Exception {
		for (int round = 0; round < 20; round++) {
			set("key", NEW);
			List<Object> present = new ArrayList<>(Concurrently.run(4, (number) -> {
				boolean mine = number % 2 == 0;
				return (mine ? this.store.evict(this.books, "key") : this.other.evict(this.otherBooks, "key")).await();
			}));
			assertThat(present).as("round " + round).containsOnlyOnce(true);
		}
	}

	@Test
	void tombstoneGoesWhenNoValidFenceNeedsIt() {
		EntryStore forgetful = new EntryStore(this.pool, 2, TestCaches.SCHEMA, Duration.ofMillis(100),
				Duration.ofMillis(100), CacheMonitor.NONE, SchemaRepair.NONE);
		CacheHandle cache = TestStores.cache(forgetful, "test", "forgotten");
		forgetful.evict(cache, "key").await();
		Housekeeping housekeeping = new Housekeeping(forgetful, "test", CacheMonitor.NONE);
		assertThat(housekeeping.sweepNow()).isZero();
		assertThat(rows("type = 'evicted'")).isOne();
		Concurrently.awaitThat(() -> {
			assertThat(housekeeping.sweepNow()).isZero();
			return rows("true") == 0;
		});
		CacheUsage usage = Objects.requireNonNull(forgetful.usage(cache));
		assertThat(usage.entries()).isZero();
		assertThat(usage.dead()).isZero();
		forgetful.close();
	}

	private long rows(String which) {
		return Long.parseLong(
				Objects.requireNonNull(this.database.query("select count(*) from psqache.cache_entry where " + which)));
	}

	private Fence miss(String key) {
		ReadAnswer answer = this.store.getOrFence(this.books, key, null).await();
		assertThat(answer.present()).isNull();
		return Objects.requireNonNull(answer.fence());
	}

	private boolean put(String key, StoredValue value, Fence fence) {
		return this.store.put(this.books, key, new NewEntry(value, Lifetime.FOREVER, fence)).await();
	}

	private CompletableFuture<Boolean> putAsync(String key, @Nullable Fence fence) {
		return this.store.put(this.books, key, new NewEntry(OLD, Lifetime.FOREVER, fence)).in(CallMode.ASYNC);
	}

	private void set(String key, StoredValue value) {
		this.other.put(this.otherBooks, key, TestStores.entry(value)).await();
	}

	private void evict(String key) {
		this.other.evict(this.otherBooks, key).await();
	}

	private @Nullable String value(String key) {
		StoredValue value = this.other.get(this.otherBooks, key, null).await().present();
		return (value != null) ? new String(Objects.requireNonNull(value.payload()), StandardCharsets.UTF_8) : null;
	}

	/**
	 * Evict as a transaction does, that is in progress until it is committed.
	 */
	private Connection setInATransaction(String key, StoredValue value) throws SQLException {
		return ConnectionSession.beginPut(this.database.connect(), this.store.statements(), this.books, key, value);
	}

	private Connection evictInATransaction(String key) throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		EntryStatements statements = this.store.statements();
		Session session = new ConnectionSession(connection);
		statements.evict(session, statements.rowToChange(session, this.books), List.of(key));
		return connection;
	}

}
