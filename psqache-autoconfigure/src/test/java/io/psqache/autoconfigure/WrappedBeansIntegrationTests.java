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

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.psqache.PostgresCacheManager;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Bean post-processors that replace or wrap DataSources and cache managers.
 */
class WrappedBeansIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@Test
	void cachesBesideDatasourceMicrometer() {
		this.application.withPropertyValues(TestApplication.OBSERVE_DATA_SOURCES + "=true").run((context) -> {
			assertThat(context.getBean("dataSource")).isNotInstanceOf(HikariDataSource.class);
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertCommitsWithTransactions(context);
			assertIsMonitored(context);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.find("jdbc.query").timers()).isNotEmpty();
			assertThat(meters.get("hikaricp.connections.max").tag("pool", "psqache").gauge().value()).isEqualTo(4);
		});
	}

	@ParameterizedTest
	@MethodSource("dataSourceWrappers")
	void cachesWithWrappedDataSources(UnaryOperator<DataSource> wrapper) {
		wrapping(DataSource.class, wrapper).run((context) -> {
			assertThat(context.getBean("dataSource")).isNotInstanceOf(HikariDataSource.class);
			assertThat(TestApplication.pool(context)).isInstanceOf(HikariDataSource.class);
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertCommitsWithTransactions(context);
			assertIsMonitored(context);
		});
	}

	static Stream<UnaryOperator<DataSource>> dataSourceWrappers() {
		return Stream.of(DelegatingDataSource::new, LazyConnectionDataSourceProxy::new,
				TransactionAwareDataSourceProxy::new, (dataSource) -> interfaceProxy(DataSource.class, dataSource));
	}

	@ParameterizedTest
	@MethodSource("cacheManagerWrappers")
	void cacheManagerMayBeWrapped(String kind, UnaryOperator<CacheManager> wrapper) {
		wrapping(CacheManager.class, wrapper).withPropertyValues("spring.cache.cache-names=books,films")
			.withBean(Squares.class)
			.run((context) -> {
				assertThat(context).as(kind).getBean(CacheManager.class).isNotInstanceOf(PostgresCacheManager.class);
				Squares squares = context.getBean(Squares.class);
				assertThat(squares.of(7)).isEqualTo(squares.of(7));
				assertThat(this.database.query("select key || '=' || value from psqache.cache_entry")).isEqualTo("7=1");
				assertCommitsWithTransactions(context);
				assertIsMonitored(context);
			});
	}

	static Stream<Arguments> cacheManagerWrappers() {
		return Stream.of(
				Arguments.of("transaction-aware",
						(UnaryOperator<CacheManager>) (manager) -> new TransactionAwareCacheManagerProxy(manager)),
				Arguments.of("proxy",
						(UnaryOperator<CacheManager>) (manager) -> interfaceProxy(CacheManager.class, manager)));
	}

	@Test
	void cacheManagerMayBeReplaced() {
		wrapping(CacheManager.class, (manager) -> new ConcurrentMapCacheManager()).withBean(Squares.class)
			.run((context) -> {
				assertThat(context).getBean(CacheManager.class).isInstanceOf(ConcurrentMapCacheManager.class);
				Squares squares = context.getBean(Squares.class);
				assertThat(squares.of(7)).isEqualTo(squares.of(7));
				assertThat(this.database.query("select count(*) from psqache.cache_entry")).isEqualTo("0");
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			});
	}

	/**
	 * The original manager is closed.
	 */
	@Test
	void wrappedCacheManagerClosesWithTheApplication() {
		wrapping(CacheManager.class, TransactionAwareCacheManagerProxy::new).run((context) -> {
			PostgresCacheManager manager = Objects
				.requireNonNull(context.getBean(PostgresCacheManagers.class).single());
			HikariDataSource pool = TestCaches.pool(manager);
			context.getSourceApplicationContext().close();
			assertThat(pool.isClosed()).isTrue();
			assertThatThrownBy(() -> manager.probe()).hasMessageContaining("shut down");
		});
	}

	private void assertCommitsWithTransactions(AssertableApplicationContext context) {
		Cache books = Objects.requireNonNull(context.getBean(CacheManager.class).getCache("books"));
		books.put("committed", "old");
		books.put("rolled back", "old");
		TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
		transaction.executeWithoutResult((status) -> {
			jdbc.execute("select 1");
			books.evict("committed");
		});
		transaction.executeWithoutResult((status) -> {
			jdbc.execute("select 1");
			books.evict("rolled back");
			status.setRollbackOnly();
		});
		assertThat(books.get("committed")).isNull();
		assertThat(books.get("rolled back")).isNotNull();
	}

	private static void assertIsMonitored(AssertableApplicationContext context) {
		MeterRegistry meters = context.getBean(MeterRegistry.class);
		assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		assertThat(meters.get("cache.gets").tags("cache", "books", "result", "hit").functionCounter().count())
			.isPositive();
		assertThat(meters.find("psqache.queue.length").gauges()).isNotEmpty();
		assertThat(meters.find("psqache.near.listening").gauge()).isNotNull();
	}

	private static Health health(AssertableApplicationContext context) {
		return Objects.requireNonNull(context.getBean("psqacheHealthIndicator", HealthIndicator.class).health());
	}

	private <T> ApplicationContextRunner wrapping(Class<T> type, UnaryOperator<T> wrapper) {
		return this.application.withBean("wrapper", BeanPostProcessor.class, () -> new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				return type.isInstance(bean) ? wrapper.apply(type.cast(bean)) : bean;
			}

		});
	}

	private static <T> T interfaceProxy(Class<T> type, T target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setInterfaces(type);
		return type.cast(factory.getProxy());
	}

	/**
	 * A service that returns another value at each call.
	 */
	static class Squares {

		private final Map<Integer, Integer> calls = new ConcurrentHashMap<>();

		@Cacheable("films")
		public int of(int number) {
			return this.calls.merge(number, 1, Integer::sum);
		}

	}

}
