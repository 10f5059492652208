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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import io.psqache.CacheUsage;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;

/**
 * The usage of caches in the health details, as the sweeper last counted it. Sends no
 * request to the database.
 */
final class UsageDetail {

	/**
	 * The maximum number of caches: the largest characterize the database, and an
	 * application may have hundreds.
	 */
	static final int CACHES = 20;

	private UsageDetail() {
	}

	/**
	 * Return the usage of a manager's caches.
	 * @return empty until the sweeper has scanned the whole table once
	 */
	static Map<String, Map<String, Object>> of(PostgresCacheManager cacheManager) {
		Map<String, CacheUsage> usageByName = new HashMap<>();
		for (String name : cacheManager.getCacheNames()) {
			CacheUsage usage = (cacheManager.getCache(name) instanceof PostgresCache cache) ? cache.getUsage() : null;
			if (usage != null) {
				usageByName.put(name, usage);
			}
		}
		return ofLargest(usageByName);
	}

	/**
	 * Return the usage of the largest caches, in descending order.
	 */
	static Map<String, Map<String, Object>> ofLargest(Map<String, CacheUsage> caches) {
		Map<String, Map<String, Object>> largest = new LinkedHashMap<>();
		caches.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.comparingLong(CacheUsage::bytes).reversed()))
			.limit(CACHES)
			.forEach((cache) -> largest.put(cache.getKey(), of(cache.getValue())));
		return largest;
	}

	private static Map<String, Object> of(CacheUsage usage) {
		Map<String, Object> detail = new LinkedHashMap<>();
		detail.put("entries", usage.entries());
		detail.put("bytes", usage.bytes());
		detail.put("expiredShare", usage.expiredShare());
		Duration oldest = usage.oldest();
		if (oldest != null) {
			detail.put("oldestSeconds", oldest.toSeconds());
		}
		detail.put("ageSeconds", usage.age().toSeconds());
		return detail;
	}

}
