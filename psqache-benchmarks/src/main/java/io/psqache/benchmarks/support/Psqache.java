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

package io.psqache.benchmarks.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.psqache.CacheOperation;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.TypedCache;
import io.psqache.NearStatistics;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An instance of an application with psqache as Spring Boot configures it. Except for
 * properties, only this class of the benchmarks depends on psqache. Thread-safe.
 */
public final class Psqache implements AutoCloseable {

	/**
	 * The name of the cache that most benchmarks use.
	 */
	public static final String CACHE = "products";

	private final ConfigurableApplicationContext context;

	private final PostgresCacheManager manager;

	private Psqache(ConfigurableApplicationContext context) {
		this.context = context;
		this.manager = context.getBean(PostgresCacheManager.class);
	}

	/**
	 * Start an instance.
	 * @param url the JDBC URL of the database
	 * @param properties what to set beside psqache's defaults, as {@code name=value}
	 * @return the instance; it has migrated the schema
	 */
	public static Psqache start(String url, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + url,
				"--spring.datasource.hikari.minimum-idle=0", "--psqache.trusted-packages=io.psqache.benchmarks",
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off",
				"--spring.main.register-shutdown-hook=false", "--logging.level.root=warn"));
		Stream.of(properties).map((property) -> "--" + property).forEach(arguments::add);
		return new Psqache(new SpringApplicationBuilder(Application.class).logStartupInfo(false)
			.run(arguments.toArray(String[]::new)));
	}

	public PostgresCache cache() {
		return cache(CACHE);
	}

	public PostgresCache cache(String name) {
		if (this.manager.getCache(name) instanceof PostgresCache cache) {
			return cache;
		}
		throw new IllegalStateException("There is no cache " + name);
	}

	public <K, V> TypedCache<K, V> typedCache(String name, Class<K> keyType, Class<V> valueType) {
		return this.manager.typedCache(name, keyType, valueType);
	}

	/**
	 * Count the failed operations. psqache fails open, so a failed read is a miss and a
	 * failed put returns normally.
	 * @return the number of failures so far
	 */
	public long failures() {
		return this.manager.getCacheNames().stream().mapToLong((name) -> failures(cache(name))).sum();
	}

	private static long failures(PostgresCache cache) {
		return Stream.of(CacheOperation.values()).mapToLong(cache.getStatistics()::failures).sum();
	}

	/**
	 * Count the hits of the near cache.
	 * @return the number of hits so far
	 */
	public long nearHits() {
		NearStatistics near = cache().getStatistics().near();
		return (near != null) ? near.hits() : 0;
	}

	/**
	 * Wait until the near cache is used.
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void awaitCopies() throws InterruptedException {
		cache().put("copy", 1L);
		Time.await(Duration.ofSeconds(30), Duration.ofMillis(5), () -> {
			long before = nearHits();
			cache().get("copy");
			return nearHits() > before;
		});
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching
	static class Application {

	}

}
