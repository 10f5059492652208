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

package io.psqache.internal.transaction;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Fence;
import io.psqache.internal.store.Lifetime;
import io.psqache.internal.store.NewEntry;
import io.psqache.internal.store.StoredValue;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.Ordered;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the outcome of puts that transactions collect, and the statements of a commit.
 */
class TransactionalStoreIntegrationTests {

	private static final int WORKERS = 2; // one of them writes

	private static final StoredValue OLD = json("old");

	private static final StoredValue NEW = json("new");

	private static final StoredValue REFUSED = json("refused");

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final HikariDataSource application = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = TestStores.open(this.pool, WORKERS, Duration.ofSeconds(20));

	private final CacheHandle books = TestStores.cache(this.store, "test", "books");

	private final TransactionalStore atomic = new TransactionalStore(this.store, Transactions.atomic(this.application));

	private final Outcomes outcomes = new Outcomes();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
		this.application.close();
		this.database.close();
	}

	@Test
	void putIsCollectedOnlyInATransaction() {
		assertThat(collect(this.atomic, "1", NEW, null)).isFalse();
		inTransaction(() -> assertThat(collect(this.atomic, "1", NEW, null)).isTrue());
	}

	@Test
	void putIsStoredByTheCommitAndNotBefore() {
		inTransaction(() -> {
			collect(this.atomic, "1", NEW, null);
			assertThat(this.outcomes).isEmpty();
			assertThat(read("1")).isNull();
		});
		assertThat(this.outcomes).containsExactly("stored");
		assertThat(read("1")).isEqualTo("new");
	}

	@Test
	void outcomeIsReportedOnlyForTheLastPutOfAnEntry() {
		inTransaction(() -> {
			collect(this.atomic, "1", OLD, null);
			collect(this.atomic, "1", NEW, null);
			collect(this.atomic, "2", NEW, null);
			this.atomic.entries().evict(this.books, "2").await();
		});
		assertThat(this.outcomes).containsExactly("stored");
	}

	@Test
	void noOutcomeIsReportedAfterARollback() {
		template().executeWithoutResult((status) -> {
			collect(this.atomic, "1", NEW, null);
			status.setRollbackOnly();
		});
		assertThat(this.outcomes).isEmpty();
	}

	@Test
	void loadedValueIsRefusedAfterAnEvictionSinceTheMiss() {
		inTransaction(() -> {
			Fence fence = this.atomic.entries().getOrFence(this.books, "1", null).await().fence();
			assertThat(fence).isNotNull();
			CompletableFuture.runAsync(() -> this.store.evict(this.books, "1").await()).join();
			collect(this.atomic, "1", NEW, fence);
			collect(this.atomic, "2", NEW, fence);
		});
		assertThat(this.outcomes).containsExactlyInAnyOrder("refused", "stored");
		assertThat(read("1")).isNull();
		assertThat(read("2")).isEqualTo("new");
	}

	@Test
	void failedPutEvictsTheEntryItWasToReplace() {
		this.store.put(this.books, "1", TestStores.entry(OLD)).await();
		refuse();
		inTransaction(() -> {
			collect(this.atomic, "1", REFUSED, null);
			collect(this.atomic, "2", NEW, null);
		});
		assertThat(this.outcomes).containsExactly("failed", "failed");
		assertThat(read("1")).isNull();
		assertThat(read("2")).isNull();
	}

	@Test
	void failedPutAfterTheCommitEvictsTheEntryItWasToReplace() {
		TransactionalStore afterCommit = new TransactionalStore(this.store, Transactions.afterCommit());
		this.store.put(this.books, "1", TestStores.entry(OLD)).await();
		refuse();
		inTransaction(() -> {
			collect(afterCommit, "1", REFUSED, null);
			collect(afterCommit, "2", NEW, null);
		});
		assertThat(this.outcomes).containsExactlyInAnyOrder("failed", "stored");
		assertThat(read("1")).isNull();
		assertThat(read("2")).isEqualTo("new");
	}

	@Test
	void commitWritesMorePutsThanOneStatementTakes() {
		inTransaction(() -> {
			Fence fence = this.atomic.entries().fence(this.books).await();
			IntStream.range(0, 300).forEach((number) -> {
				collect(this.atomic, "put " + number, NEW, null);
				collect(this.atomic, "loaded " + number, NEW, fence);
			});
		});
		assertThat(this.outcomes).hasSize(600).containsOnly("stored");
		assertThat(this.database.query("select count(*) from psqache.entries")).isEqualTo("600");
	}

	/**
	 * Each transaction writes one entry as JSONB and the other as bytes, with two
	 * statements. All rows are locked before these statements.
	 */
	@Test
	void transactionsThatPutBothKindsOfValuesCrosswiseDoNotDeadlock() throws Exception {
		this.store.put(this.books, "0", TestStores.entry(OLD)).await();
		this.store.put(this.books, "1", TestStores.entry(OLD)).await();
		this.database.execute("""
				create function pause() returns trigger language plpgsql as
				$$ begin perform pg_sleep(0.1); return null; end $$;
				create trigger pause after insert or update on psqache.cache_entry execute function pause()
				""");
		Concurrently.run(2, (number) -> {
			inTransaction(() -> {
				collect(this.atomic, String.valueOf(number), NEW, null);
				collect(this.atomic, String.valueOf(1 - number),
						StoredValue.payload("\"new\"".getBytes(StandardCharsets.UTF_8), "v1 java.lang.String"), null);
			});
			return null;
		});
		assertThat(this.outcomes).hasSize(4).containsOnly("stored");
		assertThat(this.database.query("select deadlocks from pg_stat_database where datname = current_database()"))
			.isEqualTo("0");
	}

	@Test
	void asynchronousPutDoesNotSurviveATransactionalEviction() throws Exception {
		unfinishedPutDuring(() -> this.atomic.entries().evict(this.books, "1").await());
		assertThat(read("1")).isNull();
	}

	@Test
	void asynchronousPutDoesNotSurviveATransactionalClear() throws Exception {
		unfinishedPutDuring(() -> this.atomic.entries().clear(this.books).await());
		assertThat(read("1")).isNull();
	}

	@Test
	void asynchronousPutDoesNotReplaceATransactionalPut() throws Exception {
		unfinishedPutDuring(() -> collect(this.atomic, "1", NEW, null));
		assertThat(read("1")).isEqualTo("new");
	}

	/**
	 * The put waits for another put, and both are unfinished when the transaction
	 * commits.
	 */
	private void unfinishedPutDuring(Runnable work) throws Exception {
		this.store.put(this.books, "blocker", TestStores.entry(OLD)).await();
		CompletableFuture<Boolean> unfinished;
		CompletableFuture<Void> transaction;
		CountDownLatch committing = new CountDownLatch(1);
		try (Connection lock = locked()) {
			this.store.put(this.books, "blocker", TestStores.entry(NEW)).in(CallMode.ASYNC);
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			unfinished = this.store.put(this.books, "1", TestStores.entry(OLD)).in(CallMode.ASYNC);
			this.store.continueAfter(this.books, "1", unfinished);
			transaction = CompletableFuture.runAsync(() -> inTransaction(() -> {
				work.run();
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public int getOrder() {
						return Ordered.HIGHEST_PRECEDENCE;
					}

					@Override
					public void beforeCommit(boolean readOnly) {
						committing.countDown();
					}

				});
			}));
			committing.await();
			transaction.handle((done, failure) -> true).completeOnTimeout(false, 200, TimeUnit.MILLISECONDS).join();
			assertThat(unfinished).isNotDone();
			lock.rollback();
		}
		assertThat(transaction).succeedsWithin(20, TimeUnit.SECONDS);
		assertThat(unfinished).succeedsWithin(20, TimeUnit.SECONDS);
	}

	/**
	 * A change that exceeds the timeout.
	 */
	@Test
	void transactionEvictsItsEntriesIfAWriteDoesNotFinish() {
		try (EntryStore impatient = TestStores.open(this.pool, WORKERS, Duration.ofMillis(100))) {
			CacheHandle cache = TestStores.cache(impatient, "test", "books");
			TransactionalStore entries = new TransactionalStore(impatient, Transactions.atomic(this.application));
			impatient.put(cache, "1", TestStores.entry(OLD)).await();
			CompletableFuture<Boolean> unfinished = new CompletableFuture<>();
			impatient.continueAfter(cache, "1", unfinished);
			inTransaction(() -> entries.entries().evict(cache, "1").await());
			this.store.put(this.books, "1", TestStores.entry(OLD)).await(); // late
			unfinished.complete(true);
			Concurrently.awaitThat(() -> read("1") == null);
		}
	}

	private Connection locked() throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("select from psqache.cache_entry for update");
		}
		return connection;
	}

	private void refuse() {
		this.database.execute("""
				create function refuse() returns trigger language plpgsql as
				$$ begin raise exception 'refused'; end $$;
				create trigger refuse before insert or update on psqache.cache_entry
				for each row when (new.value = '"refused"') execute function refuse()
				""");
	}

	private boolean collect(TransactionalStore store, String key, StoredValue value, @Nullable Fence fence) {
		return store.collect(this.books, key, new NewEntry(value, Lifetime.FOREVER, fence), this.outcomes);
	}

	/**
	 * Return the committed value.
	 */
	private @Nullable String read(String key) {
		StoredValue present = this.store.get(this.books, key, null).await().present();
		return (present != null)
				? new String(Objects.requireNonNull(present.payload()), StandardCharsets.UTF_8).replace("\"", "")
				: null;
	}

	private void inTransaction(Runnable work) {
		template().executeWithoutResult((status) -> work.run());
	}

	private TransactionTemplate template() {
		return new TransactionTemplate(new JdbcTransactionManager(this.application));
	}

	private static StoredValue json(String text) {
		return StoredValue.json('"' + text + '"', "v1 java.lang.String");
	}

	/**
	 * Records the outcomes in order.
	 */
	@SuppressWarnings("serial")
	private static final class Outcomes extends CopyOnWriteArrayList<String> implements PutListener {

		@Override
		public void stored() {
			add("stored");
		}

		@Override
		public void refused() {
			add("refused");
		}

		@Override
		public void failed(StoreException failure) {
			add("failed");
		}

	}

}
