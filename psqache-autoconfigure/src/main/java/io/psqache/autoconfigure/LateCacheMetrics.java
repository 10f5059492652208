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

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.psqache.PostgresCacheManager;

import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.cache.Cache;
import org.springframework.util.StringUtils;

/**
 * Binds the meters of caches that are created after Spring Boot has bound its own cache
 * meters.
 */
final class LateCacheMetrics {

	private static final String MANAGER_SUFFIX = "cacheManager";

	private final MeterRegistry meters;

	private final CacheMetricsRegistrar registrar;

	private final Tag managerTag;

	LateCacheMetrics(MeterRegistry meters, CacheMetricsRegistrar registrar, String managerBeanName) {
		this.meters = meters;
		this.registrar = registrar;
		this.managerTag = Tag.of("cache.manager", managerName(managerBeanName));
	}

	/**
	 * Bind the caches that are not bound yet, and all caches that are created later.
	 */
	void follow(PostgresCacheManager cacheManager) {
		cacheManager.addCreationListener(this::bind);
		cacheManager.getCacheNames().forEach((name) -> {
			Cache cache = cacheManager.getCache(name);
			if (cache != null && !isBound(name)) {
				bind(cache);
			}
		});
	}

	private boolean isBound(String name) {
		return this.meters.find("cache.puts").tag("cache", name).tags(List.of(this.managerTag)).meter() != null;
	}

	private void bind(Cache cache) {
		this.registrar.bindCacheToRegistry(cache, this.managerTag);
	}

	/**
	 * Return the name that Spring Boot uses for a cache manager, so that all meters have
	 * the same tag.
	 */
	private static String managerName(String beanName) {
		boolean suffixed = beanName.length() > MANAGER_SUFFIX.length()
				&& StringUtils.endsWithIgnoreCase(beanName, MANAGER_SUFFIX);
		return suffixed ? beanName.substring(0, beanName.length() - MANAGER_SUFFIX.length()) : beanName;
	}

}
