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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.PostgresCacheManager;
import io.psqache.TestCaches;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * The smallest application with a cache and complete auto-configuration, and methods to
 * start it.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
class TestApplication {

	/**
	 * The property that enables the {@code DataSource} proxies of datasource-micrometer.
	 */
	static final String OBSERVE_DATA_SOURCES = "jdbc.datasource-proxy.enabled";

	/**
	 * Return a runner of the application on a database, without migrations of the
	 * application. The timeout is long enough for slow machines, and the sweeper pauses
	 * after its first scan.
	 */
	static ApplicationContextRunner on(TestDatabase database) {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(properties(database));
	}

	/**
	 * Return the properties of {@link #on(TestDatabase)}.
	 */
	static String[] properties(TestDatabase database, String... more) {
		return properties(database.url(), database.username(), database.password(), more);
	}

	static String[] properties(String url, String username, String password, String... more) {
		Stream<String> basic = Stream.of("spring.datasource.url=" + url, "spring.datasource.username=" + username,
				"spring.datasource.password=" + password, "spring.flyway.enabled=false", "psqache.timeout=10s",
				"psqache.sweep.interval=1h", OBSERVE_DATA_SOURCES + "=false");
		return Stream.concat(basic, Stream.of(more)).toArray(String[]::new);
	}

	/**
	 * Start as {@code main} does, so that a failure is reported as users see it. The last
	 * value of a repeated property is used.
	 */
	static ConfigurableApplicationContext run(Class<?> application, String... properties) {
		Map<String, String> arguments = new LinkedHashMap<>();
		for (String property : properties) {
			arguments.put(property.substring(0, property.indexOf('=')), "--" + property);
		}
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run(arguments.values().toArray(String[]::new));
	}

	static PostgresCache cache(BeanFactory context, String name) {
		return (PostgresCache) Objects.requireNonNull(context.getBean(CacheManager.class).getCache(name));
	}

	static HikariDataSource pool(BeanFactory context) {
		return TestCaches.pool(context.getBean(PostgresCacheManager.class));
	}

	/**
	 * Wait until the sweeper has completed its first scan. It then holds no connection
	 * and waits for no lock.
	 */
	static void awaitSweeperAtRest() {
		Concurrently.awaitThat(() -> Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().equals("psqache-sweeper"))
			.allMatch((thread) -> Stream.of(thread.getValue())
				.anyMatch((frame) -> frame.getMethodName().equals("isClosedAfter"))));
	}

	/**
	 * Write and read an entry.
	 * @return the value that was read; {@code "yes"} if the cache works
	 */
	static Object roundTrip(BeanFactory context) {
		PostgresCache cache = cache(context, "roundTrip");
		cache.put("works", "yes");
		return Objects.requireNonNullElse(cache.get("works", String.class), "no");
	}

}
