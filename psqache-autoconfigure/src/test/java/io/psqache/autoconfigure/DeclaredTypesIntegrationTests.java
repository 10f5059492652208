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

import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.psqache.CacheOperation;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManagerBuilderCustomizer;
import io.psqache.internal.annotation.AnnotatedTypes;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.Cacheable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The time and source of the declared type of a cache's values.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeclaredTypesIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(database);

	private final List<String> asked = new ArrayList<>();

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	/**
	 * The log shows whether the methods were searched.
	 */
	@Test
	void methodsAreSearchedAtFirstValue(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel(AnnotatedTypes.class.getName(), LogLevel.DEBUG);
		this.application.withBean(Clock.class)
			.withPropertyValues("spring.cache.cache-names=instants")
			.run((context) -> {
				TestApplication.cache(context, "instants").get("absent");
				assertThat(output).doesNotContain("are of type");
				context.getBean(Clock.class).instants();
				context.getBean(Clock.class).instants();
				assertThat(output)
					.containsOnlyOnce("The values of cache 'instants' are of type java.util.List<java.time.Instant>");
			});
		logging.setLogLevel(AnnotatedTypes.class.getName(), null);
	}

	@Test
	void typeIsSearchedOnceAndOnlyWithoutSetting() {
		PostgresCacheManagerBuilderCustomizer customizer = (builder) -> builder.declaredTypes(this::type);
		this.application.withBean(PostgresCacheManagerBuilderCustomizer.class, () -> customizer)
			.withPropertyValues("psqache.caches.told.type=java.lang.String", "psqache.caches.untold.jitter=0.1")
			.run((context) -> {
				assertThat(this.asked).isEmpty();
				for (String name : List.of("told", "untold", "others")) {
					TestApplication.cache(context, name).put(1, "text");
					assertThat(TestApplication.cache(context, name).get(1, String.class)).isEqualTo("text");
				}
				assertThat(this.asked).containsExactly("untold", "others");
			});
	}

	@Test
	void elementsOfInferredTypeAreUntagged() {
		this.application.withBean(Shelf.class)
			.withPropertyValues("psqache.trusted-packages=io.psqache.autoconfigure")
			.run((context) -> {
				List<Book> books = context.getBean(Shelf.class).books();
				assertThat(context.getBean(Shelf.class).books()).isEqualTo(books);
				assertThat(json("books")).isEqualTo("[{\"title\": \"Dune\"}]");
			});
	}

	@Test
	void typeOfPropertyTakesPrecedence() {
		String type = "java.util.List<" + Book.class.getName() + ">";
		this.application
			.withPropertyValues("psqache.trusted-packages=io.psqache.autoconfigure",
					"psqache.caches.typed.type=" + type)
			.run((context) -> {
				TestApplication.cache(context, "typed").put(1, List.of(new Book("Dune")));
				assertThat(TestApplication.cache(context, "typed").get(1, Object.class))
					.isEqualTo(List.of(new Book("Dune")));
				assertThat(json("typed")).isEqualTo("[{\"title\": \"Dune\"}]");
			});
	}

	@Test
	void valueOfOtherTypeIsNotCachedAndEvictsOlderEntry() {
		this.application.withPropertyValues("psqache.caches.typed.type=java.lang.String").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "typed");
			cache.put(1, "text");
			cache.put(1, 2);
			assertThat(cache.get(1)).isNull();
			assertThat(cache.getStatistics().failures(CacheOperation.PUT)).isEqualTo(1);
		});
	}

	private static @Nullable Object json(String cacheName) {
		return database.query("select value from psqache.cache_entry e join psqache.cache c on c.id = e.cache_id"
				+ " where c.name = '" + cacheName + "'");
	}

	private @Nullable Type type(String cacheName) {
		this.asked.add(cacheName);
		return null;
	}

	record Book(String title) {

	}

	static class Shelf {

		@Cacheable("books")
		public List<Book> books() {
			return List.of(new Book("Dune"));
		}

	}

	static class Clock {

		@Cacheable("instants")
		public List<Instant> instants() {
			return List.of(Instant.EPOCH);
		}

	}

}
