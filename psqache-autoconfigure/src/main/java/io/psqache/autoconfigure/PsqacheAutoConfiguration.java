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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerCustomizer;
import io.psqache.codec.CacheKeyConverter;
import io.psqache.codec.CacheValueCodec;
import io.psqache.codec.PsqacheJsonMapperCustomizer;
import io.psqache.codec.TrustedTypes;
import io.psqache.codec.ValueCodecs;
import io.psqache.store.EntryStore;
import io.psqache.store.SchemaName;
import io.psqache.store.SchemaRepair;
import io.psqache.sweep.SweepMonitor;
import io.psqache.engine.OperationMonitor;
import io.psqache.transaction.Transactions;
import io.psqache.watch.TableWatch;
import io.psqache.watch.WatchedTables;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of a {@link PostgresCacheManager}, when caching is enabled and the
 * application has a {@code DataSource} and no other {@code CacheManager}.
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

	private static final Logger logger = LoggerFactory.getLogger(PsqacheAutoConfiguration.class);

	static final String POOL = "psqacheDataSource";

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

	@Bean
	static UnprocessedPool psqacheUnprocessedPool() {
		return new UnprocessedPool();
	}

	@Bean(name = LateShutdown.NAME)
	static LateShutdown psqacheShutdown() {
		return new LateShutdown();
	}

	/**
	 * No candidate for injection, and not part of the health of the application's own
	 * databases either.
	 */
	@Bean(name = POOL, autowireCandidate = false, destroyMethod = "")
	HikariDataSource psqacheDataSource(ObjectProvider<DataSource> application,
			ObjectProvider<JdbcConnectionDetails> details, LateShutdown shutdown) {
		return shutdown
			.closes(new PoolFactory(this.properties).create(application.getIfUnique(), details.getIfUnique()));
	}

	/**
	 * After every initializer of the application: a schema that the application's Flyway
	 * did not expect would make it fail. It is no initializer of theirs, which each
	 * {@code JdbcTemplate} would wait for: one of these may be injected into the class
	 * that declares a {@link TableWatch}.
	 */
	@Bean
	@DependsOn(POOL)
	@DependsOnDatabaseInitialization
	SchemaInitializer psqacheSchemaInitializer(BeanFactory beanFactory, Environment environment,
			CacheProperties springProperties, ObjectProvider<TableWatch> watches,
			ObjectProvider<DataSource> application) {
		WatchSettings watch = new WatchSettings(this.properties, springProperties.getCacheNames());
		WatchedTables watched = new WatchedTables(schema(), ManagerProperties.namespace(this.properties, environment),
				watch.with(WatchSettings.beans(watches)), watch.elsewhere(application.getIfUnique()));
		return new SchemaInitializer(PoolFactory.unpooled(pool(beanFactory), Duration.ZERO), scripts(), watched,
				this.properties.migrate(), this.properties.failFast());
	}

	private MigrationScripts scripts() {
		return new MigrationScripts(schema(), this.properties.unlogged());
	}

	private SchemaRepair schemaRepair(HikariDataSource pool, SchemaInitializer initializer) {
		DataSource dataSource = PoolFactory.unpooled(pool, SchemaRepairer.LIMIT);
		return new SchemaRepairer(dataSource, initializer.on(dataSource), scripts(), this.properties.migrate(),
				initializer.outage() != null);
	}

	@Bean
	ValueCodecs psqacheValueCodecs(BeanFactory beanFactory, ObjectProvider<PsqacheJsonMapperCustomizer> customizers,
			ObjectProvider<CacheValueCodec> customCodecs) {
		return new ValueCodecs(new TrustedTypes(trustedPackages(beanFactory)), this.classLoader,
				customizers.orderedStream().toList(), customCodecs.orderedStream().toList(),
				this.properties.verifyRoundTrip());
	}

	@Bean(destroyMethod = "")
	@DependsOn(POOL)
	@DependsOnDatabaseInitialization
	PostgresCacheManager cacheManager(ConfigurableListableBeanFactory beanFactory, ValueCodecs values,
			SchemaInitializer initializer, Environment environment, CacheProperties springProperties,
			ObjectProvider<OperationMonitor> monitor, ObjectProvider<SweepMonitor> sweepMonitor,
			ObjectProvider<DataSource> application, ObjectProvider<CacheKeyConverter> keyConverters,
			ObjectProvider<PostgresCacheManagerCustomizer> builderCustomizers,
			ObjectProvider<CacheManagerCustomizer<?>> customizers, LateShutdown shutdown) {
		Transactions transactions = new TransactionProperties(this.properties,
				PoolFactory.unpooled(pool(beanFactory), Duration.ofSeconds(5)), initializer.outage() == null)
			.transactions(application.getIfUnique());
		// Also where a customizer fails: recovery would migrate for no application.
		EntryStore store = shutdown.closes(new EntryStore(pool(beanFactory), this.properties.pool().maximumSize(),
				schema(), this.properties.timeout(), this.properties.tombstones(),
				monitor.getIfAvailable(() -> OperationMonitor.NONE), schemaRepair(pool(beanFactory), initializer)));
		if (initializer.outage() != null) {
			store.engine().recovery().beginSuspended(initializer.outage());
		}
		PostgresCacheManager.Builder builder = PostgresCacheManager.builder(store, values)
			.transactions(transactions)
			.notifications(store.notifications(PoolFactory.unpooled(pool(beanFactory), Duration.ofSeconds(5))))
			.keyConverters(keyConverters.orderedStream().toList())
			.declaredTypes(new AnnotatedTypes(beanFactory)::of)
			.sweepMonitor(sweepMonitor.getIfAvailable(() -> SweepMonitor.NONE));
		new ManagerProperties(this.properties, environment, this.classLoader).applyTo(builder,
				springProperties.getCacheNames());
		builderCustomizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		PostgresCacheManager manager = shutdown.closes(builder.build());
		shutdown.isBefore(application.getIfUnique());
		logger.info(new StartupLine(this.properties, manager.getNamespace(), transactions.mode(),
				initializer.watchedTables())
			.text(initializer.database()));
		return new CacheManagerCustomizers(customizers.orderedStream().toList()).customize(manager);
	}

	private SchemaName schema() {
		return new SchemaName(this.properties.schema());
	}

	private List<String> trustedPackages(BeanFactory beanFactory) {
		List<String> packages = new ArrayList<>(this.properties.trustedPackages());
		if (AutoConfigurationPackages.has(beanFactory)) {
			packages.addAll(AutoConfigurationPackages.get(beanFactory));
		}
		return packages;
	}

	private static HikariDataSource pool(BeanFactory beanFactory) {
		return beanFactory.getBean(POOL, HikariDataSource.class);
	}

}
