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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.psqache.CacheOperation;
import io.psqache.PostgresCache;
import io.psqache.TypedCache;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.TableWatch;
import io.psqache.TransactionMode;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests evictions that take effect irrespective of the outcome of a method, within the
 * transaction of that method.
 */
@SuppressWarnings("ImmutableEnumChecker")
class EvictionBeforeInvocationIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private @Nullable PlainApplication application;

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.database.close();
	}

	private Books start(Mode mode) {
		this.database.execute("create table book (isbn text primary key, title text not null)");
		this.database.execute("insert into book values ('1', 'old'), ('2', 'two')");
		this.application = PlainApplication.on(this.database, mode.settings, Books.class);
		Books books = this.application.bean(Books.class);
		for (int i = 0; i < 3; i++) {
			assertThat(books.title("1")).isEqualTo("old");
			assertThat(books.title("2")).isEqualTo("two");
		}
		return books;
	}

	private PlainApplication application() {
		return Objects.requireNonNull(this.application);
	}

	private PostgresCache cache() {
		return application().cache("books");
	}

	private TransactionTemplate transaction(int isolation) {
		TransactionTemplate template = application().transaction();
		template.setIsolationLevel(isolation);
		return template;
	}

	/**
	 * Run on another thread, without a transaction.
	 */
	private static <T extends @Nullable Object> T other(Supplier<T> work) {
		return CompletableFuture.supplyAsync(work).join();
	}

	private void update(String title) {
		application().jdbc().sql("update book set title = ? where isbn = '1'").param(title).update();
	}

	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void evictionPersistsWhenTheMethodFails(Mode mode) {
		Books books = start(mode);
		assertThatIllegalStateException().isThrownBy(() -> books.renameAndFail("1", "new"));
		assertThat(cache().get("1")).isNull();
		assertThat(cache().get("2", String.class)).isEqualTo("two");
		assertThat(books.title("1")).isEqualTo("old");
	}

	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void clearPersistsWhenTheMethodFails(Mode mode) {
		Books books = start(mode);
		assertThatIllegalStateException().isThrownBy(() -> books.renameAllAndFail("new"));
		assertThat(cache().get("1")).isNull();
		assertThat(cache().get("2")).isNull();
	}

	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void evictionIsSeenByOthersAtOnce(Mode mode) {
		Books books = start(mode);
		transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((status) -> {
			books.forget("1");
			assertThat(EvictionBeforeInvocationIntegrationTests.<@Nullable Object>other(() -> cache().get("1")))
				.isNull();
			status.setRollbackOnly();
		});
		assertThat(cache().get("1")).isNull();
	}

	/**
	 * Before the commit, another thread loads the value that the transaction makes out of
	 * date.
	 */
	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void valueLoadedInBetweenDoesNotSurviveTheCommit(Mode mode) {
		Books books = start(mode);
		for (int isolation : mode.isolations) {
			for (boolean all : new boolean[] { false, true }) {
				String title = "new " + isolation + all;
				String before = books.title("1");
				transaction(isolation).executeWithoutResult((status) -> {
					update(title);
					forget(books, all);
					assertThat(other(() -> books.title("1"))).isEqualTo(before);
				});
				assertThat(books.title("1")).as(title).isEqualTo(title);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void rollbackEvictsWithEveryIsolationLevel(Mode mode) {
		Books books = start(mode);
		for (int isolation : mode.isolations) {
			for (boolean all : new boolean[] { false, true }) {
				assertThat(books.title("1")).isEqualTo("old");
				transaction(isolation).executeWithoutResult((status) -> {
					update("rolled back");
					forget(books, all);
					status.setRollbackOnly();
				});
				assertThat(cache().get("1")).as(isolation + " " + all).isNull();
			}
		}
	}

	private static void forget(Books books, boolean all) {
		if (all) {
			books.forgetAll();
		}
		else {
			books.forget("1");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void rollbackToASavepointDoesNotUndoTheEviction(Mode mode) {
		Books books = start(mode);
		TransactionTemplate nested = transaction(TransactionDefinition.ISOLATION_DEFAULT);
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((outer) -> {
			update("new");
			nested.executeWithoutResult((inner) -> {
				books.forget("1");
				inner.setRollbackOnly();
			});
			assertThat(other(() -> books.title("1"))).isEqualTo("old");
		});
		assertThat(books.title("1")).isEqualTo("new");
	}

	/**
	 * The trigger has evicted the same entry, or cleared the same cache, within the
	 * transaction. Another connection would wait for the transaction, which waits for
	 * that connection.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void evictionOfAnEntryLockedByItsOwnTransactionDoesNotWait(boolean all) {
		Books books = start(all ? Mode.ATOMIC_CLEARED_BY_TRIGGER : Mode.ATOMIC_EVICTED_BY_TRIGGER);
		for (boolean commit : new boolean[] { false, true }) {
			assertThat(books.title("1")).isEqualTo("old");
			transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((status) -> {
				update("new");
				forget(books, all);
				if (!commit) {
					status.setRollbackOnly();
				}
			});
			assertThat(cache().get("1")).isNull();
			assertThat(cache().getStatistics().failures(CacheOperation.EVICT)).isZero();
			assertThat(cache().getStatistics().failures(CacheOperation.CLEAR)).isZero();
		}
		assertThat(books.title("1")).isEqualTo("new");
	}

	@ParameterizedTest
	@EnumSource(names = { "ATOMIC", "ATOMIC_NEAR", "AFTER_COMMIT" })
	void plainEvictionAndTypedDeleteAreStillUndoneByARollback(Mode mode) {
		start(mode);
		TypedCache<String, String> typed = application().manager().typedCache("books", String.class, String.class);
		transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((status) -> {
			cache().evict("1");
			assertThat(typed.delete("2")).isTrue();
			status.setRollbackOnly();
		});
		assertThat(cache().get("1", String.class)).isEqualTo("old");
		assertThat(cache().get("2", String.class)).isEqualTo("two");
	}

	enum Mode {

		ATOMIC((builder) -> builder.transactions(TransactionMode.ATOMIC)),

		ATOMIC_NEAR((builder) -> builder.transactions(TransactionMode.ATOMIC)
			.defaults((settings) -> settings.withNear(settings.near().withEnabled(true)))),

		AFTER_COMMIT((builder) -> builder.transactions(TransactionMode.AFTER_COMMIT)),

		ATOMIC_EVICTED_BY_TRIGGER((builder) -> builder.transactions(TransactionMode.ATOMIC)
			.watch(List.of(TableWatch.evicting("book", "books", "isbn")))),

		ATOMIC_CLEARED_BY_TRIGGER((builder) -> builder.transactions(TransactionMode.ATOMIC)
			.watch(List.of(TableWatch.clearing("book", "books"))));

		private final Consumer<PostgresCacheManagerBuilder> settings;

		private final int[] isolations = { Connection.TRANSACTION_READ_COMMITTED,
				Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE };

		Mode(Consumer<PostgresCacheManagerBuilder> settings) {
			this.settings = settings;
		}

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
		@CacheEvict(cacheNames = "books", key = "#isbn", beforeInvocation = true)
		public void renameAndFail(String isbn, String title) {
			this.jdbc.sql("update book set title = ? where isbn = ?").params(title, isbn).update();
			throw new IllegalStateException("no");
		}

		@Transactional
		@CacheEvict(cacheNames = "books", allEntries = true, beforeInvocation = true)
		public void renameAllAndFail(String title) {
			this.jdbc.sql("update book set title = ?").param(title).update();
			throw new IllegalStateException("no");
		}

		@CacheEvict(cacheNames = "books", beforeInvocation = true)
		public void forget(String isbn) {
		}

		@CacheEvict(cacheNames = "books", allEntries = true, beforeInvocation = true)
		public void forgetAll() {
		}

	}

}
