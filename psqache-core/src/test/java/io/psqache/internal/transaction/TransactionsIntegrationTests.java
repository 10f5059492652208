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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.psqache.test.Concurrently;
import io.psqache.LostEvictionException;
import io.psqache.PostgresCache;
import io.psqache.TypedCache;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests two instances of an application on one database. The first changes caches within
 * transactions.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TransactionsIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private PlainApplication first;

	@SuppressWarnings("NullAway.Init")
	private PlainApplication second;

	@SuppressWarnings("NullAway.Init")
	private PostgresCache cache;

	@SuppressWarnings("NullAway.Init")
	private PostgresCache other;

	@SuppressWarnings("NullAway.Init")
	private Books books;

	@BeforeAll
	void start() {
		this.database.execute("create table book (isbn text primary key, title text not null)");
		this.first = PlainApplication.on(this.database, Books.class);
		this.second = PlainApplication.on(this.database, Books.class);
	}

	@AfterAll
	void stop() {
		this.first.close();
		this.second.close();
		this.database.close();
	}

	@BeforeEach
	void reset() {
		this.database.execute("drop trigger if exists refuse on psqache.cache_entry");
		this.cache = this.first.cache("books");
		this.other = this.second.cache("books");
		this.books = this.first.bean(Books.class);
		this.cache.clear();
		this.database.execute("delete from book");
		this.database.execute("insert into book values ('1', 'old')");
	}

	@Test
	void evictionIsSeenWithTheCommitAndNotBefore() {
		this.other.put("1", "old");
		inTransaction(() -> {
			this.cache.evict("1");
			assertThat(this.cache.get("1")).isNull();
			assertThat(this.other(() -> this.other.get("1", String.class))).isEqualTo("old");
		});
		assertThat(this.other.get("1")).isNull();
	}

	/**
	 * Each transaction writes one entry and evicts the other. The last commit decides.
	 */
	@Test
	void transactionsThatPutAndEvictCrosswiseDoNotDeadlock() throws Exception {
		this.database.execute("""
				create function pause() returns trigger language plpgsql as
				$$ begin perform pg_sleep(0.1); return null; end $$;
				create trigger pause after insert or update on psqache.cache_entry execute function pause()
				""");
		try {
			List<PostgresCache> caches = List.of(this.cache, this.other);
			List<PlainApplication> applications = List.of(this.first, this.second);
			Concurrently.run(2, (number) -> {
				applications.get(number).inTransaction(() -> {
					caches.get(number).put("book " + number, "written");
					caches.get(number).evict("book " + (1 - number));
				});
				return null;
			});
		}
		finally {
			this.database.execute("drop function pause cascade");
		}
		assertThat(this.cache.get("book 0") != null).isNotEqualTo(this.cache.get("book 1") != null);
		assertThat(this.database.query("select deadlocks from pg_stat_database where datname = current_database()"))
			.isEqualTo("0");
	}

	/**
	 * Only the loaded value is refused, and the commit does not wait for the lock.
	 */
	@Test
	void loadedValueIsRefusedDuringAConcurrentEviction() throws Exception {
		long refused = this.cache.getStatistics().refusedPuts();
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			inTransaction(() -> {
				this.cache.get("1", () -> "loaded");
				this.cache.put("2", "put");
				evict(statement, "1");
			});
			other.commit();
		}
		assertThat(this.cache.get("1")).isNull();
		assertThat(this.cache.get("2", String.class)).isEqualTo("put");
		assertThat(this.cache.getStatistics().refusedPuts() - refused).isOne();
	}

	private static void evict(Statement statement, String key) {
		try {
			statement.execute("select psqache.evict('', 'books', '\"%s\"')".formatted(key));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void putIsSeenWithTheCommitAndNotBefore() {
		inTransaction(() -> {
			this.cache.put("1", "new");
			assertThat(this.cache.get("1", String.class)).isEqualTo("new");
			assertThat(this.other(() -> this.other.get("1"))).isNull();
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("new");
	}

	@Test
	void clearIsSeenWithTheCommitAndNotBefore() {
		this.other.put("1", "one");
		this.other.put("2", "two");
		inTransaction(() -> {
			this.cache.clear();
			this.cache.put("2", "new");
			assertThat(this.cache.get("1")).isNull();
			assertThat(this.cache.get("2", String.class)).isEqualTo("new");
			assertThat(this.other(() -> this.other.get("1", String.class))).isEqualTo("one");
		});
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.get("2", String.class)).isEqualTo("new");
	}

	@Test
	void rollbackUndoesAll() {
		this.other.put("1", "old");
		this.other.put("2", "two");
		template().executeWithoutResult((status) -> {
			this.cache.evict("1");
			this.cache.put("2", "new");
			this.cache.put("3", "new");
			status.setRollbackOnly();
		});
		assertThat(this.cache.get("1", String.class)).isEqualTo("old");
		assertThat(this.cache.get("2", String.class)).isEqualTo("two");
		assertThat(this.cache.get("3")).isNull();
		template().executeWithoutResult((status) -> {
			this.cache.clear();
			status.setRollbackOnly();
		});
		assertThat(this.cache.get("1", String.class)).isEqualTo("old");
	}

	@Test
	void savepointUndoesLaterChanges() {
		this.other.put("1", "old");
		inTransaction(() -> {
			this.cache.put("2", "before");
			nested(() -> {
				this.cache.evict("1");
				this.cache.put("2", "nested");
				this.cache.put("3", "nested");
			});
			assertThat(this.cache.get("1", String.class)).isEqualTo("old");
			assertThat(this.cache.get("2", String.class)).isEqualTo("before");
			assertThat(this.cache.get("3")).isNull();
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("old");
		assertThat(this.other.get("2", String.class)).isEqualTo("before");
		assertThat(this.other.get("3")).isNull();
	}

	@Test
	void savepointBeforeTheFirstChangeUndoesAll() {
		this.other.put("1", "old");
		inTransaction(() -> {
			nested(() -> this.cache.evict("1"));
			assertThat(this.cache.get("1", String.class)).isEqualTo("old");
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("old");
	}

	@Test
	void nestedNewTransactionHasItsOwnChanges() {
		this.other.put("1", "old");
		template().executeWithoutResult((outer) -> {
			this.cache.evict("1");
			TransactionTemplate inner = template();
			inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			inner.executeWithoutResult((status) -> {
				assertThat(this.cache.get("1", String.class)).isEqualTo("old");
				this.cache.put("2", "inner");
			});
			assertThat(this.cache.get("1")).isNull();
			assertThat(this.other(() -> this.other.get("2", String.class))).isEqualTo("inner");
			outer.setRollbackOnly();
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("old");
		assertThat(this.other.get("2", String.class)).isEqualTo("inner");
	}

	@Test
	void answersIncludeTheTransactionsOwnChanges() {
		this.other.put("1", "old");
		inTransaction(() -> {
			assertThat(this.cache.evictIfPresent("1")).isTrue();
			assertThat(this.cache.evictIfPresent("1")).isFalse();
			assertThat(this.cache.putIfAbsent("1", "new")).isNull();
			assertThat(Objects.requireNonNull(this.cache.putIfAbsent("1", "newer")).get()).isEqualTo("new");
			assertThat(this.cache.invalidate()).isTrue();
			assertThat(this.cache.invalidate()).isFalse();
			assertThat(this.cache.putIfAbsent("2", "two")).isNull();
		});
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.get("2", String.class)).isEqualTo("two");
	}

	@Test
	void typedCacheTakesPart() {
		TypedCache<String, String> typed = this.first.manager().typedCache("books", String.class, String.class);
		typed.setAll(Map.of("1", "one", "2", "two"));
		inTransaction(() -> {
			assertThat(typed.deleteAll(List.of("1", "missing"))).isOne();
			typed.set("3", "three");
			typed.setAll(Map.of("4", "four"));
			assertThat(typed.setIfAbsent("2", "no")).isFalse();
			assertThat(typed.has("1")).isFalse();
			assertThat(typed.timeToLive("3")).contains(Duration.ofDays(28));
			assertThat(typed.getAll(List.of("1", "2", "3", "4")))
				.isEqualTo(Map.of("2", "two", "3", "three", "4", "four"));
			assertThat(typed.getAsync("3").join()).contains("three");
			assertThat(typed.get("5", (key) -> "loaded")).isEqualTo("loaded");
			assertThat(this.other(() -> this.other.get("1", String.class))).isEqualTo("one");
			assertThat(this.other(() -> this.other.get("5"))).isNull();
		});
		assertThat(typed.getAll(List.of("1", "2", "3", "4", "5")))
			.isEqualTo(Map.of("2", "two", "3", "three", "4", "four", "5", "loaded"));
	}

	@Test
	void annotationsTakePart() {
		assertThat(this.books.title("1")).isEqualTo("old");
		assertThatIllegalStateException().isThrownBy(() -> this.books.renameAndFail("1", "new"));
		assertThat(this.books.title("1")).isEqualTo("old");
		this.books.rename("1", "new");
		assertThat(this.second.bean(Books.class).title("1")).isEqualTo("new");
		assertThat(this.books.renamed("1", "newest")).isEqualTo("newest");
		assertThat(this.other.get("1", String.class)).isEqualTo("newest");
	}

	@ParameterizedTest
	@ValueSource(ints = { TransactionDefinition.ISOLATION_READ_COMMITTED,
			TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void valueLoadedBeforeALaterEvictionIsNotStored(int isolation) {
		TransactionTemplate transaction = template();
		transaction.setIsolationLevel(isolation);
		transaction.executeWithoutResult((status) -> {
			assertThat(this.books.title("1")).isEqualTo("old");
			other(() -> {
				this.second.bean(Books.class).rename("1", "new");
				return "renamed";
			});
		});
		assertThat(this.other.get("1")).isNull();
	}

	@ParameterizedTest
	@ValueSource(
			ints = { TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void valueLoadedFromAnOldSnapshotIsNotStored(int isolation) {
		TransactionTemplate transaction = template();
		transaction.setIsolationLevel(isolation);
		transaction.executeWithoutResult((status) -> {
			this.books.count();
			other(() -> {
				this.second.bean(Books.class).rename("1", "new");
				return "renamed";
			});
			assertThat(this.books.title("1")).isEqualTo("old");
		});
		assertThat(this.other.get("1")).isNull();
	}

	@ParameterizedTest
	@ValueSource(
			ints = { TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void evictionOfAnEntryCachedAfterTheSnapshotSucceeds(int isolation) {
		TransactionTemplate transaction = template();
		transaction.setIsolationLevel(isolation);
		transaction.executeWithoutResult((status) -> {
			this.books.count();
			assertThat(other(() -> this.second.bean(Books.class).title("1"))).isEqualTo("old");
			this.books.rename("1", "new");
		});
		assertThat(this.other.get("1")).isNull();
		assertThat(this.books.title("1")).isEqualTo("new");
	}

	@Test
	void loadOfAnotherInstanceThatBeganBeforeTheCommitIsNotStored() throws Exception {
		CompletableFuture<String> loading = new CompletableFuture<>();
		CompletableFuture<String> release = new CompletableFuture<>();
		CompletableFuture<String> loaded = CompletableFuture.supplyAsync(() -> this.other.get("1", () -> {
			loading.complete("now");
			return release.get(20, TimeUnit.SECONDS);
		}));
		loading.get(20, TimeUnit.SECONDS);
		this.books.rename("1", "new");
		release.complete("old");
		assertThat(loaded.get(20, TimeUnit.SECONDS)).isEqualTo("old");
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.getStatistics().refusedPuts()).isPositive();
	}

	@Test
	void valueLoadedAfterAnOwnEvictionIsStoredWithTheCommit() {
		inTransaction(() -> {
			this.books.rename("1", "new");
			assertThat(this.books.title("1")).isEqualTo("new");
			assertThat(this.other(() -> this.other.get("1"))).isNull();
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("new");
		inTransaction(() -> {
			this.cache.clear();
			assertThat(this.books.title("1")).isEqualTo("new");
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("new");
	}

	@Test
	void loadsInATransactionAreNotShared() throws Exception {
		CompletableFuture<String> loading = new CompletableFuture<>();
		CompletableFuture<String> release = new CompletableFuture<>();
		CompletableFuture<String> loaded = CompletableFuture.supplyAsync(() -> this.cache.get("1", () -> {
			loading.complete("now");
			return release.get(20, TimeUnit.SECONDS);
		}));
		loading.get(20, TimeUnit.SECONDS);
		inTransaction(
				() -> assertThat(this.cache.get("1", () -> "in the transaction")).isEqualTo("in the transaction"));
		release.complete("outside");
		assertThat(loaded.get(20, TimeUnit.SECONDS)).isEqualTo("outside");
	}

	@Test
	void readOnlyTransactionCachesWhatItHasLoaded() {
		TransactionTemplate transaction = template();
		transaction.setReadOnly(true);
		transaction.executeWithoutResult((status) -> {
			assertThat(this.books.title("1")).isEqualTo("old");
			assertThat(this.cache.get("1", String.class)).isEqualTo("old");
		});
		assertThat(this.other.get("1", String.class)).isEqualTo("old");
	}

	@Test
	void unstorableValueAffectsOnlyThePuts() {
		this.other.put("1", "old");
		this.other.put("2", "two");
		refuse("new.value = '\"poison\"'::jsonb");
		inTransaction(() -> {
			this.cache.evict("1");
			this.cache.put("2", "poison");
			this.cache.put("3", "three");
			this.first.jdbc().sql("update book set title = 'new'").update();
		});
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.get("2")).isNull();
		assertThat(this.other.get("3")).isNull();
		assertThat(this.database.query("select title from book")).isEqualTo("new");
	}

	@Test
	void transactionWhoseEvictionCannotBeWrittenIsRolledBack() {
		this.other.put("1", "old");
		refuse("new.type = 'evicted'");
		assertThatExceptionOfType(LostEvictionException.class).isThrownBy(() -> this.books.rename("1", "new"))
			.withMessageContaining("The transaction is rolled back")
			.withMessageContaining("psqache.require-evictions=false");
		assertThat(this.database.query("select title from book")).isEqualTo("old");
		assertThat(this.cache.get("1", String.class)).isEqualTo("old");
	}

	@Test
	void changeCausedByTheCommitIsPartOfIt() {
		this.other.put("1", "old");
		this.other.put("2", "two");
		inTransaction(() -> {
			this.cache.evict("1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCompletion() {
					TransactionsIntegrationTests.this.cache.evict("2");
				}

			});
		});
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.get("2")).isNull();
	}

	/**
	 * Spring then calls only {@code afterCompletion}.
	 */
	@Test
	void firstChangeAfterTheCommitIsWritten() {
		this.other.put("1", "old");
		inTransaction(() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				TransactionsIntegrationTests.this.cache.evict("1");
				TransactionsIntegrationTests.this.cache.put("2", "two");
			}

		}));
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.get("2", String.class)).isEqualTo("two");
	}

	/**
	 * An administrator or {@code dropCache} may delete the row.
	 */
	@Test
	void deletedCacheRowIsInsertedAgain() {
		PostgresCache gone = this.first.cache("gone");
		gone.put("1", "old");
		this.database.execute("delete from psqache.cache where name = 'gone'");
		inTransaction(gone::clear);
		gone.put("1", "old");
		this.database.execute("delete from psqache.cache where name = 'gone'");
		inTransaction(() -> gone.get("2", () -> "two"));
		assertThat(gone.get("1")).isNull();
		assertThat(gone.get("2", String.class)).isEqualTo("two");
	}

	@Test
	void deletedCacheRowsAreInsertedAgain() {
		PostgresCache one = this.first.cache("gone 1");
		PostgresCache two = this.first.cache("gone 2");
		one.put("1", "old");
		two.put("1", "old");
		this.database.execute("delete from psqache.cache where name like 'gone %'");
		inTransaction(() -> {
			one.clear();
			two.clear();
		});
		assertThat(this.database.query("select count(*) from psqache.cache where name like 'gone %'")).isEqualTo("2");
	}

	@Test
	void changeAfterTheCommitTakesEffectAtOnce() {
		this.other.put("1", "old");
		inTransaction(() -> {
			this.cache.put("2", "two");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					TransactionsIntegrationTests.this.cache.evict("1");
				}

				@Override
				public void afterCompletion(int status) {
					TransactionsIntegrationTests.this.cache.put("3", "three");
				}

			});
		});
		assertThat(this.other.get("1")).isNull();
		assertThat(this.other.get("3", String.class)).isEqualTo("three");
	}

	@Test
	void settingsOfTheTransactionAreLeftAsTheyWere() {
		StringBuilder limit = new StringBuilder();
		inTransaction(() -> {
			this.books.title("1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCompletion() {
					limit.append(TransactionsIntegrationTests.this.first.jdbc()
						.sql("select current_setting('lock_timeout')")
						.query(String.class)
						.single());
				}

			});
		});
		assertThat(limit).hasToString("0");
	}

	@Test
	void transactionPastItsTimeoutIsRolledBack() {
		TransactionTemplate brief = template();
		brief.setTimeout(1);
		DataSource dataSource = this.first.bean(DataSource.class);
		assertThatExceptionOfType(LostEvictionException.class).isThrownBy(() -> brief.executeWithoutResult((status) -> {
			this.first.jdbc().sql("update book set title = 'late'").update();
			this.cache.evict("1");
			ConnectionHolder holder = (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
			Concurrently.awaitThat(() -> isPastItsDeadline(Objects.requireNonNull(holder)));
		}));
		assertThat(this.database.query("select title from book")).isEqualTo("old");
	}

	private static boolean isPastItsDeadline(ConnectionHolder holder) {
		return Objects.requireNonNull(holder.getDeadline()).toInstant().isBefore(Instant.now());
	}

	private void refuse(String condition) {
		this.database.execute("create or replace function refuse() returns trigger language plpgsql as "
				+ "$$ begin raise exception 'refused'; end $$");
		this.database.execute("create trigger refuse before insert or update on psqache.cache_entry for each row when ("
				+ condition + ") execute function refuse()");
	}

	private TransactionTemplate template() {
		return this.first.transaction();
	}

	private void inTransaction(Runnable work) {
		this.first.inTransaction(work);
	}

	private void nested(Runnable work) {
		TransactionTemplate nested = template();
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		nested.executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	/**
	 * Run on another thread, without a transaction.
	 */
	private <T extends @Nullable Object> T other(Supplier<T> work) {
		return CompletableFuture.supplyAsync(work).join();
	}

	static class Books {

		private final JdbcClient jdbc;

		Books(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@Cacheable("books")
		public String title(String isbn) {
			return this.jdbc.sql("select title from book where isbn = ?").param(isbn).query(String.class).single();
		}

		@Transactional
		@CacheEvict(cacheNames = "books", key = "#isbn")
		public void rename(String isbn, String title) {
			this.jdbc.sql("update book set title = ? where isbn = ?").params(title, isbn).update();
		}

		@Transactional
		@CachePut(cacheNames = "books", key = "#isbn")
		public String renamed(String isbn, String title) {
			this.jdbc.sql("update book set title = ? where isbn = ?").params(title, isbn).update();
			return title;
		}

		@Transactional
		@CacheEvict(cacheNames = "books", key = "#isbn", beforeInvocation = true)
		public void renameAndFail(String isbn, String title) {
			this.jdbc.sql("update book set title = ? where isbn = ?").params(title, isbn).update();
			throw new IllegalStateException("no");
		}

		public long count() {
			return this.jdbc.sql("select count(*) from book").query(Long.class).single();
		}

	}

}
