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

package com.example.consumer;

import java.io.IOException;

import com.example.consumer.BookService.Book;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
class ConsumerApplicationTests {

	private static final EmbeddedPostgres postgres = start();

	@Autowired
	private BookService books;

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> postgres.getJdbcUrl("postgres", "postgres"));
	}

	@AfterAll
	static void stop() throws IOException {
		postgres.close();
	}

	@Test
	void cachesInPostgres() {
		Book first = this.books.find("1");
		assertThat(this.books.find("1")).isEqualTo(first);
		assertThat(this.jdbc.sql("select value ->> 'title' from psqache.entries where key = '\"1\"'")
			.query(String.class)
			.single()).isEqualTo(first.title());
		this.books.change("1", new Book("1", "Changed"));
		assertThat(this.books.find("1")).isNotEqualTo(first);
	}

	/**
	 * An application that wants them adds {@code spring-boot-starter-actuator}, as the
	 * sample application does.
	 */
	@Test
	void bringsNeitherActuatorNorMetrics() {
		assertThat(isPresent("org.springframework.boot.actuate.endpoint.annotation.Endpoint")).isFalse();
		assertThat(isPresent("org.springframework.boot.health.contributor.Health")).isFalse();
		assertThat(isPresent("io.micrometer.core.instrument.MeterRegistry")).isFalse();
	}

	@Test
	void cachesNothingWhenSwitchedOff() {
		new ApplicationContextRunner().withUserConfiguration(ConsumerApplication.class)
			.withPropertyValues("psqache.enabled=false",
					"spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"))
			.run((context) -> assertThat(context).getBean(CacheManager.class).isInstanceOf(NoOpCacheManager.class));
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, ConsumerApplicationTests.class.getClassLoader());
	}

	private static EmbeddedPostgres start() {
		try {
			return EmbeddedPostgres.start();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
