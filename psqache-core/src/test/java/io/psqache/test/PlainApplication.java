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

package io.psqache.test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A Spring application without Spring Boot: caching and transactions on a
 * {@link TestDatabase}, and the components of the test.
 */
public final class PlainApplication implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private PlainApplication(Setup setup, Class<?>... components) {
		this.context.registerBean(Setup.class, () -> setup);
		this.context.register(Defaults.class);
		for (Class<?> component : components) {
			this.context.register(component);
		}
		this.context.refresh();
	}

	/**
	 * Start an application with default cache settings, without a sweeper, and with a
	 * timeout that no healthy database exceeds.
	 * @param database the database of the application
	 * @param components beans or configurations of the test, which replace beans of the
	 * same name
	 * @return the application, which the caller closes
	 */
	public static PlainApplication on(TestDatabase database, Class<?>... components) {
		return on(database, (builder) -> {
		}, components);
	}

	/**
	 * Start an application with other settings.
	 * @param database the database of the application
	 * @param settings changes the settings of the cache manager
	 * @param components beans or configurations of the test
	 * @return the application, which the caller closes
	 */
	public static PlainApplication on(TestDatabase database, Consumer<PostgresCacheManagerBuilder> settings,
			Class<?>... components) {
		return new PlainApplication(new Setup(database, settings), components);
	}

	public PostgresCacheManager manager() {
		return bean(PostgresCacheManager.class);
	}

	public PostgresCache cache(String name) {
		return (PostgresCache) Objects.requireNonNull(manager().getCache(name));
	}

	public JdbcClient jdbc() {
		return bean(JdbcClient.class);
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Return a new template for transactions of the application.
	 * @return a template that the test may configure
	 */
	public TransactionTemplate transaction() {
		return new TransactionTemplate(bean(PlatformTransactionManager.class));
	}

	public void inTransaction(Runnable work) {
		transaction().executeWithoutResult((status) -> work.run());
	}

	@Override
	public void close() {
		this.context.close();
	}

	private record Setup(TestDatabase database, Consumer<PostgresCacheManagerBuilder> settings) {
	}

	/**
	 * The configuration of caching and transactions. A transaction surrounds the cache
	 * operation of the same method, as with psqache-autoconfigure.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@EnableTransactionManagement(order = 0)
	static class Defaults {

		@Bean
		HikariDataSource dataSource(Setup setup) {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setJdbcUrl(setup.database().url());
			dataSource.setUsername(setup.database().username());
			dataSource.setPassword(setup.database().password());
			return dataSource;
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		JdbcClient jdbcClient(DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

		@Bean
		PostgresCacheManager cacheManager(Setup setup, DataSource dataSource,
				ConfigurableListableBeanFactory beanFactory) {
			PostgresCacheManagerBuilder builder = PostgresCacheManager.builder(dataSource)
				.timeout(Duration.ofSeconds(10))
				.trustedPackages(List.of("io.psqache"))
				.annotatedTypes(beanFactory)
				.withoutSweeper();
			setup.settings().accept(builder);
			return builder.build();
		}

	}

}
