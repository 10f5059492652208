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

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of a cache manager that caches nothing, if psqache is disabled or
 * has no database. Otherwise Spring Boot would create a cache manager of Caffeine, which
 * the starter contains for near caches, or of maps. Other instances could not evict their
 * entries.
 */
@AutoConfiguration(before = CacheAutoConfiguration.class, after = PsqacheAutoConfiguration.class)
@ConditionalOnClass({ CacheManager.class, HikariDataSource.class, Flyway.class })
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@Conditional(OnNoCacheTypeCondition.class)
public final class PsqacheFallbackAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(PsqacheFallbackAutoConfiguration.class);

	@Bean
	NoOpCacheManager cacheManager(Environment environment) {
		logger.info(
				"psqache does not cache: {}. To use another cache, set spring.cache.type or define a "
						+ "CacheManager bean.",
				environment.getProperty("psqache.enabled", Boolean.class, true)
						? "there is neither a DataSource bean nor psqache.datasource.url" : "psqache.enabled is false");
		return new NoOpCacheManager();
	}

}
