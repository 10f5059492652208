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
 * Two instances of an application on one database, both of which keep copies of what they
 * read, where entries change by transactions, triggers and functions.
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
	 * The row says from the start that copies are kept: a transaction that finds it
	 * otherwise waits until all others must know.
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
	 * By views that have missed nothing yet.
	 */
	@BeforeEach
	void copyEntries() {
		this.first.bean(Commits.class).isOutcomeLost.set(false);
		this.cache = this.first.cache("books");
		this.other = this.second.cache("books");
		this.database.execute("delete from book");
		this.cache.clear();
		this.cache.put("1", "one");
		this.cache.put("2", "two");
		settle();
		awaitCopies();
	}

	private void awaitCopies() {
		for (PostgresCache instance : new PostgresCache[] { this.cache, this.other }) {
			Concurrently.awaitThat(() -> isCopied(instance, "1") && isCopied(instance, "2"));
		}
	}

	@Test
	void committedChangesDropTheCopiesOfBothInstances() {
		template().executeWithoutResult((status) -> {
			this.cache.evict("1");
			this.cache.put("2", "new");
			assertThat(elsewhere(() -> isCopied(this.cache, "1") && isCopied(this.other, "1"))).isTrue();
		});
		assertThat(this.cache.get("1")).isNull();
		assertThat(this.cache.get("2", String.class)).isEqualTo("new");
		Concurrently.awaitThat(() -> this.other.get("1") == null);
		Concurrently.awaitThat(() -> "new".equals(this.other.get("2", String.class)));
	}

	@Test
	void committedClearDropsAllCopiesOfBothInstances() {
		template().executeWithoutResult((status) -> this.cache.clear());
		assertThat(this.cache.get("1")).isNull();
		Concurrently.awaitThat(() -> this.other.get("1") == null && this.other.get("2") == null);
	}

	@Test
	void changesThatFollowTheCommitDropTheCopiesOfAllInstances() {
		try (PlainApplication third = start(TransactionMode.AFTER_COMMIT)) {
			PostgresCache changed = third.cache("books");
			// While an instance starts, the others may not receive messages.
			awaitCopies();
			third.inTransaction(() -> {
				changed.evict("1");
				changed.put("2", "new");
				assertThat(elsewhere(() -> isCopied(this.cache, "1") && isCopied(this.other, "1"))).isTrue();
			});
			for (PostgresCache instance : new PostgresCache[] { this.cache, this.other }) {
				Concurrently.awaitThat(() -> instance.get("1") == null);
				Concurrently.awaitThat(() -> "new".equals(instance.get("2", String.class)));
			}
		}
	}

	@Test
	void putThatIsRefusedKeepsTheCopies() {
		assertThat(this.cache.get("3")).isNull();
		this.other.put("3", "three");
		Concurrently.awaitThat(() -> isCopied(this.other, "3"));
		this.cache.put("3", "loaded too early");
		settle(this.cache, this.other);
		assertThat(isCopied(this.other, "3")).isTrue();
	}

	@Test
	void rollbackKeepsTheCopies() {
		template().executeWithoutResult((status) -> {
			this.cache.evict("1");
			status.setRollbackOnly();
		});
		settle();
		assertThat(isCopied(this.cache, "1")).isTrue();
		assertThat(isCopied(this.other, "1")).isTrue();
	}

	@Test
	void transactionReadsWhatItHasChangedAndNoCopy() {
		template().executeWithoutResult((status) -> {
			assertThat(isCopied(this.cache, "1")).isTrue();
			this.cache.put("1", "new");
			assertThat(this.cache.get("1", String.class)).isEqualTo("new");
			assertThat(isCopied(this.cache, "2")).isTrue();
			this.cache.clear();
			assertThat(this.cache.get("2")).isNull();
			assertThat(elsewhere(() -> this.cache.get("1", String.class))).isEqualTo("one");
			status.setRollbackOnly();
		});
		assertThat(this.cache.get("1", String.class)).isEqualTo("one");
		assertThat(this.cache.get("2", String.class)).isEqualTo("two");
	}

	@Test
	void whatATransactionReadsOfItsOwnChangesLeavesNoCopy() {
		template().executeWithoutResult((status) -> {
			this.cache.put("3", "pending");
			assertThat(this.cache.get("3", String.class)).isEqualTo("pending");
			status.setRollbackOnly();
		});
		assertThat(this.cache.get("3")).isNull();
	}

	@Test
	void conflictOfARepeatableReadEvictsTheCopiesAllTheSame() {
		TransactionTemplate repeatable = template();
		repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		repeatable.executeWithoutResult((status) -> {
			this.first.jdbc().sql("select count(*) from book").query(Long.class).single();
			elsewhere(() -> {
				this.other.put("1", "between");
				return true;
			});
			this.cache.evict("1");
		});
		assertThat(this.cache.get("1")).isNull();
		Concurrently.awaitThat(() -> this.other.get("1") == null);
	}

	/**
	 * It was committed, in truth.
	 */
	@Test
	void copiesAreDroppedWhereNobodyKnowsWhetherItWasCommitted() {
		this.first.bean(Commits.class).isOutcomeLost.set(true);
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> template().executeWithoutResult((status) -> this.cache.evict("1")));
		assertThat(this.cache.get("1")).isNull();
		Concurrently.awaitThat(() -> this.other.get("1") == null);
	}

	@Test
	void changeOfAWatchedTableDropsTheCopiesWithItsCommitAndNotBefore() {
		template().executeWithoutResult((status) -> {
			sql("insert into book values ('1', 'new')");
			assertThat(isCopied(this.cache, "1")).isTrue();
			assertThat(elsewhere(() -> isCopied(this.other, "1"))).isTrue();
		});
		Concurrently.awaitThat(() -> this.cache.get("1") == null && this.other.get("1") == null);
	}

	@Test
	void rollbackOfAChangeOfAWatchedTableKeepsTheCopies() {
		template().executeWithoutResult((status) -> {
			sql("insert into book values ('rolled back', 'new'), ('1', 'new')");
			status.setRollbackOnly();
		});
		settle();
		assertThat(isCopied(this.cache, "1")).isTrue();
		assertThat(isCopied(this.other, "1")).isTrue();
	}

	/**
	 * More keys than one message holds, and fewer than are told as the whole cache.
	 */
	@Test
	void changeOfManyRowsDropsTheCopiesOfTheseKeysOnly() {
		this.database.execute("insert into book select n::text, 'new' from generate_series(1000, 2900) as n"
				+ " union all select '1', 'new'");
		Concurrently.awaitThat(() -> this.cache.get("1") == null && this.other.get("1") == null);
		settle();
		assertThat(isCopied(this.other, "2")).isTrue();
	}

	@Test
	void functionsDropCopiesAndTellWhatThereWas() {
		assertThat(this.database.query("""
				select psqache.evict('shop', 'books', '"none"', '"1"', '"1"')
				""")).isEqualTo("1");
		Concurrently.awaitThat(() -> this.cache.get("1") == null && this.other.get("1") == null);
		settle();
		assertThat(isCopied(this.other, "2")).isTrue();
		assertThat(this.database.query("select psqache.clear('shop', 'books')")).isEqualTo("t");
		Concurrently.awaitThat(() -> this.cache.get("2") == null && this.other.get("2") == null);
		assertThat(this.database.query("select psqache.evict('shop', 'none', '1')")).isEqualTo("0");
		assertThat(this.database.query("select psqache.clear('shop', 'none')")).isEqualTo("f");
	}

	/**
	 * Wait until either instance knows what has changed so far: messages come in the
	 * order of commits.
	 */
	private void settle() {
		settle(this.cache, this.other);
		settle(this.other, this.cache);
	}

	private static void settle(PostgresCache sender, PostgresCache receiver) {
		String last = UUID.randomUUID().toString();
		receiver.put(last, "before");
		Concurrently.awaitThat(() -> isCopied(receiver, last));
		sender.put(last, "after");
		Concurrently.awaitThat(() -> "after".equals(receiver.get(last, String.class)));
	}

	/**
	 * Whether a read is answered with a copy. If not it makes one, where there is an
	 * entry.
	 */
	private static boolean isCopied(PostgresCache cache, String key) {
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

	private static <T> T elsewhere(Supplier<T> work) {
		return CompletableFuture.supplyAsync(work).join();
	}

	/**
	 * Commits, and may fail after it.
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
