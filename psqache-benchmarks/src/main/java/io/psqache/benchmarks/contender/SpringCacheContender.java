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

import java.util.Objects;
import java.util.function.LongSupplier;

import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/**
 * A cache behind Spring's {@code Cache}.
 *
 * @param cache the cache
 * @param server the server of the cache
 * @param failures counts failures without an exception
 * @param closer closes the cache
 */
record SpringCacheContender(Cache cache, ServerProcess server, LongSupplier failures,
		Runnable closer) implements Contender {

	/**
	 * psqache as Spring Boot configures it.
	 * @param storage {@code jsonb} or {@code binary}
	 */
	static SpringCacheContender psqache(Arena arena, String storage) {
		Psqache psqache = Psqache.start(arena.database().url(), "psqache.defaults.storage=" + storage);
		return new SpringCacheContender(psqache.cache(storage), arena.postgres(), psqache::failures, psqache::close);
	}

	/**
	 * Spring Data Redis with its fastest JSON serializer, the one that knows the type.
	 * All calls share one connection, and each put waits for the answer.
	 */
	static SpringCacheContender redis(Arena arena) {
		LettuceConnectionFactory connections = arena.redis().connect();
		RedisCacheManager manager = RedisCacheManager
			.builder(RedisCacheWriter.create(connections, (writer) -> writer.immediateWrites()))
			.cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
				.entryTtl(Arena.TIME_TO_LIVE)
				.serializeValuesWith(SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(Product.class))))
			.build();
		Cache cache = Objects.requireNonNull(manager.getCache("products"));
		return new SpringCacheContender(cache, arena.redis().process(), () -> 0, connections::destroy);
	}

	@Override
	public @Nullable Product get(String key) {
		return this.cache.get(key, Product.class);
	}

	@Override
	public void put(String key, Product product) {
		this.cache.put(key, product);
	}

	@Override
	public long silentFailures() {
		return this.failures.getAsLong();
	}

	@Override
	public void close() {
		this.closer.run();
	}

}
