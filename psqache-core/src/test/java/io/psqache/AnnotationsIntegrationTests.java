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

package io.psqache;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring's cache annotations on all kinds of methods.
 */
class AnnotationsIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private static final TestCaches caches = TestCaches.on(database, (settings) -> settings);

	private static final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Library library = context.getBean(Library.class);

	@BeforeAll
	static void start() {
		TestCaches.migrate(database);
		context.registerBean(PostgresCacheManager.class, caches::manager,
				(definition) -> definition.setDestroyMethodName(""));
		context.register(Config.class);
		context.refresh();
	}

	@AfterAll
	static void stop() {
		context.close();
		caches.close();
		database.close();
	}

	@Test
	void plainMethod() {
		assertThat(this.library.book(1)).isEqualTo(this.library.book(1));
		assertThat(this.library.book(2)).isNotEqualTo(this.library.book(1));
	}

	@Test
	void nullAndEmptyResultsAreCached() {
		assertThat(this.library.nothing("null")).isNull();
		assertThat(this.library.nothing("null")).isNull();
		assertThat(this.library.maybe("empty")).isEmpty();
		assertThat(this.library.maybe("empty")).isEmpty();
		assertThat(this.library.calls("null", "empty")).isEqualTo(2);
	}

	@Test
	void optionalIsUnwrapped() {
		assertThat(this.library.maybe("full")).isEqualTo(this.library.maybe("full")).isPresent();
		assertThat(caches.cache("maybe").get("full", String.class)).startsWith("full");
	}

	@Test
	void futureIsCached() {
		assertThat(this.library.future(1).join()).isEqualTo(this.library.future(1).join());
	}

	@Test
	void monoIsCached() {
		assertThat(this.library.mono(1).block()).isEqualTo(this.library.mono(1).block());
	}

	@Test
	void monoOnNonBlockingThreadIsCachedWithoutBlocking() {
		String first = this.library.parallelMono(7).block();
		Concurrently.awaitThat(() -> caches.cache("parallel").get(7) != null);
		assertThat(this.library.parallelMono(7).block()).isEqualTo(first);
	}

	@Test
	void fluxIsCachedAsList() {
		List<String> first = this.library.flux(1).collectList().block();
		Concurrently.awaitThat(() -> caches.cache("flux").get(1) != null);
		assertThat(this.library.flux(1).collectList().block()).isEqualTo(first).hasSize(3);
	}

	@Test
	void synchronizedMethodsRunOnce() throws Exception {
		assertThat(Concurrently.run(8, (number) -> this.library.sync("one")).stream().distinct()).hasSize(1);
		assertThat(Concurrently.run(8, (number) -> this.library.syncFuture("two").get(30, TimeUnit.SECONDS))
			.stream()
			.distinct()).hasSize(1);
		assertThat(Concurrently.run(8, (number) -> this.library.syncMono("three").block()).stream().distinct())
			.hasSize(1);
	}

	@Test
	void putEvictAndClear() {
		Object first = this.library.book(5);
		assertThat(this.library.replace(5, "replaced")).isEqualTo("replaced");
		assertThat(this.library.book(5)).isEqualTo("replaced");
		this.library.remove(5);
		assertThat(this.library.book(5)).isNotEqualTo(first).isNotEqualTo("replaced");
		Object second = this.library.book(5);
		this.library.removeAll();
		assertThat(this.library.book(5)).isNotEqualTo(second);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Config {

		@Bean
		Library library() {
			return new Library();
		}

	}

	@CacheConfig(cacheNames = "books")
	static class Library {

		private final AtomicInteger calls = new AtomicInteger();

		private final java.util.Map<String, AtomicInteger> callsByKey = new java.util.concurrent.ConcurrentHashMap<>();

		@Cacheable
		public Object book(int id) {
			return "book " + id + " " + this.calls.incrementAndGet();
		}

		@CachePut(key = "#id")
		public Object replace(int id, String title) {
			return title;
		}

		@CacheEvict
		public void remove(int id) {
		}

		@CacheEvict(allEntries = true)
		public void removeAll() {
		}

		@Cacheable("nothing")
		public @Nullable String nothing(String key) {
			count(key);
			return null;
		}

		@Cacheable("maybe")
		public Optional<String> maybe(String key) {
			return "empty".equals(key) ? empty(key) : Optional.of(key + this.calls.incrementAndGet());
		}

		private Optional<String> empty(String key) {
			count(key);
			return Optional.empty();
		}

		@Cacheable("future")
		public CompletableFuture<String> future(int id) {
			return CompletableFuture.supplyAsync(() -> "future " + id + " " + this.calls.incrementAndGet());
		}

		@Cacheable("mono")
		public Mono<String> mono(int id) {
			return Mono.fromSupplier(() -> "mono " + id + " " + this.calls.incrementAndGet());
		}

		@Cacheable("parallel")
		public Mono<String> parallelMono(int id) {
			return Mono.fromSupplier(() -> "mono " + id + " " + this.calls.incrementAndGet())
				.subscribeOn(Schedulers.parallel());
		}

		@Cacheable("flux")
		public Flux<String> flux(int id) {
			return Flux.range(0, 3).map((number) -> "flux " + number + " " + this.calls.incrementAndGet());
		}

		@Cacheable(cacheNames = "sync", sync = true)
		public String sync(String key) {
			return loaded(key).join();
		}

		/**
		 * The load takes long enough for all callers to arrive before the value is
		 * written: a later caller would load again.
		 */
		private CompletableFuture<String> loaded(String key) {
			return CompletableFuture.supplyAsync(() -> key + this.calls.incrementAndGet(),
					CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
		}

		@Cacheable(cacheNames = "sync", sync = true)
		public CompletableFuture<String> syncFuture(String key) {
			return loaded(key);
		}

		@Cacheable(cacheNames = "sync", sync = true)
		public Mono<String> syncMono(String key) {
			return Mono.fromFuture(() -> loaded(key));
		}

		private void count(String key) {
			this.callsByKey.computeIfAbsent(key, (any) -> new AtomicInteger()).incrementAndGet();
		}

		int calls(String... keys) {
			int sum = 0;
			for (String key : keys) {
				sum += this.callsByKey.getOrDefault(key, new AtomicInteger()).get();
			}
			return sum;
		}

	}

}
