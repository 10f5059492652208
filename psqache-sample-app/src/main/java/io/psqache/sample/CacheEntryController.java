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

import java.util.List;

import io.psqache.PostgresCacheManager;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows the cache entries of the sample, which it reads with plain SQL.
 */
@RestController
class CacheEntryController {

	private static final String ENTRIES = """
			select cache, key, coalesce(value::text, convert_from(payload, 'UTF8')) as value, type,
			  extract(epoch from nullif(expires_at, 'infinity') - now())::float8 as seconds_left
			from psqache.entries
			where namespace = ?
			order by cache, written_at desc
			limit 100
			""";

	private final JdbcClient jdbc;

	private final String namespace;

	CacheEntryController(JdbcClient jdbc, PostgresCacheManager cacheManager) {
		this.jdbc = jdbc;
		this.namespace = cacheManager.getNamespace();
	}

	@GetMapping("/api/entries")
	List<CacheEntry> entries() {
		return this.jdbc.sql(ENTRIES).param(this.namespace).query(CacheEntry.class).list();
	}

}
