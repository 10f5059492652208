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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.psqache.CacheOperation;
import io.psqache.LostEvictionException;
import io.psqache.PostgresCache;
import io.psqache.CacheStartupException;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.TableWatch;
import io.psqache.TransactionMode;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests {@code psqache.transactions} and {@code psqache.require-evictions}.
 */
class TransactionModesIntegrationTests {

	private static final String REFUSE = "create function refuse() returns trigger language plpgsql as "
			+ "$$ begin raise exception 'refused'; end $$; "
			+ "create trigger refuse before insert or update on psqache.cache_entry for each row "
			+ "when (new.type = 'evicted') execute function refuse()";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void afterCommitWritesWhenTheTransactionIsOver() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			application.inTransaction(() -> {
				cache.evict("1");
				cache.put("2", "two");
				assertThat(cache.get("1")).isNull();
				assertThat(cache.get("2", String.class)).isEqualTo("two");
				assertThat(stored()).isEqualTo("\"1\"");
			});
			assertThat(stored()).isEqualTo("\"2\"");
			application.inTransaction(() -> {
				cache.clear();
				cache.put("3", "three");
			});
			assertThat(cache.get("2")).isNull();
			assertThat(cache.get("3", String.class)).isEqualTo("three");
			application.inTransaction(() -> assertThat(cache.get("4", () -> "loaded")).isEqualTo("loaded"));
			assertThat(cache.get("4", String.class)).isEqualTo("loaded");
		}, (builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
	}

	@Test
	void afterCommitDiscardsRolledBackChanges() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			application.transaction().executeWithoutResult((status) -> {
				cache.evict("1");
				status.setRollbackOnly();
			});
			assertThat(cache.get("1", String.class)).isEqualTo("old");
		}, (builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
	}

	/**
	 * Spring no longer calls {@code afterCommit}, only {@code afterCompletion}.
	 */
	@Test
	void afterCommitWritesAlthoughAnotherListenerFails() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			cache.put("2", "old");
			assertThatIllegalStateException().isThrownBy(() -> application.inTransaction(() -> {
				TransactionSynchronizationManager.registerSynchronization(new Failing());
				cache.evict("1");
				cache.put("2", "new");
			})).withMessage("after the commit");
			assertThat(cache.get("1")).isNull();
			assertThat(cache.get("2", String.class)).isEqualTo("new");
		}, (builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
	}

	@Test
	void afterCommitThrowsForALostEviction() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			this.database.execute(REFUSE);
			AtomicBoolean notified = new AtomicBoolean();
			assertThatExceptionOfType(LostEvictionException.class).isThrownBy(() -> application.inTransaction(() -> {
				cache.evict("1");
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						notified.set(true);
					}

				});
			})).withMessageContaining("The transaction is committed");
			assertThat(notified).as("others are notified of the commit").isTrue();
		}, (builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
	}

	/**
	 * The fence is taken on another connection, which sees later commits.
	 */
	@Test
	void valueLoadedFromAnOldSnapshotOfAnotherDatabaseIsNotCached() {
		run((application) -> {
			loadFromAnOldSnapshot(application, "select title from book");
			assertThat(application.cache("books").getStatistics().refusedPuts()).isOne();
		}, (builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
	}

	/**
	 * In such a transaction, {@code JdbcClient} binds a connection of the application's
	 * pool in auto-commit mode.
	 */
	@Test
	void transactionOfAnotherDatabaseIsFollowed() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			DataSourceTransactionManager another = new DataSourceTransactionManager(this.database.dataSource());
			new TransactionTemplate(another).executeWithoutResult((status) -> {
				application.jdbc().sql("select 1").query(Integer.class).single();
				cache.evict("1");
				assertThat(cache.get("2", () -> "loaded")).isEqualTo("loaded");
				assertThat(stored()).isEqualTo("\"1\"");
			});
			assertThat(stored()).isEqualTo("\"2\"");
		});
	}

	/**
	 * Tombstones of later changes may be deleted.
	 */
	@Test
	void valueLoadedFromASnapshotOlderThanTombstonesIsNotCached() {
		run((application) -> loadFromAnOldSnapshot(application, "select title from book, pg_sleep(1.1)"),
				(builder) -> builder.tombstoneRetention(Duration.ofSeconds(1)));
	}

	/**
	 * Change a row after the first query of a transaction, and load it. The value that
	 * the transaction sees must not be cached.
	 */
	private void loadFromAnOldSnapshot(PlainApplication application, String query) {
		PostgresCache cache = application.cache("books");
		JdbcClient jdbc = application.jdbc();
		cache.get("any", () -> "so that the transaction can see all that it needs");
		this.database.execute("create table book (title text); insert into book values ('old')");
		TransactionTemplate repeatable = application.transaction();
		repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		repeatable.executeWithoutResult((status) -> {
			jdbc.sql(query).query(String.class).single();
			this.database.execute("update book set title = 'new'");
			assertThat(cache.get("1", () -> jdbc.sql("select title from book").query(String.class).single()))
				.isEqualTo("old");
		});
		assertThat(cache.get("1")).isNull();
	}

	@Test
	void noneTakesEffectAtOnce() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			application.transaction().executeWithoutResult((status) -> {
				cache.put("1", "one");
				assertThat(stored()).isEqualTo("\"1\"");
				status.setRollbackOnly();
			});
			assertThat(cache.get("1", String.class)).isEqualTo("one");
		}, (builder) -> builder.transactions(TransactionMode.NONE));
	}

	/**
	 * The eviction is executed on another connection, which waits for the lock of the
	 * trigger.
	 */
	@Test
	void noneWaitsAtMostTheTimeoutForTheTriggerOfItsOwnTransaction() {
		this.database.execute("create table book (isbn text, title text); insert into book values ('1', 'old')");
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			application.inTransaction(() -> {
				application.jdbc().sql("update book set title = 'new'").update();
				cache.evict("1");
			});
			assertThat(cache.get("1")).isNull();
			assertThat(this.database.query("select title from book")).isEqualTo("new");
		}, (builder) -> builder.transactions(TransactionMode.NONE)
			.timeout(Duration.ofMillis(200))
			.watch(List.of(TableWatch.evicting("book", "books", "isbn"))));
	}

	@Test
	void transactionMayCommitAlthoughItsEvictionsAreLost() {
		run((application) -> {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			this.database.execute("create table note (text text)");
			this.database.execute(REFUSE);
			application.inTransaction(() -> {
				cache.evict("1");
				application.jdbc().sql("insert into note values ('committed')").update();
			});
			assertThat(this.database.query("select text from note")).isEqualTo("committed");
			assertThat(cache.get("1", String.class)).isEqualTo("old");
			assertThat(cache.getStatistics().failures(CacheOperation.EVICT)).isOne();
		}, (builder) -> builder.requireEvictions(false));
	}

	@Test
	void transactionOnAProxyOfTheDataSourceIsAtomic() {
		try (PlainApplication application = PlainApplication.on(this.database, LazyApplication.class)) {
			PostgresCache cache = application.cache("books");
			cache.put("1", "old");
			this.database.execute(REFUSE);
			assertThatExceptionOfType(LostEvictionException.class)
				.isThrownBy(() -> application.inTransaction(() -> cache.evict("1")))
				.withMessageContaining("The transaction is rolled back");
		}
	}

	@Test
	void atomicNeedsTheApplicationsDatabase() {
		try (TestDatabase another = TestDatabase.create()) {
			assertAtomicIsRefused(this.database.dataSource(), another);
		}
	}

	@Test
	void atomicNeedsAnApplicationThatUsesPostgres() {
		assertAtomicIsRefused(new DriverManagerDataSource("jdbc:h2:mem:of-the-application"), this.database);
	}

	private static void assertAtomicIsRefused(DataSource application, TestDatabase ofTheCache) {
		PostgresCacheManagerBuilder builder = PostgresCacheManager.builder(application)
			.database(ofTheCache.url(), ofTheCache.username(), ofTheCache.password())
			.transactions(TransactionMode.ATOMIC);
		assertThatExceptionOfType(CacheStartupException.class).isThrownBy(builder::build)
			.withMessageContaining("psqache.transactions=atomic")
			.satisfies((ex) -> assertThat(ex.action()).contains("Set psqache.transactions=after-commit"));
	}

	@Test
	void cacheWithADatabaseOfItsOwnWritesAfterTheCommit() {
		try (TestDatabase another = TestDatabase.create()) {
			run((application) -> {
				PostgresCache cache = application.cache("books");
				cache.put("2", "old");
				application.inTransaction(() -> {
					cache.put("1", "one");
					cache.evict("2");
					assertThat(cache.get("1", String.class)).isEqualTo("one");
				});
				assertThat(another.query("select key from psqache.cache_entry where type <> 'evicted'"))
					.isEqualTo("\"1\"");
			}, (builder) -> builder.database(another.url(), null, null));
		}
	}

	private void run(Consumer<PlainApplication> test) {
		run(test, (builder) -> {
		});
	}

	private void run(Consumer<PlainApplication> test, Consumer<PostgresCacheManagerBuilder> settings) {
		try (PlainApplication application = PlainApplication.on(this.database, settings)) {
			test.accept(application);
		}
	}

	/**
	 * Return the keys that other sessions see.
	 */
	private String stored() {
		return String.valueOf(this.database
			.query("select string_agg(key, ',' order by key) from psqache.cache_entry where expires_at > now()"));
	}

	private static final class Failing implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterCommit() {
			throw new IllegalStateException("after the commit");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyApplication {

		@Bean
		DataSourceTransactionManager transactionManager(DataSource dataSource) {
			return new DataSourceTransactionManager(new LazyConnectionDataSourceProxy(dataSource));
		}

	}

}
