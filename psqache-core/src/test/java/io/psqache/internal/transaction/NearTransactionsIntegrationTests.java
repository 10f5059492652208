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

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.psqache.test.Concurrently;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.TableWatch;
import io.psqache.TransactionMode;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests two instances with near caches on one database, while transactions, triggers and
 * functions change entries.
 */
@TestInstance(Lifecycle.PER_CLASS)
class NearTransactionsIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private PlainApplication first;

	@SuppressWarnings("NullAway.Init")
	private PlainApplication second;

	@SuppressWarnings("NullAway.Init")
	private PostgresCache cache;

	@SuppressWarnings("NullAway.Init")
	private PostgresCache other;

	/**
	 * The row of the cache is marked for near caches from the start. Otherwise a
	 * transaction that finds it unmarked would wait until all peers know.
	 */
	@BeforeAll
	void start() {
		this.database.execute("create table book (isbn text primary key, title text not null)");
		this.first = start(TransactionMode.ATOMIC);
		this.second = start(TransactionMode.ATOMIC);
		this.database.execute("update psqache.cache set near = true");
		this.first.cache("books");
		this.second.cache("books");
		awaitListening(this.first);
		awaitListening(this.second);
	}

	private PlainApplication start(TransactionMode mode) {
		return PlainApplication.on(this.database,
				(builder) -> builder.namespace("shop")
					.transactions(mode)
					.defaults((settings) -> settings.withNear(settings.near().withEnabled(true)))
					.watch(List.of(TableWatch.evicting("book", "books", "isbn").withMaxRows(5_000))),
				CommitsConfiguration.class);
	}

	private static void awaitListening(PlainApplication application) {
		PostgresCacheManager manager = application.manager();
		Concurrently.awaitThat(() -> manager.getStatus().near().status() == NearState.Status.LISTENING);
	}

	@AfterAll
	void stop() {
		this.first.close();
		this.second.close();
		this.database.close();
	}

	/**
	 * Put entries through views without a remembered miss.
	 */
	@BeforeEach
	void createNearEntries() {
		this.first.bean(Commits.class).isOutcomeLost.set(false);
		this.cache = this.first.cache("books");
		this.other = this.second.cache("books");
		this.database.execute("delete from book");
		this.cache.clear();
		this.cache.put("1", "one");
		this.cache.put("2", "two");
		settle();
		awaitNearEntries();
	}

	private void awaitNearEntries() {
		for (PostgresCache instance : new PostgresCache[] { this.cache, this.other }) {
			Concurrently.awaitThat(() -> isNearEntry(instance, "1") && isNearEntry(instance, "2"));
		}
	}

	@Test
	void committedChangesDropTheNearEntriesOfBothInstances() {
		template().executeWithoutResult((status) -> {
			this.cache.evict("1");
			this.cache.put("2", "new");
			assertThat(onAnotherThread(() -> isNearEntry(this.cache, "1") && isNearEntry(this.other, "1"))).isTrue();
		});
		assertThat(this.cache.get("1")).isNull();
		assertThat(this.cache.get("2", String.class)).isEqualTo("new");
		Concurrently.awaitThat(() -> this.other.get("1") == null);
		Concurrently.awaitThat(() -> "new".equals(this.other.get("2", String.class)));
	}

	@Test
	void committedClearDropsAllNearEntriesOfBothInstances() {
		template().executeWithoutResult((status) -> this.cache.clear());
		assertThat(this.cache.get("1")).isNull();
		Concurrently.awaitThat(() -> this.other.get("1") == null && this.other.get("2") == null);
	}

	@Test
	void changesAfterTheCommitDropTheNearEntriesOfAllInstances() {
		try (PlainApplication third = start(TransactionMode.AFTER_COMMIT)) {
			PostgresCache changed = third.cache("books");
			// While an instance starts, its peers may not receive messages.
			awaitNearEntries();
			third.inTransaction(() -> {
				changed.evict("1");
				changed.put("2", "new");
				assertThat(onAnotherThread(() -> isNearEntry(this.cache, "1") && isNearEntry(this.other, "1")))
					.isTrue();
			});
			for (PostgresCache instance : new PostgresCache[] { this.cache, this.other }) {
				Concurrently.awaitThat(() -> instance.get("1") == null);
				Concurrently.awaitThat(() -> "new".equals(instance.get("2", String.class)));
			}
		}
	}

	@Test
	void refusedPutKeepsTheNearEntries() {
		assertThat(this.cache.get("3")).isNull();
		this.other.put("3", "three");
		Concurrently.awaitThat(() -> isNearEntry(this.other, "3"));
		this.cache.put("3", "loaded too early");
		settle(this.cache, this.other);
		assertThat(isNearEntry(this.other, "3")).isTrue();
	}

	@Test
	void rollbackKeepsTheNearEntries() {
		template().executeWithoutResult((status) -> {
			this.cache.evict("1");
			status.setRollbackOnly();
		});
		settle();
		assertThat(isNearEntry(this.cache, "1")).isTrue();
		assertThat(isNearEntry(this.other, "1")).isTrue();
	}

	@Test
	void transactionReadsItsOwnChangesAndNoNearEntry() {
		template().executeWithoutResult((status) -> {
			assertThat(isNearEntry(this.cache, "1")).isTrue();
			this.cache.put("1", "new");
			assertThat(this.cache.get("1", String.class)).isEqualTo("new");
			assertThat(isNearEntry(this.cache, "2")).isTrue();
			this.cache.clear();
			assertThat(this.cache.get("2")).isNull();
			assertThat(onAnotherThread(() -> this.cache.get("1", String.class))).isEqualTo("one");
			status.setRollbackOnly();
		});
		assertThat(this.cache.get("1", String.class)).isEqualTo("one");
		assertThat(this.cache.get("2", String.class)).isEqualTo("two");
	}

	@Test
	void readOfATransactionsOwnChangesCreatesNoNearEntry() {
		template().executeWithoutResult((status) -> {
			this.cache.put("3", "pending");
			assertThat(this.cache.get("3", String.class)).isEqualTo("pending");
			status.setRollbackOnly();
		});
		assertThat(this.cache.get("3")).isNull();
	}

	@Test
	void conflictOfARepeatableReadStillDropsTheNearEntries() {
		TransactionTemplate repeatable = template();
		repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		repeatable.executeWithoutResult((status) -> {
			this.first.jdbc().sql("select count(*) from book").query(Long.class).single();
			onAnotherThread(() -> {
				this.other.put("1", "between");
				return true;
			});
			this.cache.evict("1");
		});
		assertThat(this.cache.get("1")).isNull();
		Concurrently.awaitThat(() -> this.other.get("1") == null);
	}

	/**
	 * The transaction was in fact committed.
	 */
	@Test
	void unknownOutcomeDropsTheNearEntries() {
		this.first.bean(Commits.class).isOutcomeLost.set(true);
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> template().executeWithoutResult((status) -> this.cache.evict("1")));
		assertThat(this.cache.get("1")).isNull();
		Concurrently.awaitThat(() -> this.other.get("1") == null);
	}

	@Test
	void changeOfAWatchedTableDropsTheNearEntriesWithItsCommitAndNotBefore() {
		template().executeWithoutResult((status) -> {
			sql("insert into book values ('1', 'new')");
			assertThat(isNearEntry(this.cache, "1")).isTrue();
			assertThat(onAnotherThread(() -> isNearEntry(this.other, "1"))).isTrue();
		});
		Concurrently.awaitThat(() -> this.cache.get("1") == null && this.other.get("1") == null);
	}

	@Test
	void rollbackOfAChangeOfAWatchedTableKeepsTheNearEntries() {
		template().executeWithoutResult((status) -> {
			sql("insert into book values ('rolled back', 'new'), ('1', 'new')");
			status.setRollbackOnly();
		});
		settle();
		assertThat(isNearEntry(this.cache, "1")).isTrue();
		assertThat(isNearEntry(this.other, "1")).isTrue();
	}

	/**
	 * More keys than one message holds, and fewer than are sent as the whole cache.
	 */
	@Test
	void changeOfManyRowsDropsTheCopiesOfTheseKeysOnly() {
		this.database.execute("insert into book select n::text, 'new' from generate_series(1000, 2900) as n"
				+ " union all select '1', 'new'");
		Concurrently.awaitThat(() -> this.cache.get("1") == null && this.other.get("1") == null);
		settle();
		assertThat(isNearEntry(this.other, "2")).isTrue();
	}

	@Test
	void functionsDropNearEntriesAndReturnWhetherEntriesExisted() {
		assertThat(this.database.query("""
				select psqache.evict('shop', 'books', '"none"', '"1"', '"1"')
				""")).isEqualTo("1");
		Concurrently.awaitThat(() -> this.cache.get("1") == null && this.other.get("1") == null);
		settle();
		assertThat(isNearEntry(this.other, "2")).isTrue();
		assertThat(this.database.query("select psqache.clear('shop', 'books')")).isEqualTo("t");
		Concurrently.awaitThat(() -> this.cache.get("2") == null && this.other.get("2") == null);
		assertThat(this.database.query("select psqache.evict('shop', 'none', '1')")).isEqualTo("0");
		assertThat(this.database.query("select psqache.clear('shop', 'none')")).isEqualTo("f");
	}

	/**
	 * Wait until both instances have received all invalidations so far. Messages arrive
	 * in the order of commits.
	 */
	private void settle() {
		settle(this.cache, this.other);
		settle(this.other, this.cache);
	}

	private static void settle(PostgresCache sender, PostgresCache receiver) {
		String last = UUID.randomUUID().toString();
		receiver.put(last, "before");
		Concurrently.awaitThat(() -> isNearEntry(receiver, last));
		sender.put(last, "after");
		Concurrently.awaitThat(() -> "after".equals(receiver.get(last, String.class)));
	}

	/**
	 * Return whether a read is answered by a near entry. If not, and an entry exists, the
	 * read creates a near entry.
	 */
	private static boolean isNearEntry(PostgresCache cache, String key) {
		long before = hits(cache);
		cache.get(key);
		return hits(cache) > before;
	}

	private static long hits(PostgresCache cache) {
		return Objects.requireNonNull(cache.getStatistics().near()).hits();
	}

	private TransactionTemplate template() {
		return this.first.transaction();
	}

	private void sql(String statement) {
		this.first.jdbc().sql(statement).update();
	}

	private static <T> T onAnotherThread(Supplier<T> work) {
		return CompletableFuture.supplyAsync(work).join();
	}

	/**
	 * A transaction manager that can fail after the commit.
	 */
	static class Commits extends JdbcTransactionManager {

		private static final long serialVersionUID = 1;

		private final AtomicBoolean isOutcomeLost = new AtomicBoolean();

		Commits(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			super.doCommit(status);
			if (this.isOutcomeLost.get()) {
				throw new TransactionSystemException("The connection broke");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CommitsConfiguration {

		@Bean
		Commits transactionManager(DataSource dataSource) {
			return new Commits(dataSource);
		}

	}

}
