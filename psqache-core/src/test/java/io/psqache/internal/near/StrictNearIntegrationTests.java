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

package io.psqache.internal.near;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.NearStatistics;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.internal.transaction.Transactions;
import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Strict near entries of one instance, and changes by a peer: when a change is visible no
 * near entry is older, whatever fails.
 */
class StrictNearIntegrationTests {

	private static final Duration LEASE = TestCaches.STRICT_LEASE;

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource application = TestCaches.pool(this.database.url(), this.database);

	@SuppressWarnings("NullAway.Init")
	private TestCaches holder;

	@SuppressWarnings("NullAway.Init")
	private TestCaches writer;

	@BeforeEach
	void start() {
		TestCaches.migrate(this.database);
		this.database.execute("create table book (id int primary key, title text)");
		this.holder = TestCaches.strict(this.database.relayedUrl(), this.database);
		this.writer = TestCaches.strict(this.database.url(), this.database, Transactions.atomic(this.application));
	}

	@AfterEach
	void stop() {
		this.database.relay().restore();
		this.holder.close();
		this.writer.close();
		this.application.close();
		this.database.close();
	}

	@Test
	void nearEntryIsUsedWithoutTheDatabase() {
		keepNearEntry("old");
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			Concurrently.awaitThat(() -> "old".equals(read(this.holder)));
		}
	}

	/**
	 * Read right after each change, a hundred times.
	 */
	@Test
	void changesOutsideOfTransactionsAreVisibleInTheOtherInstanceWhenTheyReturn() {
		keepNearEntry("old");
		for (int i = 0; i < 100; i++) {
			this.writer.cache("books").put("key", "v" + i);
			assertThat(read(this.holder)).isEqualTo("v" + i);
			assertThat(read(this.holder)).isEqualTo("v" + i);
			assertThat(read(this.writer)).isEqualTo("v" + i);
			switch (i % 4) {
				case 0 -> this.writer.cache("books").evict("key");
				case 1 -> this.writer.cache("books").clear();
				case 2 -> this.writer.cache("books").invalidate();
				default -> this.writer.cache("books").evictIfPresent("key");
			}
			assertThat(read(this.holder)).isEqualTo("null");
		}
		assertThat(near(this.holder).hits()).isPositive();
	}

	@Test
	void changesOfTransactionsAreVisibleInTheOtherInstanceWhenTheyAreCommitted() {
		keepNearEntry("old");
		for (int i = 0; i < 100; i++) {
			String value = "v" + i;
			transaction(false).executeWithoutResult((status) -> this.writer.cache("books").put("key", value));
			assertThat(read(this.holder)).isEqualTo(value);
			assertThat(read(this.writer)).isEqualTo(value);
		}
		assertThat(near(this.holder).hits()).isPositive();
	}

	/**
	 * Between the statements and the commit the entry is read from the database, which
	 * still has the old one, and leaves no near entry.
	 */
	@Test
	void noNearEntryIsCreatedWhileTheTransactionThatChangesTheEntryIsAboutToCommit() {
		keepNearEntry("old");
		long before = near(this.holder).hits();
		transaction(false).executeWithoutResult((status) -> {
			this.writer.cache("books").evict("key");
			TransactionSynchronizationManager.registerSynchronization(beforeCompletion(() -> {
				assertThat(read(this.holder)).isEqualTo("old");
				assertThat(read(this.holder)).isEqualTo("old");
			}));
		});
		assertThat(near(this.holder).hits()).isEqualTo(before);
		assertThat(read(this.holder)).isEqualTo("null");
	}

	@Test
	void nearEntriesAreCreatedAgainAfterARollback() {
		keepNearEntry("old");
		assertThatThrownBy(() -> transaction(false).executeWithoutResult((status) -> {
			this.writer.cache("books").evict("key");
			TransactionSynchronizationManager.registerSynchronization(new Failing());
		})).isInstanceOf(IllegalStateException.class);
		assertThat(read(this.holder)).isEqualTo("old");
		awaitHit("old");
	}

	/**
	 * The holder neither sends nor receives anything, as if it was stopped.
	 */
	@Test
	void holderThatIsCutOffDelaysTheChangeForALeaseAndUsesNoNearEntryAfterIt() {
		keepNearEntry("old");
		this.database.relay().stall();
		long begun = System.nanoTime();
		this.writer.cache("books").evict("key");
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(LEASE.dividedBy(2), LEASE.multipliedBy(3));
		long hits = near(this.holder).hits();
		CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> read(this.holder));
		this.database.relay().restore();
		assertThat(read.handle((value, failure) -> value).join()).isNotEqualTo("old");
		assertThat(near(this.holder).hits()).isEqualTo(hits);
		assertThat(this.writer.manager().getStatus().nearLeases().revocations()).isOne();
	}

	@Test
	void holderThatWasCutOffKeepsNearEntriesAgain() {
		keepNearEntry("old");
		this.database.relay().disconnect();
		this.writer.cache("books").put("key", "new");
		awaitHit("new");
	}

	/**
	 * A transaction that executed its statements before the lease was taken does not
	 * suspend it.
	 */
	@Test
	void noLeaseIsUsedBeforeEarlierWritersAreDone() throws Exception {
		this.writer.cache("books").put("key", "old");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("update psqache.cache_entry set used_at = now() where false");
			CompletableFuture<?> reads = CompletableFuture.runAsync(() -> {
				long until = System.nanoTime() + LEASE.multipliedBy(2).toNanos();
				while (System.nanoTime() - until < 0) {
					assertThat(read(this.holder)).isEqualTo("old");
				}
			});
			reads.get(10, TimeUnit.SECONDS);
			assertThat(near(this.holder).hits()).isZero();
			connection.commit();
		}
		awaitHit("old");
	}

	/**
	 * The snapshot of the transaction is older than the lease, so that its own statements
	 * do not see the lease.
	 */
	@Test
	void transactionThatKeepsItsSnapshotFindsLaterLeases() throws Exception {
		this.writer.cache("books").put("key", "old");
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CompletableFuture<?> changing = CompletableFuture
			.runAsync(() -> transaction(true).executeWithoutResult((status) -> {
				JdbcClient.create(this.application).sql("select count(*) from book").query(Long.class).single();
				begun.countDown();
				awaitUninterruptibly(go);
				this.writer.cache("books").evict("key");
			}));
		begun.await();
		awaitHit("old");
		go.countDown();
		changing.get(10, TimeUnit.SECONDS);
		assertThat(read(this.holder)).isEqualTo("null");
	}

	@Test
	void writerWithoutNearEntriesWaitsForHolders() {
		keepNearEntry("old");
		try (TestCaches plain = TestCaches.atomic(this.database, Transactions.none())) {
			for (int i = 0; i < 20; i++) {
				plain.cache("books").put("key", "v" + i);
				assertThat(read(this.holder)).isEqualTo("v" + i);
				assertThat(read(this.holder)).isEqualTo("v" + i);
			}
		}
	}

	/**
	 * A writer that died after it suspended near entries.
	 */
	@Test
	void nearEntriesAreCreatedAgainWhenTheEndOfASuspensionIsNotHeard() {
		keepNearEntry("old");
		String message = new InvalidationMessage.Suspend("dead", 1, id(), null).text();
		this.database.execute("select pg_notify('psqache', '%s')".formatted(message));
		Concurrently.awaitThat(() -> {
			long hits = near(this.holder).hits();
			read(this.holder);
			read(this.holder);
			return near(this.holder).hits() == hits;
		});
		awaitHit("old");
	}

	@Test
	void changeBySqlWaitsUntilLeasesHaveLapsed() throws Exception {
		keepNearEntry("old");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			long begun = System.nanoTime();
			statement.execute("select psqache.evict('test', 'books', to_jsonb('key'::text)::text)");
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(LEASE);
			long hits = near(this.holder).hits();
			assertThat(read(this.holder)).isEqualTo("old");
			assertThat(read(this.holder)).isEqualTo("old");
			assertThat(near(this.holder).hits()).isEqualTo(hits);
			connection.commit();
		}
		assertThat(read(this.holder)).isEqualTo("null");
		this.writer.cache("books").put("key", "new");
		awaitHit("new");
	}

	@Test
	void changeWithoutOtherHoldersSendsAndAwaitsNothing() {
		this.writer.awaitLease("books");
		this.writer.cache("books").put("key", "old");
		transaction(false).executeWithoutResult((status) -> this.writer.cache("books").evict("key"));
		assertThat(this.writer.manager().getStatus().nearLeases().suspensions()).isZero();
	}

	@Test
	void closedInstanceDelaysNoChange() {
		keepNearEntry("old");
		this.holder.close();
		long sent = this.writer.manager().getStatus().nearLeases().suspensions();
		long begun = System.nanoTime();
		this.writer.cache("books").evict("key");
		this.writer.cache("books").evict("key");
		assertThat(this.writer.manager().getStatus().nearLeases().suspensions() - sent).isLessThanOrEqualTo(1);
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LEASE);
	}

	private int id() {
		return Integer.parseInt(Objects.requireNonNull(
				this.database.query("select id from psqache.cache where namespace = 'test' and name = 'books'")));
	}

	/**
	 * Both instances hold a lease, and know the lease of the other.
	 */
	private void keepNearEntry(String value) {
		this.writer.awaitLease("books");
		this.holder.awaitLease("books");
		this.writer.cache("books").put("key", value);
		awaitHit(value);
	}

	private void awaitHit(String value) {
		Concurrently.awaitThat(() -> {
			long hits = near(this.holder).hits();
			assertThat(read(this.holder)).isIn(value, "null");
			return near(this.holder).hits() > hits && value.equals(read(this.holder));
		});
	}

	private static String read(TestCaches caches) {
		return String.valueOf(caches.cache("books").get("key", String.class));
	}

	private static NearStatistics near(TestCaches caches) {
		PostgresCache cache = caches.cache("books");
		return Objects.requireNonNull(cache.getStatistics().near());
	}

	private TransactionTemplate transaction(boolean repeatable) {
		TransactionTemplate template = new TransactionTemplate(new JdbcTransactionManager(this.application));
		if (repeatable) {
			template.setIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ);
		}
		return template;
	}

	private static TransactionSynchronization beforeCompletion(Runnable work) {
		return new TransactionSynchronization() {

			@Override
			public void beforeCompletion() {
				work.run();
			}

		};
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Fails the commit after the cache has prepared it.
	 */
	private static final class Failing implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			throw new IllegalStateException("expected");
		}

	}

}
