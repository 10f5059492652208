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

import java.util.ArrayList;
import java.util.List;

import io.psqache.CacheStartupException;
import io.psqache.TableWatch;
import io.psqache.autoconfigure.PsqacheProperties.Watch;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Combines the watched tables of the properties and of the application's beans. Refuses
 * invalid settings before a table is accessed.
 */
final class WatchSettings {

	private final PsqacheProperties properties;

	private final List<String> fixedCacheNames;

	/**
	 * Create a new instance.
	 * @param properties the properties
	 * @param fixedCacheNames the allowed cache names; empty if any name is allowed
	 */
	WatchSettings(PsqacheProperties properties, List<String> fixedCacheNames) {
		this.properties = properties;
		this.fixedCacheNames = fixedCacheNames;
	}

	/**
	 * Return the beans of the application. The cache manager depends on them, so they
	 * must not depend on the cache manager.
	 */
	static List<TableWatch> beans(ObjectProvider<TableWatch> watches) {
		try {
			return watches.orderedStream().toList();
		}
		catch (BeanCreationException ex) {
			if (!ex.contains(BeanCurrentlyInCreationException.class)) {
				throw ex;
			}
			// The cause is omitted, because Spring Boot would print its cycle instead.
			throw new CacheStartupException(
					"psqache cannot get the TableWatch beans: a configuration class that declares one "
							+ "depends on a bean that needs the cache manager, and the cache manager needs the "
							+ "TableWatch beans first.",
					"Declare these @Bean methods static, or move them to a configuration class without "
							+ "such a dependency, or list the tables in psqache.watch.",
					null);
		}
	}

	/**
	 * Return all watches.
	 * @param beans the beans of the application, added to those of the properties
	 */
	List<TableWatch> with(List<TableWatch> beans) {
		List<TableWatch> watches = new ArrayList<>();
		for (int index = 0; index < this.properties.watch().size(); index++) {
			watches.add(watch("psqache.watch[" + index + "].", this.properties.watch().get(index)));
		}
		watches.addAll(beans);
		watches.forEach(this::requireKnownCache);
		return watches;
	}

	private static TableWatch watch(String prefix, Watch watch) {
		PropertyValidator.require(!watch.table().isBlank(), prefix + "table", watch.table(),
				"It must be the name of a table.");
		PropertyValidator.require(!watch.cache().isBlank(), prefix + "cache", watch.cache(),
				"It must be the name of a cache.");
		List<String> key = watch.key();
		PropertyValidator.require(key.isEmpty() == watch.clear() && key.stream().noneMatch(String::isBlank),
				prefix + "key", key,
				"It must list the columns that form the key, or " + prefix + "clear must be true.");
		int maxRows = watch.maxRows();
		PropertyValidator.require(maxRows > 0 && maxRows <= TableWatch.HIGHEST_MAX_ROWS, prefix + "max-rows", maxRows,
				"It must be between 1 and " + TableWatch.HIGHEST_MAX_ROWS + ".");
		return watch.clear() ? TableWatch.clearing(watch.table(), watch.cache())
				: new TableWatch(watch.table(), watch.cache(), key, maxRows);
	}

	private void requireKnownCache(TableWatch watch) {
		if (!this.fixedCacheNames.isEmpty() && !this.fixedCacheNames.contains(watch.cache())) {
			throw new CacheStartupException(
					("psqache cannot watch the table '%s' for the cache '%s': spring.cache.cache-names "
							+ "allows only the caches %s.")
						.formatted(watch.table(), watch.cache(), this.fixedCacheNames),
					"Correct the name in psqache.watch, or add it to spring.cache.cache-names.", null);
		}
	}

}
