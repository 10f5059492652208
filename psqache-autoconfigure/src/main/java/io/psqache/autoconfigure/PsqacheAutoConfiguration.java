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

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheKeyConverter;
import io.psqache.CacheMonitor;
import io.psqache.CacheValueCodec;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.PostgresCacheManagerBuilderCustomizer;
import io.psqache.PsqacheJsonMapperCustomizer;
import io.psqache.TableWatch;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizers;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Auto-configuration of a {@link PostgresCacheManager} if caching is enabled, and the
 * application has a {@code DataSource}, or {@code psqache.datasource.url} is set, and no
 * other {@code CacheManager}.
 */
@AutoConfiguration(before = CacheAutoConfiguration.class, after = DataSourceAutoConfiguration.class)
@ConditionalOnClass({ CacheManager.class, HikariDataSource.class, Flyway.class })
@ConditionalOnBooleanProperty(name = "psqache.enabled", matchIfMissing = true)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@Conditional({ OnDatabaseCondition.class, OnNoCacheTypeCondition.class })
@EnableConfigurationProperties({ PsqacheProperties.class, CacheProperties.class })
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class PsqacheAutoConfiguration {

	private final PsqacheProperties properties;

	private final @Nullable ClassLoader classLoader;

	PsqacheAutoConfiguration(PsqacheProperties properties, ResourceLoader resourceLoader) {
		PropertyValidator.validate(properties, resourceLoader.getClassLoader());
		this.properties = properties;
		this.classLoader = resourceLoader.getClassLoader();
	}

	@Bean
	static TransactionsFirst psqacheTransactionsFirst(Environment environment) {
		return new TransactionsFirst(environment);
	}

	@Bean(name = LateShutdown.NAME)
	static LateShutdown psqacheShutdown() {
		return new LateShutdown();
	}

	@Bean
	BuilderExtensions psqacheBuilderExtensions(ObjectProvider<CacheMonitor> monitors,
			ObjectProvider<CacheKeyConverter> keyConverters,
			ObjectProvider<PsqacheJsonMapperCustomizer> jsonCustomizers, ObjectProvider<CacheValueCodec> valueCodecs,
			ObjectProvider<PostgresCacheManagerBuilderCustomizer> customizers) {
		return new BuilderExtensions(monitors, keyConverters, jsonCustomizers, valueCodecs, customizers);
	}

	/**
	 * Create the cache manager after all database initializers of the application: its
	 * Flyway would fail for a schema that it does not expect. The cache manager is not a
	 * database initializer itself. Each {@code JdbcTemplate} would depend on it, and may
	 * be injected into the class that declares a {@link TableWatch}.
	 */
	@Bean(destroyMethod = "")
	@DependsOnDatabaseInitialization
	PostgresCacheManager cacheManager(ConfigurableListableBeanFactory beanFactory, Environment environment,
			CacheProperties springProperties, ObjectProvider<DataSource> dataSource,
			ObjectProvider<JdbcConnectionDetails> details, ObjectProvider<TableWatch> watches,
			BuilderExtensions extensions, ObjectProvider<CacheManagerCustomizer<?>> customizers,
			LateShutdown shutdown) {
		DataSource application = dataSource.getIfUnique();
		List<String> fixedNames = springProperties.getCacheNames();
		PostgresCacheManagerBuilder builder = PostgresCacheManager.builder(application)
			.fallbackDataSource(() -> dataSource(details.getIfUnique()))
			.trustedPackages(packages(beanFactory))
			.annotatedTypes(beanFactory)
			.watch(new WatchSettings(this.properties, fixedNames).with(WatchSettings.beans(watches)));
		new ManagerProperties(this.properties, environment, this.classLoader).applyTo(builder, fixedNames);
		extensions.applyTo(builder);
		PostgresCacheManager manager = shutdown.closes(builder.build());
		shutdown.closesBefore(application);
		return new CacheManagerCustomizers(customizers.orderedStream().toList()).customize(manager);
	}

	/**
	 * Return a {@code DataSource} with the connection details of the application, because
	 * the application's {@code DataSource} may hide them.
	 */
	private @Nullable DataSource dataSource(@Nullable JdbcConnectionDetails details) {
		return (details == null) ? null
				: DataSourceBuilder.create(this.classLoader)
					.type(SimpleDriverDataSource.class)
					.driverClassName(details.getDriverClassName())
					.url(details.getJdbcUrl())
					.username(details.getUsername())
					.password(details.getPassword())
					.build();
	}

	private static List<String> packages(BeanFactory beanFactory) {
		return AutoConfigurationPackages.has(beanFactory) ? AutoConfigurationPackages.get(beanFactory) : List.of();
	}

}
