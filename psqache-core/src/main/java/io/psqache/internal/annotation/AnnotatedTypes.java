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

package io.psqache.internal.annotation;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;

/**
 * Infers the value type of a cache from the return types of the methods that fill the
 * cache, if these agree. Thread-safe.
 * <p>
 * The beans are inspected when the first type is requested. Concurrent callers inspect
 * them independently: waiting for another caller could deadlock, because the inspection
 * may acquire locks of the bean factory.
 */
public final class AnnotatedTypes {

	private static final Logger logger = LoggerFactory.getLogger(AnnotatedTypes.class);

	private final ConfigurableListableBeanFactory beans;

	private final Class<? extends CacheManager> managers;

	private volatile @Nullable Map<String, Map<Type, Set<String>>> methods;

	/**
	 * Create a new instance.
	 * @param beans the beans to inspect
	 * @param managers the type of the cache managers whose caches are considered
	 */
	public AnnotatedTypes(ConfigurableListableBeanFactory beans, Class<? extends CacheManager> managers) {
		this.beans = beans;
		this.managers = managers;
	}

	/**
	 * Return the value type of a cache.
	 * @param cacheName the name of the cache
	 * @return the type; {@code null} if no method determines it or the methods differ
	 */
	public @Nullable Type of(String cacheName) {
		Map<Type, Set<String>> types = methods().getOrDefault(cacheName, Map.of());
		if (types.size() > 1) {
			logger.info("Cache '{}' has no common value type, because its methods return different types "
					+ "({}): each entry stores its own type name. If there is a common type, set "
					+ "psqache.caches[{}].type.", cacheName, described(types), cacheName);
			return null;
		}
		Type type = types.isEmpty() ? Object.class : types.keySet().iterator().next();
		if (type == Object.class) {
			return null;
		}
		logger.debug("The values of cache '{}' are of type {}", cacheName, type.getTypeName());
		return type;
	}

	private Map<String, Map<Type, Set<String>>> methods() {
		Map<String, Map<Type, Set<String>>> found = this.methods;
		if (found == null) {
			found = search();
			this.methods = found;
		}
		return found;
	}

	/**
	 * Inspect the beans. A failure is only logged, because a cache works without a known
	 * value type.
	 */
	private Map<String, Map<Type, Set<String>>> search() {
		try {
			return CacheMethods.of(this.beans, this.managers);
		}
		catch (BeansException ex) {
			logger.warn("psqache cannot infer the types of cached values, because inspecting the beans "
					+ "failed: each entry stores its own type name. Set psqache.caches.<name>.type for "
					+ "caches with one type.", ex);
			return Map.of();
		}
	}

	private static String described(Map<Type, Set<String>> types) {
		return types.entrySet()
			.stream()
			.map((entry) -> entry.getKey().getTypeName() + ": " + String.join(", ", entry.getValue()))
			.sorted()
			.collect(Collectors.joining("; "));
	}

}
