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

package io.psqache.benchmarks.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.github.hunghhdev.pgcache.core.PgCacheStore;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * pgcache-core, configured as its documentation shows.
 *
 * @param store the cache
 * @param pool its connections
 * @param server its server
 */
record PgCacheContender(PgCacheStore store, HikariDataSource pool, ServerProcess server) implements Contender {

	static PgCacheContender open(Arena arena) {
		HikariDataSource pool = arena.database().pool(Arena.POOL_SIZE);
		return new PgCacheContender(PgCacheStore.builder().dataSource(pool).autoCreateTable(true).build(), pool,
				arena.postgres());
	}

	@Override
	public @Nullable Product get(String key) {
		return this.store.get(key, Product.class).orElse(null);
	}

	@Override
	public void put(String key, Product product) {
		this.store.put(key, product, Arena.TIME_TO_LIVE);
	}

	@Override
	public void close() {
		this.store.close();
		this.pool.close();
	}

}
