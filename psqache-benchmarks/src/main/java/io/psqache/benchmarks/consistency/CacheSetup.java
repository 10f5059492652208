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

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

import org.springframework.data.redis.cache.RedisCacheManager.RedisCacheManagerBuilder;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The caches of the application: those that Spring Boot configures by properties, and
 * those of Spring Data Redis by its builder.
 */
enum CacheSetup {

	/**
	 * No cache: shows that the load and the judge themselves cause no stale reads.
	 */
	NO_CACHE("no cache", "spring.cache.type=none"),

	PSQACHE("psqache, `transactions: atomic`", "psqache.transactions=atomic"),

	PSQACHE_NEAR("psqache, `atomic`, near caches", "psqache.transactions=atomic",
			"psqache.caches.items.near.enabled=true"),

	/**
	 * psqache with a separate database.
	 */
	PSQACHE_AFTER_COMMIT("psqache, `transactions: after-commit`", "psqache.transactions=after-commit"),

	/**
	 * psqache with triggers that evict the rows that SQL changes.
	 */
	PSQACHE_WATCH("psqache, `atomic`, the table watched", "psqache.transactions=atomic", "psqache.watch[0].table=item",
			"psqache.watch[0].cache=items", "psqache.watch[0].key=id"),

	REDIS("Redis, as Spring Boot makes it", (builder, connections) -> {
	}),

	REDIS_TRANSACTIONAL("Redis, `transactionAware()`", (builder, connections) -> builder.transactionAware()),

	REDIS_IMMEDIATE("Redis, `transactionAware()`, `immediateWrites()`",
			(builder, connections) -> builder.transactionAware()
				.cacheWriter(RedisCacheWriter.create(connections, (writer) -> writer.immediateWrites()))),

	/**
	 * The wait of a caller for the lock of the cache is shortened from the default 50 ms,
	 * which would only lengthen the run.
	 */
	REDIS_LOCKING("Redis, `transactionAware()`, `immediateWrites()`, locking",
			(builder, connections) -> builder.transactionAware()
				.cacheWriter(RedisCacheWriter.create(connections, (writer) -> writer.immediateWrites()
					.enableLocking((locking) -> locking.sleepTime(Duration.ofMillis(1))))));

	private final String description;

	@SuppressWarnings("ImmutableEnumChecker") // The lambdas are stateless.
	private final BiConsumer<RedisCacheManagerBuilder, RedisConnectionFactory> redis;

	private final String properties;

	CacheSetup(String description, String... properties) {
		this.description = description;
		this.properties = String.join(" ", properties);
		this.redis = (builder, connections) -> {
		};
	}

	CacheSetup(String description, BiConsumer<RedisCacheManagerBuilder, RedisConnectionFactory> redis) {
		this.description = description;
		this.properties = "spring.cache.type=redis";
		this.redis = redis;
	}

	String description() {
		return this.description;
	}

	List<String> properties() {
		return List.of(this.properties.split(" ", -1));
	}

	void customize(RedisCacheManagerBuilder builder, RedisConnectionFactory connections) {
		this.redis.accept(builder, connections);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
