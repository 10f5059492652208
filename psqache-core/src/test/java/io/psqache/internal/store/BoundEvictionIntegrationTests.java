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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheBounds;
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
 * An entry that is evicted for a bound leaves no row. A put that the row would have
 * refused is refused all the same, whatever comes in between.
 */
class BoundEvictionIntegrationTests {

	private static final StoredValue OLD = StoredValue.json("\"old\"", "v1 java.lang.String");

	private static final StoredValue NEW = StoredValue.json("\"new\"", "v1 java.lang.String");

	private static final int PAUSE = 42;

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final HikariDataSource otherPool = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = store(this.pool);

	private final EntryStore other = store(this.otherPool);

	private final CacheHandle books = bounded(this.store);

	private final CacheHandle otherBooks = bounded(this.other);

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
	void putAfterALaterWriteThatWasDeletedIsRefused() throws SQLException {
		Fence fence = miss("key");
		set("key");
		assertThat(deleteUnused("key")).isOne();
		assertThat(rows()).isZero();
		assertThat(put("key", fence)).isFalse();
		assertThat(put("key", miss("key"))).isTrue();
	}

	@Test
	void putAfterALaterWriteThatTheSweeperDeletedIsRefused() {
		Fence fence = miss("key0");
		for (int i = 0; i < 20; i++) {
			set("key" + i);
		}
		age("key0");
		assertThat(new Housekeeping(this.store, "test", CacheMonitor.NONE).sweepNow()).isPositive();
		assertThat(rows()).isLessThanOrEqualTo(10);
		assertThat(this.database.query("select count(*) from psqache.cache_entry where key = 'key0'")).isEqualTo("0");
		assertThat(put("key0", fence)).isFalse();
		assertThat(put("key0", miss("key0"))).isTrue();
	}

	@Test
	void putAfterAWriteInProgressAtTheMissThatWasDeletedIsRefused() throws SQLException {
		miss("any"); // makes the row of the cache
		try (Connection transaction = setInATransaction("key")) {
			Fence fence = miss("key");
			set("later");
			transaction.commit();
			assertThat(deleteUnused("key")).isOne();
			assertThat(put("key", fence)).isFalse();
		}
		assertThat(put("key", miss("key"))).isTrue();
	}

	@Test
	void putAfterADeletionOfAnEarlierEntryIsStored() throws SQLException {
		set("earlier");
		Fence fence = miss("key");
		assertThat(deleteUnused("earlier")).isOne();
		assertThat(put("key", fence)).isTrue();
		assertThat(put("earlier", fence)).isTrue();
	}

	@Test
	void evictionIsRememberedThoughEntriesAreDeleted() throws SQLException {
		Fence fence = miss("key");
		set("key");
		this.other.evict(this.otherBooks, "key").await();
		assertThat(deleteUnused("key")).isZero();
		assertThat(put("key", fence)).isFalse();
	}

	/**
	 * Deleted rows are never of a transaction in progress.
	 */
	@Test
	void longTransactionElsewhereRefusesNoPut() throws SQLException {
		this.database.execute("create table elsewhere (id int)");
		try (Connection transaction = this.database.connect(); Statement statement = transaction.createStatement()) {
			transaction.setAutoCommit(false);
			statement.execute("insert into elsewhere values (1)");
			for (int round = 0; round < 5; round++) {
				String key = "key" + round;
				assertThat(put(key, miss(key))).as("round " + round).isTrue();
				assertThat(deleteUnused(key)).isOne();
				assertThat(put(key, miss(key))).as("round " + round).isTrue();
				assertThat(deleteUnused(key)).isOne();
			}
			Fence before = miss("last");
			transaction.commit();
			assertThat(put("last", before)).isTrue();
		}
	}

	/**
	 * The put has taken its snapshot, and waits before it inserts.
	 */
	@Test
	void putDuringADeletionThatItDoesNotSeeIsRefused() throws Exception {
		this.database.execute("""
				create function pause() returns trigger language plpgsql as $$
				begin
				  while not pg_try_advisory_xact_lock_shared(%d) loop
				    perform pg_sleep(0.002);
				  end loop;
				  return new;
				end
				$$
				""".formatted(PAUSE));
		Fence fence = miss("key");
		set("key");
		this.database.execute(
				"create trigger pause before insert on psqache.cache_entry " + "for each row execute function pause()");
		CompletableFuture<Boolean> put;
		try (Connection pausing = pause()) {
			put = this.store.put(this.books, "key", entry(fence)).in(CallMode.ASYNC);
			Concurrently.awaitThat(() -> "1"
				.equals(this.database.query("select count(*) from pg_stat_activity where wait_event = 'PgSleep'")));
			assertThat(deleteUnused("key")).isOne();
			assertThat(put).isNotDone();
			assertThat(pausing.isClosed()).isFalse();
		}
		assertThat(put.get(20, TimeUnit.SECONDS)).isFalse();
		assertThat(rows()).isZero();
		assertThat(put("key", miss("key"))).isTrue();
	}

	@Test
	void putDuringADeletionInProgressIsRefused() throws SQLException {
		Fence fence = miss("key");
		set("key");
		age("key");
		try (Connection transaction = this.database.connect()) {
			transaction.setAutoCommit(false);
			assertThat(delete(transaction, InlineEviction.EVICT)).isOne();
			assertThat(put("key", fence)).isFalse();
			transaction.commit();
			assertThat(put("key", fence)).isFalse();
		}
		assertThat(rows()).isZero();
	}

	@Test
	void putAfterADeletionThatWasRolledBackGoesByTheRow() throws SQLException {
		Fence fence = miss("key");
		set("key");
		Fence later = miss("other");
		age("key");
		try (Connection transaction = this.database.connect()) {
			transaction.setAutoCommit(false);
			assertThat(delete(transaction, InlineEviction.EVICT)).isOne();
			transaction.rollback();
		}
		assertThat(put("key", fence)).isFalse();
		assertThat(put("other", later)).isTrue();
	}

	/**
	 * A deletion has its snapshot, then a write is committed that another deletion
	 * deletes. The first deletion goes on: it would record that it has not seen the
	 * write.
	 */
	@Test
	void deletionThatHasNotSeenTheOneBeforeItDeletesNothing() throws Exception {
		set("stays");
		age("stays");
		try (Connection writing = setInATransaction("key")) {
			Fence fence = miss("key");
			CompletableFuture<Long> deletion;
			try (Connection pausing = pause()) {
				deletion = CompletableFuture.supplyAsync(this::deleteAfterAPause);
				Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
				writing.commit();
				this.database
					.execute("update psqache.cache_entry set used_at = now() - interval '2 hours' where key = 'key'");
				assertThat(deleteOldest()).isOne();
				assertThat(pausing.isClosed()).isFalse();
			}
			assertThat(deletion.get(20, TimeUnit.SECONDS)).isZero();
			assertThat(put("key", fence)).isFalse();
		}
		assertThat(this.database.query("select key from psqache.cache_entry")).isEqualTo("stays");
		assertThat(delete("books")).isOne();
	}

	@ParameterizedTest
	@ValueSource(ints = { Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE })
	void putOfATransactionThatKeepsItsSnapshotIsRefused(int isolation) throws SQLException {
		miss("any");
		try (Connection transaction = this.database.connect()) {
			transaction.setAutoCommit(false);
			transaction.setTransactionIsolation(isolation);
			Session session = new ConnectionSession(transaction);
			EntryStatements statements = this.store.statements();
			Fence fence = Objects.requireNonNull(statements.fenceIfVisible(session, this.books));
			set("key");
			assertThat(deleteUnused("key")).isOne();
			CacheRow row = statements.rowToChange(session, this.books);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statements.putFenced(session, this.books, row, Map.of("key", entry(fence))))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("55P03"));
			transaction.rollback();
		}
		assertThat(rows()).isZero();
	}

	@Test
	void putOfATransactionThatKeepsNoSnapshotIsStored() throws SQLException {
		miss("any");
		try (Connection transaction = this.database.connect()) {
			transaction.setAutoCommit(false);
			Session session = new ConnectionSession(transaction);
			EntryStatements statements = this.store.statements();
			Fence fence = Objects.requireNonNull(statements.fenceIfVisible(session, this.books));
			CacheRow row = statements.rowToChange(session, this.books);
			Set<String> written = statements.putFenced(session, this.books, row,
					Map.of("key", entry(fence), "other", entry(fence)));
			assertThat(written).containsExactlyInAnyOrder("key", "other");
			transaction.commit();
		}
		assertThat(rows()).isEqualTo(2);
	}

	/**
	 * As a crash does, with the entries.
	 */
	@Test
	void nothingPassesWhenWhatWasDeletedIsNotKnown() {
		Fence fence = miss("key");
		this.database.execute("truncate psqache.bound_eviction");
		assertThat(put("key", fence)).isFalse();
		assertThat(put("key", miss("key"))).isTrue();
	}

	/**
	 * An instance with newer settings has started, and this one goes on.
	 */
	@Test
	void boundThatAnotherInstanceHasSetCounts() throws SQLException {
		CacheHandle unbounded = TestStores.cache(this.store, "test", "films");
		Fence fence = miss(unbounded, "key");
		CacheHandle bounded = TestStores.cache(this.other, "test", "films", new CacheBounds(10L, null),
				Lifetime.FOREVER);
		this.other.put(bounded, "key", TestStores.entry(NEW)).await();
		assertThat(this.database.query("select max_entries from psqache.cache where name = 'films'")).isEqualTo("10");
		miss(bounded, this.other, "any");
		age("key");
		assertThat(delete("films")).isOne();
		assertThat(this.store.put(unbounded, "key", entry(fence)).await()).isFalse();
		assertThat(this.store.put(unbounded, "key", entry(miss(unbounded, "key"))).await()).isTrue();
		Fence later = miss(unbounded, "later");
		this.other.put(bounded, "later", TestStores.entry(NEW)).await();
		age("later");
		assertThat(delete("films")).isOne();
		assertThat(this.store.put(unbounded, "later", entry(later)).await()).isFalse();
	}

	@Test
	void nothingIsDeletedOnceTheBoundIsGone() throws SQLException {
		set("key");
		age("key");
		this.database.execute("update psqache.cache set max_entries = null");
		assertThat(delete("books")).isZero();
		assertThat(rows()).isOne();
	}

	private static EntryStore store(HikariDataSource pool) {
		return TestStores.open(pool, 4, Duration.ofSeconds(20));
	}

	private static CacheHandle bounded(EntryStore store) {
		return TestStores.cache(store, "test", "books", new CacheBounds(10L, null), Lifetime.FOREVER);
	}

	private Fence miss(String key) {
		return miss(this.books, key);
	}

	private Fence miss(CacheHandle cache, String key) {
		return miss(cache, this.store, key);
	}

	private static Fence miss(CacheHandle cache, EntryStore store, String key) {
		ReadAnswer answer = store.getOrFence(cache, key, null).await();
		assertThat(answer.present()).isNull();
		return Objects.requireNonNull(answer.fence());
	}

	private static NewEntry entry(@Nullable Fence fence) {
		return new NewEntry(OLD, Lifetime.FOREVER, fence);
	}

	private boolean put(String key, Fence fence) {
		return this.store.put(this.books, key, entry(fence)).await();
	}

	private void set(String key) {
		this.other.put(this.otherBooks, key, TestStores.entry(NEW)).await();
		miss(this.otherBooks, this.other, "none"); // makes the row in bound_eviction
	}

	private Connection setInATransaction(String key) throws SQLException {
		return ConnectionSession.beginPut(this.database.connect(), this.store.statements(), this.books, key, NEW);
	}

	private void age(String key) {
		this.database
			.execute("update psqache.cache_entry set used_at = now() - interval '1 hour' where key = '" + key + "'");
	}

	private long deleteUnused(String key) throws SQLException {
		age(key);
		return delete("books");
	}

	private long delete(String cache) throws SQLException {
		try (Connection connection = this.database.connect()) {
			return delete(connection, InlineEviction.EVICT, cache, 1_000);
		}
	}

	private long delete(Connection connection, String statement) throws SQLException {
		return delete(connection, statement, "books", 1_000);
	}

	private long deleteOldest() throws SQLException {
		try (Connection connection = this.database.connect()) {
			return delete(connection, InlineEviction.EVICT, "books", 1);
		}
	}

	private long deleteAfterAPause() {
		String paused = InlineEviction.EVICT
			.replace("with turn as",
					"with pause as materialized (select pg_advisory_xact_lock(" + PAUSE + ")), turn as")
			.replace("where b.cache_id = ?", "where b.cache_id = ? and exists (select from pause)");
		assertThat(paused).contains("exists (select from pause)");
		try (Connection connection = this.database.connect()) {
			return delete(connection, paused);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Delete what has not been used for half an hour, as a writer does.
	 */
	private long delete(Connection connection, String statement, String cache, int most) throws SQLException {
		int id = Integer.parseInt(Objects
			.requireNonNull(this.database.query("select id from psqache.cache where name = '" + cache + "'")));
		try (PreparedStatement evict = connection.prepareStatement(TestCaches.SCHEMA.in(statement))) {
			evict.setInt(1, id);
			evict.setInt(2, id);
			evict.setLong(3, Long.MIN_VALUE);
			evict.setLong(4, 1_000);
			evict.setLong(5, Duration.ofMinutes(30).toMillis());
			evict.setLong(6, most);
			evict.setInt(7, id);
			try (ResultSet rows = evict.executeQuery()) {
				rows.next();
				return rows.getLong("removed");
			}
		}
	}

	/**
	 * Let statements wait that take the lock, until this is closed.
	 */
	private Connection pause() throws SQLException {
		Connection connection = this.database.connect();
		try (Statement statement = connection.createStatement()) {
			statement.execute("select pg_advisory_lock(" + PAUSE + ")");
		}
		return connection;
	}

	private long rows() {
		return Long.parseLong(Objects.requireNonNull(this.database.query("select count(*) from psqache.cache_entry")));
	}

}
