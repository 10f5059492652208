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

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.psqache.LostEvictionException;
import io.psqache.PostgresCache;
import io.psqache.TableWatch;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests transactions that change a watched table and cannot overwrite entries that were
 * written after their snapshot.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TransactionConflictsIntegrationTests {

	private static final String REPEAT = "Repeat the transaction";

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private PlainApplication application;

	@SuppressWarnings("NullAway.Init")
	private PostgresCache cache;

	@SuppressWarnings("NullAway.Init")
	private JdbcClient jdbc;

	@BeforeAll
	void start() {
		this.database.execute("create table book (isbn text primary key, title text not null)");
		this.application = PlainApplication.on(this.database,
				(builder) -> builder.watch(List.of(TableWatch.evicting("book", "books", "isbn"))));
		this.cache = this.application.cache("books");
		this.jdbc = this.application.jdbc();
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.database.close();
	}

	@BeforeEach
	void reset() {
		this.database.execute("drop trigger if exists conflict on psqache.cache_entry");
		this.database.execute("truncate book, psqache.cache_entry");
		this.database.execute("insert into book values ('1', 'old'), ('2', 'old')");
	}

	/**
	 * Another connection must not evict an entry that the transaction itself has locked.
	 * The transaction would wait for itself.
	 */
	@ParameterizedTest
	@ValueSource(
			ints = { TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void evictionOnBehalfOfATransactionDoesNotWaitForItsTrigger(int isolation) {
		this.cache.put("1", "old");
		transaction(isolation).executeWithoutResult((status) -> {
			this.jdbc.sql("select title from book").query(String.class).list();
			onAnotherThread(() -> this.cache.put("2", "old"));
			this.jdbc.sql("update book set title = 'new' where isbn = '1'").update();
			this.cache.evict("1");
			this.cache.evict("2");
		});
		assertThat(this.cache.get("1")).isNull();
		assertThat(this.cache.get("2")).isNull();
		assertThat(this.database.query("select title from book where isbn = '1'")).isEqualTo("new");
		assertThat(this.database
			.query("select count(distinct xid) from psqache.cache_entry where key in ('\"1\"', '\"2\"')"))
			.as("transactions that left the tombstones")
			.isEqualTo("1");
	}

	/**
	 * The transaction cannot see the row of the cache, but another connection can.
	 */
	@Test
	void evictionFromACacheCreatedAfterTheSnapshotDoesNotWaitForTheTrigger() {
		this.cache.put("1", "old");
		PostgresCache later = this.application.cache("later");
		transaction(TransactionDefinition.ISOLATION_REPEATABLE_READ).executeWithoutResult((status) -> {
			this.jdbc.sql("update book set title = 'new' where isbn = '1'").update();
			onAnotherThread(() -> later.put("1", "old"));
			this.cache.evict("1");
			later.evict("1");
		});
		assertThat(this.cache.get("1")).isNull();
		assertThat(later.get("1")).isNull();
	}

	/**
	 * Repeating the transaction would not help, or only by chance.
	 */
	@Test
	void refusalOfAnotherConnectionIsNoConflict() {
		this.database.execute("""
				create or replace function refuse() returns trigger language plpgsql as
				$$ begin raise exception 'refused'; end $$;
				create trigger conflict before insert or update on psqache.cache_entry for each row
				when (new.xid <> pg_current_xact_id()) execute function refuse()
				""");
		this.cache.put("1", "old");
		TransactionTemplate transaction = transaction(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		assertThatExceptionOfType(LostEvictionException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
				this.jdbc.sql("select title from book").query(String.class).list();
				onAnotherThread(() -> this.cache.put("1", "newer"));
				this.cache.evict("1");
			}))
			.havingRootCause()
			.withMessageContaining("refused");
	}

	@Test
	void clearAfterALaterClearIsAConflictToRepeat() {
		TransactionTemplate transaction = transaction(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		assertThatExceptionOfType(CannotAcquireLockException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
				this.jdbc.sql("update book set title = 'new'").update();
				onAnotherThread(this.cache::clear);
				this.cache.clear();
			}))
			.withMessageContaining(REPEAT)
			.satisfies((ex) -> assertThat(ex).cause()
				.isInstanceOfSatisfying(SQLException.class,
						(cause) -> assertThat(cause.getSQLState()).isEqualTo("40001")));
		assertThat(this.database.query("select min(title) from book")).isEqualTo("old");
	}

	/**
	 * PostgreSQL does not report this conflict: a row is missing.
	 */
	@Test
	void clearOfACacheCreatedAfterTheSnapshotIsAConflictToRepeat() {
		TransactionTemplate transaction = transaction(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		Runnable clear = () -> transaction.executeWithoutResult((status) -> {
			this.jdbc.sql("select title from book").query(String.class).list();
			this.application.cache("new").clear();
		});
		assertThatExceptionOfType(ConcurrencyFailureException.class).isThrownBy(clear::run)
			.withMessageContaining(REPEAT);
		clear.run();
	}

	/**
	 * The write is tried with and without the puts, but not on another connection. That
	 * connection would wait for the same lock, and PostgreSQL cannot detect that
	 * deadlock.
	 */
	@Test
	void deadlockIsAConflictToRepeat() {
		this.database.execute("""
				create sequence attempts;
				create function conflict() returns trigger language plpgsql as
				$$ begin perform nextval('attempts'); raise exception using errcode = 'deadlock_detected'; end $$;
				create trigger conflict before insert or update on psqache.cache_entry execute function conflict()
				""");
		TransactionTemplate transaction = transaction(TransactionDefinition.ISOLATION_READ_COMMITTED);
		assertThatExceptionOfType(PessimisticLockingFailureException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> this.cache.evict("1")))
			.withMessageContaining(REPEAT)
			.withCauseInstanceOf(SQLException.class);
		assertThat(this.database.query("select last_value from attempts")).isEqualTo("2");
	}

	private TransactionTemplate transaction(int isolation) {
		TransactionTemplate transaction = this.application.transaction();
		transaction.setIsolationLevel(isolation);
		return transaction;
	}

	/**
	 * Run on another thread, without a transaction.
	 */
	private static void onAnotherThread(Runnable work) {
		CompletableFuture.runAsync(work).join();
	}

}
