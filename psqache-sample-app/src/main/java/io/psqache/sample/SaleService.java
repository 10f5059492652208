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

package io.psqache.sample;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.psqache.CacheWriteException;
import io.psqache.PostgresCacheManager;
import io.psqache.TypedCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.stereotype.Service;

/**
 * Single sales, cached by number.
 */
@Service
class SaleService {

	private static final Logger logger = LoggerFactory.getLogger(SaleService.class);

	private final SaleRepository sales;

	/**
	 * A typed view of the cache of the annotated methods below.
	 */
	private final TypedCache<Long, Sale> cache;

	SaleService(SaleRepository sales, PostgresCacheManager cacheManager) {
		this.sales = sales;
		this.cache = cacheManager.typedCache("sales", Long.class, Sale.class);
	}

	/**
	 * Find a sale. An empty result is cached too.
	 */
	@Cacheable("sales")
	Optional<Sale> find(long id) {
		Computation.happened();
		return this.sales.find(id);
	}

	/**
	 * Find several sales: the cached ones with one statement, and the others with one
	 * more. Annotations cannot do this.
	 * @return the existing sales by number
	 */
	SortedMap<Long, Sale> findAll(Collection<Long> ids) {
		SortedMap<Long, Sale> found = new TreeMap<>(this.cache.getAll(ids));
		List<Long> missing = ids.stream().filter((id) -> !found.containsKey(id)).toList();
		if (!missing.isEmpty()) {
			Computation.happened();
			Map<Long, Sale> loaded = this.sales.findAll(missing)
				.stream()
				.collect(Collectors.toMap(Sale::id, Function.identity()));
			cache(loaded);
			found.putAll(loaded);
		}
		return found;
	}

	private void cache(Map<Long, Sale> loaded) {
		try {
			this.cache.setAll(loaded);
		}
		catch (CacheWriteException ex) {
			logger.warn("Sales are shown that could not be cached", ex);
		}
	}

	/**
	 * Change a sale, and evict the entries that depend on it: the sale and the report.
	 * @return whether the sale exists
	 */
	@Caching(evict = { @CacheEvict(cacheNames = "sales", key = "#id"),
			@CacheEvict(cacheNames = "report", allEntries = true) })
	boolean updateQuantity(long id, int quantity) {
		return this.sales.updateQuantity(id, quantity);
	}

}
