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

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.TableWatch;
import io.psqache.TypedCache;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with watched tables, as the owner of the tables and as a role without the
 * privilege to create triggers.
 */
@ExtendWith(OutputCaptureExtension.class)
class WatchIntegrationTests {

	private static final String[] BOOKS = { "psqache.watch[0].table=book", "psqache.watch[0].cache=books",
			"psqache.watch[0].key=id" };

	private static final String TRIGGERS = "select count(*) from pg_trigger where tgname like 'psqache%'";

	private static final String START_AGAIN = "start again:";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@Test
	void changeByPlainSqlEvictsEntries() {
		createTable();
		this.application.withPropertyValues(BOOKS).run((context) -> {
			PostgresCache books = TestApplication.cache(context, "books");
			books.put(1, "old");
			books.put(2, "old");
			this.database.execute("update book set title = 'new' where id = 1");
			assertThat(books.get(1)).isNull();
			assertThat(books.get(2)).isNotNull();
			assertThat(books.get(1, () -> "new")).isEqualTo("new");
		});
	}

	@Test
	void beansAreWatched() {
		createTable();
		this.application.withUserConfiguration(Watches.class).run((context) -> {
			PostgresCache titles = TestApplication.cache(context, "titles");
			PostgresCache lists = TestApplication.cache(context, "lists");
			titles.put(List.of(1, "old"), 1);
			lists.put("all", 1);
			this.database.execute("update book set title = 'new' where id = 1");
			assertThat(titles.get(List.of(1, "old"))).isNull();
			assertThat(lists.get("all")).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { BesideJdbcTemplate.class, BesideRepository.class, BesideCachedService.class,
			StaticBesideCacheManager.class })
	void beansMayBeDeclaredInClassWithDependencies(Class<?> configuration) {
		createTable();
		this.application.withUserConfiguration(configuration).run((context) -> {
			PostgresCache titles = TestApplication.cache(context, "titles");
			titles.put(1, "old");
			this.database.execute("update book set title = 'new' where id = 1");
			assertThat(titles.get(1)).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { BesideCacheManager.class, BesideTypedCache.class })
	void beanOfClassThatNeedsTheCacheManagerIsReported(Class<?> configuration, CapturedOutput output) {
		createTable();
		StartupReport report = StartupReport.of(output, configuration, TestApplication.properties(this.database));
		assertThat(report.description())
			.startsWith("psqache cannot get the TableWatch beans: a configuration class that");
		assertThat(report.action()).startsWith("Declare these @Bean methods static, or");
	}

	@Test
	void tableOfApplicationMigrationIsWatched() {
		this.application
			.withPropertyValues("spring.flyway.enabled=true", "spring.flyway.locations=classpath:db/migration-app",
					"psqache.watch[0].table=orders", "psqache.watch[0].cache=orders", "psqache.watch[0].key=id")
			.run((context) -> {
				PostgresCache orders = TestApplication.cache(context, "orders");
				orders.put(1, "none");
				this.database.execute("insert into orders values (1)");
				assertThat(orders.get(1)).isNull();
			});
	}

	@Test
	void watchRemovedFromSettingsEnds() {
		createTable();
		this.application.withPropertyValues(BOOKS)
			.run((context) -> assertThat(this.database.query(TRIGGERS)).isEqualTo("4"));
		this.application.withPropertyValues(BOOKS)
			.withPropertyValues("psqache.namespace=other")
			.run((context) -> assertThat(this.database.query(TRIGGERS)).isEqualTo("8"));
		this.application.run((context) -> assertThat(this.database.query(TRIGGERS)).isEqualTo("4"));
	}

	@Test
	void instancesMayStartAtTheSameInstant() throws Exception {
		createTable();
		List<@Nullable Object> answers = Concurrently.run(4, (instance) -> {
			AtomicReference<Object> answer = new AtomicReference<>();
			this.application.withPropertyValues(BOOKS).run((context) -> answer.set(TestApplication.roundTrip(context)));
			return answer.get();
		});
		assertThat(answers).containsOnly("yes");
		assertThat(this.database.query(TRIGGERS)).isEqualTo("4");
	}

	@Test
	void missingTableIsReported(CapturedOutput output) {
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database, BOOKS));
		assertThat(report.description()).isEqualTo("psqache cannot watch the table 'book': the table does not exist.");
		assertThat(report.action()).startsWith("Write the name as in SQL");
	}

	@Test
	void urlOfTheSameDatabaseIsWatched() {
		createTable();
		for (String url : List.of("", this.database.url(), this.database.relayedUrl())) {
			this.application.withPropertyValues(BOOKS)
				.withPropertyValues("psqache.datasource.url=" + url)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					PostgresCache books = TestApplication.cache(context, "books");
					books.put(1, "old");
					this.database.execute("update book set title = 'new' where id = 1");
					assertThat(books.get(1)).isNull();
				});
		}
	}

	/**
	 * The other database may have a table of the same name.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "psqache.migrate=true", "psqache.migrate=false" })
	void otherDatabaseIsReported(String migrate, CapturedOutput output) {
		createTable();
		try (TestDatabase another = TestDatabase.create()) {
			another.execute("create table book (id int primary key, title text)");
			TestApplication.on(another).run((context) -> assertThat(context).hasNotFailed());
			StartupReport report = StartupReport.of(output, TestApplication.class, TestApplication.properties(
					this.database, migrate, "psqache.datasource.url=" + another.url(), BOOKS[0], BOOKS[1], BOOKS[2]));
			assertThat(report.description()).isEqualTo(
					"psqache cannot watch tables: psqache.datasource.url refers to another database than the application's "
							+ "DataSource, and a trigger can evict only in its own database.");
			assertThat(report.action()).startsWith("Remove psqache.datasource.url");
			assertThat(another.query(TRIGGERS)).isEqualTo("0");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.migrate=true", "psqache.migrate=false" })
	void statementsForOwnerOfTableArePrintedAndSuffice(String migrate, CapturedOutput output) {
		createTable();
		String role = this.database.createRole();
		this.database.execute("create schema psqache authorization " + role + "; grant select on book to " + role);
		start(role, "psqache.migrate=true").run((context) -> assertThat(context).hasNotFailed());
		StartupReport report = StartupReport.of(output, TestApplication.class, TestApplication
			.properties(this.database.url(), role, this.database.password(), migrate, BOOKS[0], BOOKS[1], BOOKS[2]));
		assertThat(report.description()).isEqualTo(migrate.endsWith("true")
				? "psqache cannot watch public.book, because its database role does not own the table."
				: "psqache cannot watch tables, because their triggers are missing: [public.book].");
		assertThat(this.database.query(TRIGGERS)).isEqualTo("0");
		this.database.execute(report.statements(START_AGAIN));
		start(role, migrate).withPropertyValues(BOOKS).run((context) -> {
			PostgresCache books = TestApplication.cache(context, "books");
			books.put(1, "old");
			this.database.execute("update book set title = 'new' where id = 1");
			assertThat(books.get(1)).isNull();
		});
	}

	@Test
	void unusedTriggerIsOnlyLoggedWithoutMigration(CapturedOutput output) {
		createTable();
		this.application.withPropertyValues(BOOKS).run((context) -> assertThat(context).hasNotFailed());
		this.application.withPropertyValues("psqache.migrate=false").run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertThat(output).contains("psqache.migrate is false, so have an administrator run:",
					"drop trigger psqache_");
		});
	}

	private ApplicationContextRunner start(String role, String... settings) {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(
					TestApplication.properties(this.database.url(), role, this.database.password(), settings));
	}

	private void createTable() {
		this.database.execute("create table book (id int primary key, title text); insert into book values (1, 'old')");
	}

	record Repository(JdbcTemplate jdbc) {

		@Nullable String title(int id) {
			return this.jdbc.queryForObject("select title from book where id = ?", String.class, id);
		}

	}

	static class CachedService {

		@Cacheable("titles")
		public String title(int id) {
			return "title " + id;
		}

	}

	private static TableWatch watchOfTitles() {
		return TableWatch.evicting("book", "titles", "id");
	}

	@Configuration(proxyBeanMethods = false)
	static class BesideJdbcTemplate {

		BesideJdbcTemplate(JdbcTemplate jdbc) {
			jdbc.execute("select 1");
		}

		@Bean
		TableWatch titles() {
			return watchOfTitles();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Repository.class)
	static class BesideRepository {

		BesideRepository(Repository repository) {
			assertThat(repository.title(1)).isEqualTo("old");
		}

		@Bean
		TableWatch titles() {
			return watchOfTitles();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(CachedService.class)
	static class BesideCachedService {

		BesideCachedService(CachedService service, TransactionTemplate transactions) {
			assertThat(service).isNotNull();
			assertThat(transactions).isNotNull();
		}

		@Bean
		TableWatch titles() {
			return watchOfTitles();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StaticBesideCacheManager {

		StaticBesideCacheManager(CacheManager cacheManager) {
			assertThat(cacheManager).isNotNull();
		}

		@Bean
		static TableWatch titles() {
			return watchOfTitles();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching
	static class BesideCacheManager {

		BesideCacheManager(CacheManager cacheManager) {
		}

		@Bean
		TableWatch titles() {
			return watchOfTitles();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching
	static class BesideTypedCache {

		BesideTypedCache(TypedCache<Integer, String> titles) {
		}

		@Bean
		static TypedCache<Integer, String> typedTitles(PostgresCacheManager cacheManager) {
			return cacheManager.typedCache("titles", Integer.class, String.class);
		}

		@Bean
		TableWatch titles() {
			return watchOfTitles();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Watches {

		@Bean
		TableWatch titles() {
			return TableWatch.evicting("book", "titles", "id", "title");
		}

		@Bean
		TableWatch lists() {
			return TableWatch.clearing("book", "lists");
		}

	}

}
