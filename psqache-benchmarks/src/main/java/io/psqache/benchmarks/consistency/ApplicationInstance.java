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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.RedisServer;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One of several instances of the application, with its own Spring context and
 * connections. Thread-safe.
 */
final class ApplicationInstance implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final Items items;

	private final TransactionTemplate transaction;

	private final TransactionTemplate repeatable;

	private final LongAdder reads = new LongAdder();

	private ApplicationInstance(ConfigurableApplicationContext context) {
		this.context = context;
		this.items = context.getBean(Items.class);
		PlatformTransactionManager transactions = context.getBean(PlatformTransactionManager.class);
		this.transaction = new TransactionTemplate(transactions);
		this.repeatable = new TransactionTemplate(transactions);
		this.repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
	}

	static ApplicationInstance start(Database database, String prefix, RedisServer redis, CacheSetup setup) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + database.url(),
				"--spring.cache.redis.key-prefix=" + prefix, "--spring.data.redis.host=127.0.0.1",
				"--spring.data.redis.port=" + redis.port(), "--spring.main.web-application-type=none",
				"--spring.main.banner-mode=off", "--spring.main.register-shutdown-hook=false"));
		setup.properties().forEach((property) -> arguments.add("--" + property));
		return new ApplicationInstance(new SpringApplicationBuilder(Application.class).logStartupInfo(false)
			.initializers((GenericApplicationContext context) -> context.registerBean(
					RedisCacheManagerBuilderCustomizer.class,
					() -> (builder) -> setup.customize(builder, context.getBean(RedisConnectionFactory.class))))
			.run(arguments.toArray(String[]::new)));
	}

	Items items() {
		return this.items;
	}

	/**
	 * A template of transactions in the default isolation level, READ COMMITTED.
	 */
	TransactionTemplate transaction() {
		return this.transaction;
	}

	/**
	 * A template of transactions in REPEATABLE READ.
	 */
	TransactionTemplate repeatable() {
		return this.repeatable;
	}

	/**
	 * Read through the cache.
	 * @param id the row
	 * @param shared whether concurrent misses share one load
	 */
	long version(int id, boolean shared) {
		this.reads.increment();
		return shared ? this.items.sharedVersion(id) : this.items.version(id);
	}

	long reads() {
		return this.reads.sum();
	}

	long hits() {
		return reads() - this.items.loads();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * The application, which is the same for every cache.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching
	@EnableTransactionManagement
	static class Application {

		@Bean
		Items items(JdbcClient jdbc) {
			return new Items(jdbc);
		}

	}

}
