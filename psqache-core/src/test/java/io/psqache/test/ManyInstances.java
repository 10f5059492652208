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

package io.psqache.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheSettings;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.TestCaches;

/**
 * Many instances, each with its own store, on a shared pool. With separate pools, the
 * test would need a server for thousands of connections.
 */
public final class ManyInstances implements AutoCloseable {

	private static final Duration PATIENT = Duration.ofMinutes(1);

	private final HikariDataSource pool;

	private final List<PostgresCacheManager> managers = new ArrayList<>();

	public ManyInstances(TestDatabase database, int number, UnaryOperator<CacheSettings> defaults) {
		this.pool = TestCaches.pool(database.url(), database, PATIENT);
		this.pool.setMaximumPoolSize(100); // A worker keeps its connection for 50 ms.
		for (int instance = 0; instance < number; instance++) {
			this.managers.add(TestCaches.manager(TestStores.open(this.pool, 2, PATIENT), null, "test",
					(builder) -> builder.defaults(defaults)));
		}
	}

	public List<PostgresCache> caches(String name) {
		return this.managers.stream()
			.map((manager) -> (PostgresCache) Objects.requireNonNull(manager.getCache(name)))
			.toList();
	}

	@Override
	public void close() {
		this.managers.forEach(PostgresCacheManager::close);
		this.pool.close();
	}

}
