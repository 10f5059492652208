package io.psqache.autoconfigure;

import java.util.Map;

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

/**
 * Auto-configuration of the metrics: tells Spring Boot how to bind a
 * {@link PostgresCache}, and has it bind those made after startup too.
 */
@AutoConfiguration(after = PsqacheAutoConfiguration.class, before = CacheMetricsAutoConfiguration.class)
@ConditionalOnClass({ MeterRegistry.class, CacheMeterBinderProvider.class })
@ConditionalOnBean(PostgresCacheManager.class)
public final class PsqacheMetricsAutoConfiguration {

	@Bean
	CacheMeterBinderProvider<PostgresCache> postgresCacheMeterBinderProvider() {
		return PostgresCacheMetrics::new;
	}

	@Bean
	SmartInitializingSingleton psqacheLateCacheMetrics(Map<String, PostgresCacheManager> cacheManagers,
			ObjectProvider<MeterRegistry> meters, ObjectProvider<CacheMetricsRegistrar> registrar) {
		return () -> registrar.ifAvailable((available) -> cacheManagers
			.forEach((name, manager) -> new LateCacheMetrics(meters.getObject(), available, name).follow(manager)));
	}

}
