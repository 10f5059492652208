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

package io.psqache.internal.schema;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.psqache.CacheStartupException;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Cache managers that make or check their schema when they are built.
 */
public final class TestManagers {

	private TestManagers() {
	}

	public static PostgresCacheManager start(DataSource application) {
		return start(application, (builder) -> {
		});
	}

	public static PostgresCacheManager start(DataSource application, Consumer<PostgresCacheManagerBuilder> settings) {
		PostgresCacheManagerBuilder builder = PostgresCacheManager.builder(application)
			.timeout(Duration.ofSeconds(10))
			.trustedPackages(List.of("io.psqache"))
			.withoutSweeper();
		settings.accept(builder);
		return builder.build();
	}

	static CacheStartupException failure(DataSource application) {
		return failure(application, (builder) -> {
		});
	}

	/**
	 * Build a manager, which must fail.
	 */
	static CacheStartupException failure(DataSource application, Consumer<PostgresCacheManagerBuilder> settings) {
		return Objects.requireNonNull(
				catchThrowableOfType(CacheStartupException.class, () -> start(application, settings).close()));
	}

	public static PostgresCache cache(PostgresCacheManager manager, String name) {
		return (PostgresCache) Objects.requireNonNull(manager.getCache(name));
	}

	/**
	 * Write and read an entry, which tells whether the cache works.
	 * @return what was read, {@code "yes"} if it works
	 */
	public static Object roundTrip(PostgresCacheManager manager) {
		PostgresCache cache = cache(manager, "roundTrip");
		cache.put("works", "yes");
		return Objects.requireNonNullElse(cache.get("works", String.class), "no");
	}

}
