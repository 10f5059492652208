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

package io.psqache.benchmarks.consistency;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The operations of the application on its rows and its cache.
 */
enum Load {

	/**
	 * The operations of most applications.
	 */
	EVICTIONS("changes evict (`@CacheEvict`), all transactions are READ COMMITTED, reads are outside of them"),

	/**
	 * The load of psqache's own {@code ConsistencyIntegrationTests}.
	 */
	EVERYTHING("some changes put the new value (`@CachePut`) or clear the cache as well, some transactions "
			+ "read, before or after a change, and some of them are REPEATABLE READ"),

	SQL("the same, and 3 % of the operations change a row by SQL that no cache is told of");

	private final String description;

	Load(String description) {
		this.description = description;
	}

	String description() {
		return this.description;
	}

	/**
	 * Return the caches that are tested by default.
	 */
	List<CacheSetup> usual() {
		return (this == SQL) ? List.of(CacheSetup.PSQACHE, CacheSetup.PSQACHE_WATCH, CacheSetup.REDIS_IMMEDIATE)
				: Stream.of(CacheSetup.values()).filter((setup) -> setup != CacheSetup.PSQACHE_WATCH).toList();
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
