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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheKeyConverter;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestDatabase;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The conditions of the auto-configuration.
 */
@ExtendWith(OutputCaptureExtension.class)
class PsqacheAutoConfigurationIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@Test
	void cachesInTheDatabaseOfTheApplicationByDefault() {
		this.application.withBean(Squares.class).run((context) -> {
			assertThat(context).getBean(CacheManager.class).isInstanceOf(PostgresCacheManager.class);
			Squares squares = context.getBean(Squares.class);
			assertThat(squares.of(7)).isEqualTo(49);
			assertThat(squares.of(7)).isEqualTo(49);
			assertThat(squares.calls()).isEqualTo(1);
			assertThat(this.database.query("select key || '=' || value from psqache.cache_entry")).isEqualTo("7=49");
		});
	}

	@Test
	void callsKeyConvertersOfTheApplicationInOrder() {
		this.application.withBean("second", OrderedConverter.class, () -> new OrderedConverter(2))
			.withBean("first", OrderedConverter.class, () -> new OrderedConverter(1))
			.run((context) -> {
				PostgresCacheManager manager = context.getBean(PostgresCacheManager.class);
				Objects.requireNonNull(manager.getCache("threads")).put(Thread.currentThread(), "value");
				assertThat(this.database.query("select key from psqache.cache_entry")).isEqualTo("1");
			});
	}

	@Test
	void backsOffWhenDisabled() {
		this.application.withPropertyValues("psqache.enabled=false").run((context) -> {
			assertThat(context).getBean(CacheManager.class).isInstanceOf(NoOpCacheManager.class);
			assertAbsent(context);
		});
	}

	@ParameterizedTest
	@CsvSource({ "simple, ConcurrentMapCacheManager", "caffeine, CaffeineCacheManager", "none, NoOpCacheManager" })
	void cacheTypeSelectsCacheManagerWhenDisabled(String type, String manager) {
		this.application.withPropertyValues("psqache.enabled=false", "spring.cache.type=" + type)
			.run((context) -> assertThat(context.getBean(CacheManager.class).getClass().getSimpleName())
				.isEqualTo(manager));
	}

	@Test
	void cacheManagerOfTheApplicationIsUsedWhenDisabled() {
		this.application.withPropertyValues("psqache.enabled=false")
			.withBean("mine", CacheManager.class, ConcurrentMapCacheManager::new)
			.run((context) -> assertThat(context).hasSingleBean(CacheManager.class).hasBean("mine"));
	}

	@Test
	void hasNoCacheManagerWhenDisabledAndCachingIsNotEnabled() {
		new ApplicationContextRunner().withUserConfiguration(WithoutCaching.class)
			.withPropertyValues(TestApplication.properties(this.database, "psqache.enabled=false"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheManager.class));
	}

	@Test
	void logsThatNothingIsCachedWhenDisabled(CapturedOutput output) {
		this.application.withPropertyValues("psqache.enabled=false").withBean(Squares.class).run((context) -> {
			Squares squares = context.getBean(Squares.class);
			squares.of(7);
			squares.of(7);
			assertThat(squares.calls()).isEqualTo(2);
			assertThat(output).contains("psqache does not cache: psqache.enabled is false. To use another cache,");
		});
	}

	@Test
	void backsOffIfCachingIsNotEnabled() {
		new ApplicationContextRunner().withUserConfiguration(WithoutCaching.class)
			.withPropertyValues(TestApplication.properties(this.database))
			.run(this::assertAbsent);
	}

	@Test
	void backsOffForCacheManagerOfTheApplication() {
		this.application.withBean("mine", CacheManager.class, ConcurrentMapCacheManager::new).run((context) -> {
			assertThat(context).hasSingleBean(CacheManager.class).hasBean("mine");
			assertAbsent(context);
		});
	}

	@Test
	void backsOffForBeanNamedCacheResolver() {
		this.application.withUserConfiguration(OwnResolver.class).run(this::assertAbsent);
	}

	@Test
	void backsOffForCacheTypeNone() {
		this.application.withPropertyValues("spring.cache.type=none").run((context) -> {
			assertThat(context).getBean(CacheManager.class).isInstanceOf(NoOpCacheManager.class);
			assertAbsent(context);
		});
	}

	@Test
	void backsOffForCacheTypeSimple() {
		this.application.withPropertyValues("spring.cache.type=simple").run((context) -> {
			assertThat(context).getBean(CacheManager.class).isInstanceOf(ConcurrentMapCacheManager.class);
			assertAbsent(context);
		});
	}

	@Test
	void backsOffWithoutDatabase() {
		withoutDataSource().run((context) -> {
			assertThat(context).getBean(CacheManager.class).isInstanceOf(NoOpCacheManager.class);
			assertAbsent(context);
		});
	}

	@Test
	void needsNoDataSourceOfTheApplicationWithSeparateDatabase() {
		withoutDataSource()
			.withPropertyValues("psqache.datasource.url=" + this.database.url(),
					"psqache.datasource.username=" + this.database.username(),
					"psqache.datasource.password=" + this.database.password())
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	@ParameterizedTest
	@ValueSource(classes = { HikariDataSource.class, Flyway.class })
	void backsOffIfDependencyIsMissing(Class<?> tool) {
		this.application.withBean(DataSource.class, this.database::dataSource)
			.withClassLoader(new FilteredClassLoader(tool))
			.run(this::assertAbsent);
	}

	@Test
	void needsNoMetrics() {
		this.application.withClassLoader(new FilteredClassLoader("io.micrometer.core")).run((context) -> {
			assertThat(context).doesNotHaveBean(PsqacheMetricsAutoConfiguration.class);
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		});
	}

	@Test
	void needsNoHealth() {
		new ApplicationContextRunner().withUserConfiguration(WithoutActuator.class)
			.withPropertyValues(TestApplication.properties(this.database))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean("psqacheHealthIndicator");
				assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.psqache.enabled=false", "management.health.defaults.enabled=false" })
	void healthCanBeDisabled(String property) {
		this.application.withPropertyValues(property)
			.run((context) -> assertThat(context).hasSingleBean(PostgresCacheManager.class)
				.doesNotHaveBean("psqacheHealthIndicator"));
	}

	@Test
	void healthIndicatorOfTheApplicationTakesPrecedence() {
		HealthIndicator own = () -> Health.unknown().build();
		this.application.withBean("psqacheHealthIndicator", HealthIndicator.class, () -> own)
			.run((context) -> assertThat(context).getBean("psqacheHealthIndicator").isSameAs(own));
	}

	@Test
	void metricsAreBoundToRegistryOfTheApplication() {
		this.application.run((context) -> assertThat(context).hasSingleBean(CacheMetricsRegistrar.class)
			.hasBean("postgresCacheMeterBinderProvider"));
	}

	private ApplicationContextRunner withoutDataSource() {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues("spring.autoconfigure.exclude=" + DataSourceAutoConfiguration.class.getName());
	}

	private void assertAbsent(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed()
			.doesNotHaveBean(PostgresCacheManager.class)
			.doesNotHaveBean("psqacheDataSource")
			.doesNotHaveBean("psqacheHealthIndicator")
			.doesNotHaveBean(PsqacheMetricsAutoConfiguration.class);
		assertThat(this.database.query("select to_regnamespace('psqache')")).isNull();
	}

	static class Squares {

		private final AtomicInteger calls = new AtomicInteger();

		@Cacheable("squares")
		public int of(int number) {
			this.calls.incrementAndGet();
			return number * number;
		}

		public int calls() {
			return this.calls.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithoutCaching {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, PsqacheAutoConfiguration.class,
			PsqacheHealthContributorAutoConfiguration.class })
	static class WithoutActuator {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnResolver implements CachingConfigurer {

		@Bean
		@Override
		public CacheResolver cacheResolver() {
			return (invocation) -> List.of();
		}

	}

	private record OrderedConverter(int order) implements CacheKeyConverter, Ordered {

		@Override
		public @Nullable Object convert(Object key) {
			return (key instanceof Thread) ? this.order : null;
		}

		@Override
		public int getOrder() {
			return this.order;
		}

	}

}
