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

import io.micrometer.core.instrument.MeterRegistry;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the metrics. Spring Boot binds the meters of each
 * {@link PostgresCache}; further beans bind the caches that are created after startup,
 * the engine, the near caches and the pool.
 */
@AutoConfiguration(after = PsqacheAutoConfiguration.class, before = CacheMetricsAutoConfiguration.class)
@ConditionalOnClass({ MeterRegistry.class, CacheMeterBinderProvider.class })
@ConditionalOnBean(PostgresCacheManager.class)
@Import(PostgresCacheManagers.class)
public final class PsqacheMetricsAutoConfiguration {

	@Bean
	CacheMeterBinderProvider<PostgresCache> postgresCacheMeterBinderProvider() {
		return PostgresCacheMetrics::new;
	}

	@Bean
	SmartInitializingSingleton psqacheLateCacheMetrics(PostgresCacheManagers cacheManagers,
			ObjectProvider<MeterRegistry> meters, ObjectProvider<CacheMetricsRegistrar> registrar) {
		return () -> registrar.ifAvailable((available) -> cacheManagers.byName()
			.forEach((name, manager) -> new LateCacheMetrics(meters.getObject(), available, name).follow(manager)));
	}

	/**
	 * Create the monitor with the cache manager, which must not depend on a registry:
	 * beans that the registry depends on may use the cache.
	 */
	@Bean
	EngineMetrics psqacheEngineMetrics(PostgresCacheManagers cacheManagers) {
		return new EngineMetrics(cacheManagers);
	}

	@Bean
	NearCacheMetrics psqacheNearCacheMetrics(PostgresCacheManagers cacheManagers) {
		return new NearCacheMetrics(cacheManagers);
	}

	/**
	 * Bind the pool, which Spring Boot does not bind because it is not a bean.
	 */
	@Bean
	PoolMetrics psqachePoolMetrics() {
		return new PoolMetrics();
	}

}
