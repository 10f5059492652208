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

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that use caches during the shutdown of the application.
 */
class ShutdownIntegrationTests {

	private static final String KEYS = "select string_agg(key, ',' order by key) from psqache.cache_entry where type <> 'evicted'";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@ParameterizedTest
	@ValueSource(classes = { CreatedBefore.class, CreatedAfter.class, LooksItUp.class, CreatedAfterAndLooksItUp.class,
			Transactions.class })
	void beanMayEvictWhenItIsDestroyed(Class<?> configuration) {
		this.application.withUserConfiguration(configuration).run((context) -> {
			context.getBean(Books.class).find(1);
			context.getBean(Books.class).find(2);
			assertThat(this.database.query(KEYS)).isEqualTo("1,2");
		});
		assertThat(this.database.query(KEYS)).isEqualTo("2");
	}

	@ParameterizedTest
	@ValueSource(classes = { CreatedBefore.class, CreatedAfter.class })
	void beanMayEvictWithSeparateDatabase(Class<?> configuration) {
		this.application.withUserConfiguration(configuration)
			.withPropertyValues("psqache.datasource.url=" + this.database.url())
			.run((context) -> {
				context.getBean(Books.class).find(1);
				context.getBean(Books.class).find(2);
			});
		assertThat(this.database.query(KEYS)).isEqualTo("2");
	}

	/**
	 * The database may become unavailable when the {@code DataSource} is closed.
	 */
	@Test
	void poolIsClosedBeforeTheDataSourceOfTheApplication() {
		this.application.withUserConfiguration(OwnDataSource.class)
			.withBean(TestDatabase.class, () -> this.database, (definition) -> definition.setDestroyMethodName(""))
			.run((context) -> {
				assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
				HikariDataSource pool = TestApplication.pool(context);
				ObservedDataSource dataSource = (ObservedDataSource) context.getBean("dataSource");
				dataSource.pool = pool;
				context.getSourceApplicationContext().close();
				assertThat(dataSource.poolWasClosed).isTrue();
			});
	}

	static class Books {

		@Cacheable("books")
		public String find(int isbn) {
			return "a book";
		}

		@CacheEvict("books")
		public void change(int isbn) {
		}

	}

	static class TransactionalBooks extends Books {

		@Override
		@Transactional
		@CacheEvict("books")
		public void change(int isbn) {
		}

	}

	record Closing(Books books) implements DisposableBean {

		@Override
		public void destroy() {
			this.books.change(1);
		}

	}

	record ClosingByLookup(ObjectProvider<Books> books) implements DisposableBean {

		@Override
		public void destroy() {
			this.books.getObject().change(1);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CreatedBefore {

		@Bean
		static Books books() {
			return new Books();
		}

		@Bean
		static Closing closing(Books books) {
			return new Closing(books);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CreatedAfter {

		@Bean
		Books books() {
			return new Books();
		}

		@Bean
		@DependsOn("cacheManager")
		Closing closing(Books books) {
			return new Closing(books);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LooksItUp {

		@Bean
		Books books() {
			return new Books();
		}

		@Bean
		@DependsOn("dataSource")
		ClosingByLookup closing(ObjectProvider<Books> books) {
			return new ClosingByLookup(books);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CreatedAfterAndLooksItUp {

		@Bean
		Books books() {
			return new Books();
		}

		@Bean
		@DependsOn("cacheManager")
		ClosingByLookup closing(ObjectProvider<Books> books) {
			return new ClosingByLookup(books);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Transactions {

		@Bean
		Books books() {
			return new TransactionalBooks();
		}

		@Bean
		Closing closing(Books books) {
			return new Closing(books);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		DataSource dataSource(TestDatabase database) {
			ObservedDataSource dataSource = new ObservedDataSource();
			dataSource.setJdbcUrl(database.url());
			dataSource.setUsername(database.username());
			dataSource.setPassword(database.password());
			return dataSource;
		}

	}

	static class ObservedDataSource extends HikariDataSource {

		@SuppressWarnings("NullAway.Init")
		private HikariDataSource pool;

		private boolean poolWasClosed;

		@Override
		public void close() {
			this.poolWasClosed = this.pool.isClosed();
			super.close();
		}

	}

}
