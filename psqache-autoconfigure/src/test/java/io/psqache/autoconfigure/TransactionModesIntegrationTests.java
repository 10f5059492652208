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

package io.psqache.autoconfigure;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.psqache.CacheOperation;
import io.psqache.LostEvictionException;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@code psqache.transactions} and {@code psqache.require-evictions}.
 */
class TransactionModesIntegrationTests {

	private static final String REFUSE = "create function refuse() returns trigger language plpgsql as "
			+ "$$ begin raise exception 'refused'; end $$; "
			+ "create trigger refuse before insert or update on psqache.cache_entry for each row "
			+ "when (new.type = 'evicted') execute function refuse()";

	private final TestDatabase database = TestDatabase.create();

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void afterCommitWritesWhenTheTransactionIsOver() {
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			transaction(context, () -> {
				cache.evict("1");
				cache.put("2", "two");
				assertThat(cache.get("1")).isNull();
				assertThat(cache.get("2", String.class)).isEqualTo("two");
				assertThat(stored()).isEqualTo("\"1\"");
			});
			assertThat(stored()).isEqualTo("\"2\"");
			transaction(context, () -> {
				cache.clear();
				cache.put("3", "three");
			});
			assertThat(cache.get("2")).isNull();
			assertThat(cache.get("3", String.class)).isEqualTo("three");
			transaction(context, () -> assertThat(cache.get("4", () -> "loaded")).isEqualTo("loaded"));
			assertThat(cache.get("4", String.class)).isEqualTo("loaded");
		}, "psqache.transactions=after-commit");
	}

	@Test
	void afterCommitForgetsWhatIsRolledBack() {
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					cache.evict("1");
					status.setRollbackOnly();
				});
			assertThat(cache.get("1", String.class)).isEqualTo("old");
		}, "psqache.transactions=after-commit");
	}

	/**
	 * Spring does not tell of the commit any more, only that the transaction is over.
	 */
	@Test
	void afterCommitWritesThoughAnotherListenerFails() {
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			cache.put("2", "old");
			assertThatIllegalStateException().isThrownBy(() -> transaction(context, () -> {
				TransactionSynchronizationManager.registerSynchronization(new Failing());
				cache.evict("1");
				cache.put("2", "new");
			})).withMessage("after the commit");
			assertThat(cache.get("1")).isNull();
			assertThat(cache.get("2", String.class)).isEqualTo("new");
		}, "psqache.transactions=after-commit");
	}

	@Test
	void afterCommitTellsOfAnEvictionThatIsLost() {
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			this.database.execute(REFUSE);
			AtomicBoolean told = new AtomicBoolean();
			assertThatExceptionOfType(LostEvictionException.class).isThrownBy(() -> transaction(context, () -> {
				cache.evict("1");
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						told.set(true);
					}

				});
			})).withMessageContaining("The transaction is committed");
			assertThat(told).as("others are told of the commit").isTrue();
		}, "psqache.transactions=after-commit");
	}

	/**
	 * The fence is taken by another connection, which sees more.
	 */
	@Test
	void nothingIsCachedOfWhatATransactionLoadsFromAnOldSnapshotBesideTheCache() {
		run((context) -> {
			loadFromAnOldSnapshot(context, "select title from book");
			assertThat(TestApplication.cache(context, "books").getStatistics().refusedPuts()).isOne();
		}, "psqache.transactions=after-commit");
	}

	/**
	 * In which {@code JdbcClient} binds a connection of the application's pool, which
	 * commits by itself.
	 */
	@Test
	void transactionOfAnotherDatabaseIsFollowed() {
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			DataSourceTransactionManager another = new DataSourceTransactionManager(this.database.dataSource());
			new TransactionTemplate(another).executeWithoutResult((status) -> {
				context.getBean(JdbcClient.class).sql("select 1").query(Integer.class).single();
				cache.evict("1");
				assertThat(cache.get("2", () -> "loaded")).isEqualTo("loaded");
				assertThat(stored()).isEqualTo("\"1\"");
			});
			assertThat(stored()).isEqualTo("\"2\"");
		});
	}

	/**
	 * Tombstones of what has changed since may be gone.
	 */
	@Test
	void nothingIsCachedOfWhatIsLoadedFromASnapshotThatIsOlderThanTombstones() {
		run((context) -> loadFromAnOldSnapshot(context, "select title from book, pg_sleep(1.1)"),
				"psqache.tombstones=1s");
	}

	/**
	 * Change a row after a query of the transaction, and load it: what it sees is not for
	 * others.
	 */
	private void loadFromAnOldSnapshot(BeanFactory context, String query) {
		PostgresCache cache = TestApplication.cache(context, "books");
		JdbcClient jdbc = context.getBean(JdbcClient.class);
		cache.get("any", () -> "so that the transaction can see all that it needs");
		this.database.execute("create table book (title text); insert into book values ('old')");
		TransactionTemplate repeatable = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
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
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					cache.put("1", "one");
					assertThat(stored()).isEqualTo("\"1\"");
					status.setRollbackOnly();
				});
			assertThat(cache.get("1", String.class)).isEqualTo("one");
		}, "psqache.transactions=none");
	}

	/**
	 * By another connection, which waits for the lock that the trigger has taken.
	 */
	@Test
	void noneWaitsAtMostTheTimeoutForTheTriggerOfItsOwnTransaction() {
		this.database.execute("create table book (isbn text, title text); insert into book values ('1', 'old')");
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			transaction(context, () -> {
				context.getBean(JdbcClient.class).sql("update book set title = 'new'").update();
				cache.evict("1");
			});
			assertThat(cache.get("1")).isNull();
			assertThat(this.database.query("select title from book")).isEqualTo("new");
		}, "psqache.transactions=none", "psqache.timeout=200ms", "psqache.watch[0].table=book",
				"psqache.watch[0].cache=books", "psqache.watch[0].key=isbn");
	}

	@Test
	void transactionMayBeCommittedThoughItsEvictionsAreLost() {
		run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			this.database.execute("create table note (text text)");
			this.database.execute(REFUSE);
			transaction(context, () -> {
				cache.evict("1");
				context.getBean(JdbcClient.class).sql("insert into note values ('committed')").update();
			});
			assertThat(this.database.query("select text from note")).isEqualTo("committed");
			assertThat(cache.get("1", String.class)).isEqualTo("old");
			assertThat(cache.getStatistics().failures(CacheOperation.EVICT)).isOne();
		}, "psqache.require-evictions=false");
	}

	@Test
	void transactionOnAProxyOfTheDataSourceIsAtomic() {
		TestApplication.on(this.database).withUserConfiguration(LazyApplication.class).run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("1", "old");
			this.database.execute(REFUSE);
			assertThatExceptionOfType(LostEvictionException.class)
				.isThrownBy(() -> transaction(context, () -> cache.evict("1")))
				.withMessageContaining("The transaction is rolled back");
		});
	}

	@Test
	void atomicNeedsTheApplicationsDatabase() {
		try (TestDatabase another = TestDatabase.create()) {
			assertAtomicIsRefused("psqache.datasource.url=" + another.url());
		}
	}

	@Test
	void atomicNeedsAnApplicationThatUsesPostgres() {
		assertAtomicIsRefused("psqache.datasource.url=" + this.database.url(),
				"spring.datasource.url=jdbc:h2:mem:of-the-application");
	}

	private void assertAtomicIsRefused(String... properties) {
		TestApplication.on(this.database)
			.withPropertyValues("psqache.transactions=atomic")
			.withPropertyValues(properties)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("psqache.transactions=atomic")
				.hasMessageContaining("Set psqache.transactions=after-commit"));
	}

	@Test
	void cacheWithADatabaseOfItsOwnWritesAfterTheCommit() {
		try (TestDatabase another = TestDatabase.create()) {
			run((context) -> {
				PostgresCache cache = TestApplication.cache(context, "books");
				cache.put("2", "old");
				transaction(context, () -> {
					cache.put("1", "one");
					cache.evict("2");
					assertThat(cache.get("1", String.class)).isEqualTo("one");
				});
				assertThat(another.query("select key from psqache.cache_entry where type <> 'evicted'"))
					.isEqualTo("\"1\"");
			}, "psqache.datasource.url=" + another.url());
		}
	}

	private void run(Consumer<BeanFactory> test, String... properties) {
		TestApplication.on(this.database)
			.withUserConfiguration(TransactionalApplication.class)
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.accept(context);
			});
	}

	private static void transaction(BeanFactory context, Runnable work) {
		new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
			.executeWithoutResult((status) -> work.run());
	}

	/**
	 * The keys that others see.
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
	@Import(TestApplication.class)
	static class TransactionalApplication {

		@Bean
		DataSourceTransactionManager transactionManager(DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(TestApplication.class)
	static class LazyApplication {

		@Bean
		DataSourceTransactionManager transactionManager(DataSource dataSource) {
			return new DataSourceTransactionManager(new LazyConnectionDataSourceProxy(dataSource));
		}

	}

}
