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

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.google.common.collect.ImmutableList;
import io.psqache.CacheOperation;
import io.psqache.PostgresCache;
import io.psqache.RoundTripException;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.support.NullValue;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A hit equals the result of the method, or the result is not cached.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnchangedResultsIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(database)
		.withPropertyValues("psqache.trusted-packages=io.psqache.autoconfigure")
		.withBean(Library.class);

	@BeforeAll
	static void createTable() {
		database.execute("create table book (isbn text primary key, pages bigint)");
		database.execute("insert into book values ('978-1', 412), ('978-2', 200)");
	}

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	@Test
	void multiValueMapIsRestored() {
		assertHit("params", (library) -> {
			MultiValueMap<String, String> params = library.params("a");
			assertThat(params.getFirst("a")).isEqualTo("1");
			assertThat(params).isInstanceOf(LinkedMultiValueMap.class);
		});
	}

	@Test
	void methodsThatShareCacheReturnTheirDeclaredClasses() {
		assertHit("shared", (library) -> {
			ImmutableList<String> titles = library.titles("a");
			assertThat(titles).containsExactly("Dune", "a");
		});
		assertHit("shared", (library) -> assertThat(library.pages("p")).containsExactly(412L));
		assertHit("shared", (library) -> {
			Set<String> names = library.names("n");
			assertThat(names.add("c")).isTrue();
		});
	}

	@Test
	void methodOfGenericTypeReturnsItsClass() {
		assertHit("generic", (library) -> {
			ImmutableList<Long> list = library.any("a", (key) -> ImmutableList.of(7L, 8L));
			assertThat(list).containsExactly(7L, 8L);
			TreeSet<String> set = library.any("b", (key) -> new TreeSet<>(Set.of("b", "a")));
			assertThat(set.first()).isEqualTo("a");
		}, 2);
	}

	@Test
	void jdbcRowsFindColumnsInAnyCase() {
		assertHit("rows", (library) -> {
			Map<String, Object> row = library.rows().get(0);
			assertThat(row.get("ISBN")).isEqualTo("978-1");
			assertThat(row.get("Pages")).isEqualTo(412L);
		});
		assertHit("row", (library) -> assertThat(library.row("978-2").get("PAGES")).isEqualTo(200L));
	}

	@Test
	void classThatLosesStateIsNotCachedAndFieldIsLogged(CapturedOutput output) {
		this.application.run((context) -> {
			Library library = context.getBean(Library.class);
			assertThat(library.visit("a")).isEqualTo(library.visit("a"));
			assertThat(library.visits("a")).isEqualTo(library.visits("a"));
			assertThat(library.calls()).isEqualTo(4);
			assertThat(output)
				.contains("PUT in cache 'visits' failed: A value of " + Visit.class.getName() + " is not cached: ")
				.contains(Visit.class.getName()
						+ ".at would be read back as a java.time.LocalDateTime that is not equal");
		});
	}

	@Test
	void verifiedRoundTripFindsLoss() {
		this.application.withPropertyValues("psqache.verify-round-trip=true").run((context) -> {
			Library library = context.getBean(Library.class);
			assertThat(library.params("verified")).isInstanceOf(LinkedMultiValueMap.class);
			assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> library.visit("b"))
				.withMessageContaining("$.at was a java.time.LocalDateTime");
		});
	}

	@Test
	void nullValueOfSpringIsNull() {
		this.application.run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "nulls");
			cache.put("put", NullValue.INSTANCE);
			assertThat(cache.putIfAbsent("absent", NullValue.INSTANCE)).isNull();
			assertThat(cache.get("loaded", () -> NullValue.INSTANCE)).isNull();
			assertThat(cache.retrieve("retrieved", () -> CompletableFuture.completedFuture(NullValue.INSTANCE)).join())
				.isNull();
			for (String key : List.of("put", "absent", "loaded", "retrieved")) {
				ValueWrapper hit = cache.get(key);
				assertThat(hit).as(key).isNotNull();
				assertThat((hit != null) ? hit.get() : "missed").as(key).isNull();
			}
			assertThat(cache.getStatistics().failures(CacheOperation.PUT)).isZero();
		});
	}

	@Test
	void nullValueOfSpringIsNotCachedIfNullIsNot() {
		this.application.withPropertyValues("psqache.caches.nulls.cache-null-values=false").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "nulls");
			cache.put("key", "value");
			cache.put("key", NullValue.INSTANCE);
			assertThat(cache.get("key")).isNull();
		});
	}

	@Test
	void exceptionsAreRefusedAndRemedyIsLogged(CapturedOutput output) {
		this.application.run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "failures");
			cache.put("jdk", new IllegalStateException("secret"));
			cache.put("own", new BookMissingException("secret"));
			cache.put("part", new Outcome(new BookMissingException("secret")));
			for (String key : List.of("jdk", "own", "part")) {
				assertThat(cache.get(key)).isNull();
			}
			assertThat(cache.getStatistics().failures(CacheOperation.PUT)).isEqualTo(3);
			assertThat(output)
				.contains("java.lang.IllegalStateException cannot be stored: psqache does not cache exceptions")
				.contains(BookMissingException.class.getName() + " cannot be stored: psqache does not cache exceptions")
				.contains("Return a value that describes the failure")
				.doesNotContain("secret");
		});
	}

	private void assertHit(String cacheName, Consumer<Library> call) {
		assertHit(cacheName, call, 1);
	}

	/**
	 * Compare a miss and a hit of the same call.
	 */
	private void assertHit(String cacheName, Consumer<Library> call, int keys) {
		this.application.run((context) -> {
			Library library = context.getBean(Library.class);
			call.accept(library);
			assertThat(library.calls()).isEqualTo(keys);
			call.accept(library);
			assertThat(library.calls()).as("calls of the method").isEqualTo(keys);
			assertThat(TestApplication.cache(context, cacheName).getStatistics().failures(CacheOperation.GET)).isZero();
		});
	}

	record Visit(@JsonFormat(pattern = "yyyy-MM-dd HH:mm") LocalDateTime at) {

	}

	record Outcome(@Nullable Exception failure) {

	}

	@SuppressWarnings("serial")
	static class BookMissingException extends RuntimeException {

		BookMissingException(String message) {
			super(message);
		}

	}

	static class Library {

		private final AtomicInteger calls = new AtomicInteger();

		private final JdbcTemplate jdbc;

		Library(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		public int calls() {
			return this.calls.get();
		}

		@Cacheable("params")
		public MultiValueMap<String, String> params(String key) {
			this.calls.incrementAndGet();
			MultiValueMap<String, String> params = new LinkedMultiValueMap<>();
			params.add(key, "1");
			params.add(key, "2");
			return params;
		}

		@Cacheable("shared")
		public ImmutableList<String> titles(String key) {
			this.calls.incrementAndGet();
			return ImmutableList.of("Dune", key);
		}

		@Cacheable("shared")
		public List<Long> pages(String key) {
			this.calls.incrementAndGet();
			return List.of(412L);
		}

		@Cacheable("shared")
		public Set<String> names(String key) {
			this.calls.incrementAndGet();
			Set<String> names = ConcurrentHashMap.newKeySet();
			names.addAll(Set.of("a", "b"));
			return names;
		}

		@Cacheable(cacheNames = "generic", key = "#key")
		public <T> T any(String key, Function<String, T> function) {
			this.calls.incrementAndGet();
			return function.apply(key);
		}

		@Cacheable("rows")
		public List<Map<String, Object>> rows() {
			this.calls.incrementAndGet();
			return this.jdbc.queryForList("select * from book order by isbn");
		}

		@Cacheable("row")
		public Map<String, Object> row(String isbn) {
			this.calls.incrementAndGet();
			return this.jdbc.queryForMap("select * from book where isbn = ?", isbn);
		}

		@Cacheable("visits")
		public Visit visit(String key) {
			this.calls.incrementAndGet();
			return new Visit(LocalDateTime.of(2026, 1, 2, 3, 4, 5));
		}

		@Cacheable("visit-lists")
		public List<Visit> visits(String key) {
			this.calls.incrementAndGet();
			return List.of(new Visit(LocalDateTime.of(2026, 1, 2, 3, 4, 5)));
		}

	}

}
