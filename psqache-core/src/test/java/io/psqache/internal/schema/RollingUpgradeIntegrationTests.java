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

package io.psqache.internal.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheMonitor;
import io.psqache.test.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.KeyHash;
import io.psqache.internal.sweep.Housekeeping;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Instances of schema version 1 that go on running on the schema of this version.
 */
class RollingUpgradeIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private VersionOneInstance old;

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
		this.database.execute("insert into psqache.incarnation values (gen_random_uuid())");
		this.old = new VersionOneInstance(this.database, "test");
	}

	@AfterEach
	void close() {
		this.old.close();
		this.database.close();
	}

	@Test
	void putThenGetIsAMiss() throws SQLException {
		for (int round = 0; round < 2; round++) {
			this.old.put("a");
			assertThat(this.old.putIfAbsent("b")).isTrue();
			assertThat(this.old.putLoaded("c", snapshot())).containsExactly("c");
			this.old.touch("a", "b", "c");
			assertThat(this.old.get("a", "b", "c")).isEmpty();
		}
		assertThat(this.database.query("select count(*) from psqache.entry where value is not null")).isEqualTo("0");
	}

	@ParameterizedTest
	@EnumSource
	void changeRemovesTheEntry(Change change) throws SQLException {
		for (int round = 0; round < 2; round++) { // without a row of version 1, and with
													// one
			putNew("a", "b");
			change.apply(this.old, "a");
			assertThat(present()).isEqualTo("b");
		}
	}

	@Test
	void evictionAnswersARowForEachKey() throws SQLException {
		putNew("a");
		assertThat(this.old.evict(null, "a", "b")).containsExactlyInAnyOrder("a", "b");
		assertThat(this.old.evict(null, "b", "c")).containsExactlyInAnyOrder("b", "c");
	}

	@ParameterizedTest
	@EnumSource
	void changeTakesEffectWithItsTransaction(Change change) throws SQLException {
		putNew("a", "b");
		this.old.connection().setAutoCommit(false);
		change.apply(this.old, "a");
		assertThat(present()).isEqualTo("a,b");
		this.old.connection().rollback();
		assertThat(present()).isEqualTo("a,b");
		change.apply(this.old, "a");
		this.old.connection().commit();
		assertThat(present()).isEqualTo("b");
	}

	@Test
	void transactionFindsItsOwnEvictions() throws SQLException {
		this.old.connection().setAutoCommit(false);
		this.old.evict(null, "a");
		assertThat(this.old.evictedWithin("test", "a", "b")).containsExactly("a");
	}

	@Test
	void tombstoneIsOfTheTransactionThatEvicts() throws SQLException {
		String xid = Objects.requireNonNull(this.database.query("select pg_current_xact_id()"));
		this.old.evict(xid, "a");
		assertThat(this.database.query("select xid from psqache.cache_entry where key = 'a'")).isEqualTo(xid);
		this.old.evict(null, "a");
		assertThat(this.database.query("select xid from psqache.cache_entry where key = 'a'")).isNotEqualTo(xid);
	}

	/**
	 * Its reads are misses, so it loads and puts what newer instances read from the
	 * cache.
	 */
	@Test
	void putOfALoadedValueLeavesTheEntry() throws SQLException {
		putNew("a");
		this.old.putLoaded("a", snapshot());
		this.old.putLoaded("a", snapshot());
		assertThat(present()).isEqualTo("a");
	}

	@Test
	void removalForABoundLeavesTheEntry() throws SQLException {
		this.old.put("a", "b");
		putNew("a", "b");
		this.old.relieve(null);
		assertThat(this.database.query("select count(*) from psqache.entry where type = 'evicted'")).isEqualTo("2");
		this.old.put("a", "b");
		putNew("a", "b");
		this.old.relieve(snapshot());
		assertThat(this.database.query("select count(*) from psqache.entry")).isEqualTo("0");
		assertThat(present()).isEqualTo("a,b");
	}

	@Test
	void clearHidesEntries() throws SQLException {
		putNew("a");
		this.old.clear();
		assertThat(present()).isNull();
		putNew("a");
		this.old.invalidate();
		assertThat(present()).isNull();
	}

	@Test
	void evictionIsAnnounced() throws SQLException {
		this.database.execute("update psqache.cache set near = true");
		try (Connection listener = this.database.connect(); Statement statement = listener.createStatement()) {
			statement.execute("listen psqache");
			this.old.evict(null, "a");
			assertThat(listener.unwrap(PGConnection.class).getNotifications(5_000)).singleElement()
				.satisfies((message) -> assertThat(message.getParameter())
					.endsWith(" " + HexFormat.of().toHexDigits(KeyHash.of("a"))));
		}
	}

	@Test
	void roleWithoutPrivilegesOnTheNewTablesEvicts() throws SQLException {
		putNew("a", "b");
		String role = this.database.createRole();
		this.database.execute("grant usage on schema psqache to " + role
				+ "; grant select, insert, update, delete on psqache.cache, psqache.entry to " + role);
		try (Statement statement = this.old.connection().createStatement()) {
			statement.execute("set role " + role);
			this.old.evict(null, "a");
			statement.execute("reset role");
		}
		assertThat(present()).isEqualTo("b");
	}

	@Test
	void oldEntriesAreGoneAfterTheMigration() throws SQLException {
		try (TestDatabase other = TestDatabase.create()) {
			VersionOneInstance.migrate(other);
			try (VersionOneInstance instance = new VersionOneInstance(other, "test")) {
				instance.put("a");
				assertThat(instance.get("a")).isNotEmpty();
				TestCaches.migrate(other);
				assertThat(instance.get("a")).isEmpty();
			}
		}
	}

	/**
	 * A transaction that has evicted may stay open for long.
	 */
	@Test
	void migrationWaitsForOpenTransactionsAndLetsOthersPass() throws Exception {
		try (TestDatabase other = TestDatabase.create()) {
			VersionOneInstance.migrate(other);
			try (VersionOneInstance open = new VersionOneInstance(other, "test");
					VersionOneInstance instance = new VersionOneInstance(other, "test")) {
				instance.put("a", "b");
				open.connection().setAutoCommit(false);
				open.evict(null, "a");
				CompletableFuture<Void> migration = CompletableFuture.runAsync(() -> TestCaches.migrate(other));
				Concurrently.awaitThat(() -> other.locksWaitedFor() > 0);
				try (Statement statement = instance.connection().createStatement()) {
					statement.execute("set statement_timeout = '10s'");
				}
				assertThat(instance.get("b")).isNotEmpty();
				assertThat(migration).isNotDone();
				open.connection().commit();
				migration.get();
				assertThat(instance.get("b")).isEmpty();
			}
		}
	}

	@Test
	void migrationThatWaitsTooLongTellsWhatHoldsItUp() throws Exception {
		try (TestDatabase other = TestDatabase.create()) {
			VersionOneInstance.migrate(other);
			try (VersionOneInstance open = new VersionOneInstance(other, "test");
					Statement statement = open.connection().createStatement()) {
				statement.execute("set application_name = 'shop'");
				open.connection().setAutoCommit(false);
				open.evict(null, "a");
				int process = open.connection().unwrap(PGConnection.class).getBackendPID();
				String wait = waitForTheLock("1 second");
				assertThatIllegalStateException().isThrownBy(() -> other.execute(wait))
					.havingCause()
					.withMessageContaining("table \"psqache\".entry")
					.withMessageContaining("process " + process + " (shop, idle in transaction since ")
					.withMessageContaining("pg_terminate_backend");
				open.connection().rollback();
				other.execute(wait);
			}
		}
	}

	/**
	 * Every statement of a running instance reads the table to which version 4 adds a
	 * column.
	 */
	@Test
	void migrationOfVersionThreeWaitsForOpenTransactionsAndLetsOthersPass() throws Exception {
		try (TestDatabase other = TestDatabase.create()) {
			TestCaches.migrate(other.dataSource(), "3");
			try (Connection open = other.connect(); Statement statement = open.createStatement()) {
				open.setAutoCommit(false);
				statement.execute("select from psqache.cache");
				CompletableFuture<Void> migration = CompletableFuture.runAsync(() -> TestCaches.migrate(other));
				Concurrently.awaitThat(() -> other.locksWaitedFor() > 0);
				other.execute(
						"set statement_timeout = '10s'; insert into psqache.cache (namespace, name) values ('a', 'b')");
				assertThat(migration).isNotDone();
				open.commit();
				migration.get();
				assertThat(other.query("select psqache.schema_version()")).isEqualTo("4");
			}
		}
	}

	/**
	 * The part of the migration that waits, with another limit.
	 */
	private static String waitForTheLock(String limit) {
		String script = new MigrationScripts(TestCaches.SCHEMA, true).textSince(1);
		String wait = script.substring(script.indexOf("do $$"), script.indexOf("truncate \"psqache\""));
		assertThat(wait).contains("interval '60 seconds'");
		return wait.replace("interval '60 seconds'", "interval '" + limit + "'");
	}

	@Test
	void sweepDeletesTheRowsOfVersionOneButThoseOfOpenTransactions() throws SQLException {
		this.old.put("a", "b");
		this.old.evict(null, "c");
		try (VersionOneInstance open = new VersionOneInstance(this.database, "test")) {
			open.connection().setAutoCommit(false);
			open.evict(null, "a", "d");
			sweep();
			assertThat(this.database.query("select string_agg(key, ',') from psqache.entry")).isEqualTo("a");
			assertThat(open.evictedWithin("test", "a", "d")).containsExactlyInAnyOrder("a", "d");
			open.connection().commit();
		}
		sweep();
		assertThat(this.database.query("select count(*) from psqache.entry")).isEqualTo("0");
	}

	@Test
	void sweepDeletesMoreRowsOfVersionOneThanOneStatementTakes() {
		this.database.execute(
				"insert into psqache.entry (cache_id, key, epoch, type, written_at, used_at, live_until, expires_at) "
						+ "select id, i::text, 0, 'evicted', now(), now(), now(), now() from psqache.cache, generate_series(1, 10001) as i");
		sweep();
		assertThat(this.database.query("select count(*) from psqache.entry")).isEqualTo("0");
	}

	@Test
	void sweepNeedsNoTableOfVersionOne() {
		this.database.execute("drop table psqache.entry");
		sweep();
	}

	private void sweep() {
		try (HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);
				EntryStore store = TestStores.open(pool, 1, Duration.ofSeconds(20))) {
			new Housekeeping(store, "test", CacheMonitor.NONE).sweepNow();
		}
	}

	@Test
	void sweepersOfBothVersionsHoldALeaseEach() {
		this.database.execute("insert into psqache.sweeper select id, gen_random_uuid(), now(), now(), 0 "
				+ "from generate_series(1, 2) as id");
		assertThat(this.database.query("select count(*) from psqache.sweeper")).isEqualTo("2");
	}

	private void putNew(String... keys) {
		Stream.of(keys)
			.forEach((key) -> this.database.execute(
					"""
							insert into psqache.cache_entry
							  (key_hash, epoch, expires_at, live_until, written_at, used_at, cache_id, key, type, value)
							select psqache.key_hash('%1$s'), epoch, 'infinity', 'infinity', now(), now(), id, '%1$s', 'v1 int', '1'
							from psqache.cache
							on conflict (cache_id, key_hash) do update
							set epoch = excluded.epoch, expires_at = excluded.expires_at, type = excluded.type, value = excluded.value
							"""
						.formatted(key)));
	}

	private @Nullable String present() {
		return this.database.query("select string_agg(key, ',' order by key) from psqache.entries");
	}

	private String snapshot() {
		return Objects.requireNonNull(this.database.query("select pg_current_snapshot()"));
	}

	/**
	 * What changes an entry.
	 */
	enum Change {

		EVICT {
			@Override
			void apply(VersionOneInstance instance, String key) throws SQLException {
				instance.evict(null, key);
			}
		},

		PUT {
			@Override
			void apply(VersionOneInstance instance, String key) throws SQLException {
				instance.put(key);
			}
		},

		PUT_IF_ABSENT {
			@Override
			void apply(VersionOneInstance instance, String key) throws SQLException {
				instance.putIfAbsent(key);
			}
		};

		abstract void apply(VersionOneInstance instance, String key) throws SQLException;

	}

}
