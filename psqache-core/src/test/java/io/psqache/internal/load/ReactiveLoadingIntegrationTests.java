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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.test.Concurrently;
import io.psqache.PostgresCacheManager;
import io.psqache.StaleReason;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests methods that return a {@code CompletableFuture}, a {@code Mono} or a
 * {@code Flux}, as documented in loading.md. Such methods have a loader only with
 * {@code sync = true}.
 */
class ReactiveLoadingIntegrationTests {

	private static final int CALLERS = 5;

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.on(this.database,
			(settings) -> settings.withTimeToLive(Duration.ofMinutes(10))
				.withLoading(settings.loading().withStaleIfError(Duration.ofHours(1))));

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Source source = new Source();

	@SuppressWarnings("NullAway.Init")
	private Library library;

	@BeforeEach
	void start() {
		TestCaches.migrate(this.database);
		this.context.registerBean(PostgresCacheManager.class, this.caches::manager,
				(definition) -> definition.setDestroyMethodName(""));
		this.context.registerBean(Source.class, () -> this.source);
		this.context.register(Config.class);
		this.context.refresh();
		this.library = this.context.getBean(Library.class);
	}

	@AfterEach
	void stop() {
		this.context.close();
		this.caches.close();
		this.database.close();
	}

	@ParameterizedTest
	@EnumSource
	void callersOfASynchronizedMethodShareOneLoad(Kind kind) {
		List<CompletableFuture<@Nullable Object>> calls = call(kind, true);
		Concurrently.awaitThat(() -> this.source.calls.get() == 1
				&& this.caches.cache("synchronized").getStatistics().misses() == CALLERS);
		this.source.value.complete("value");
		assertAll(calls, "value");
		assertThat(this.source.calls).hasValue(1);
	}

	/**
	 * Each load begins before the first one ends.
	 */
	@ParameterizedTest
	@EnumSource
	void eachCallerOfAPlainMethodLoads(Kind kind) {
		List<CompletableFuture<@Nullable Object>> calls = call(kind, false);
		Concurrently.awaitThat(() -> this.source.calls.get() == CALLERS);
		this.source.value.complete("value");
		assertAll(calls, "value");
	}

	@ParameterizedTest
	@EnumSource
	void failedSynchronizedMethodReturnsTheExpiredValue(Kind kind) {
		expire(kind, true);
		assertAll(call(kind, true), "value");
		assertThat(this.caches.cache("synchronized").getStatistics().loading().staleServed(StaleReason.ERROR))
			.isPositive();
	}

	@ParameterizedTest
	@EnumSource
	void failureOfAPlainMethodReachesTheCaller(Kind kind) {
		expire(kind, false);
		assertThat(call(kind, false)).allSatisfy((call) -> assertThat(call).failsWithin(30, TimeUnit.SECONDS));
	}

	/**
	 * Create an expired entry and let the method fail.
	 */
	private void expire(Kind kind, boolean sync) {
		this.source.value.complete("value");
		assertAll(List.of(kind.of(this.library, sync)), "value");
		this.database.execute("""
				update psqache.cache_entry
				set written_at = written_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes',
				  live_until = live_until - interval '11 minutes'
				""");
		this.source.value = CompletableFuture.failedFuture(new IllegalStateException("no"));
	}

	private List<CompletableFuture<@Nullable Object>> call(Kind kind, boolean sync) {
		List<CompletableFuture<@Nullable Object>> calls = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			calls.add(kind.of(this.library, sync));
		}
		return calls;
	}

	private static void assertAll(List<CompletableFuture<@Nullable Object>> calls, String value) {
		assertThat(calls).allSatisfy((call) -> assertThat(call).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(value));
	}

	enum Kind {

		FUTURE {

			@Override
			CompletableFuture<@Nullable Object> of(Library library, boolean sync) {
				return (sync ? library.syncFuture("future") : library.future("future")).thenApply((value) -> value);
			}

		},

		MONO {

			@Override
			CompletableFuture<@Nullable Object> of(Library library, boolean sync) {
				return (sync ? library.syncMono("mono") : library.mono("mono")).<@Nullable Object>map((value) -> value)
					.toFuture();
			}

		},

		FLUX {

			@Override
			CompletableFuture<@Nullable Object> of(Library library, boolean sync) {
				return (sync ? library.syncFlux("flux") : library.flux("flux")).<@Nullable Object>map((value) -> value)
					.single()
					.toFuture();
			}

		};

		abstract CompletableFuture<@Nullable Object> of(Library library, boolean sync);

	}

	static final class Source {

		final AtomicInteger calls = new AtomicInteger();

		volatile CompletableFuture<String> value = new CompletableFuture<>();

		CompletableFuture<String> load() {
			this.calls.incrementAndGet();
			return this.value.copy();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Config {

		@Bean
		Library library(Source source) {
			return new Library(source);
		}

	}

	static class Library {

		private final Source source;

		Library(Source source) {
			this.source = source;
		}

		@Cacheable("plain")
		public CompletableFuture<String> future(String key) {
			return this.source.load();
		}

		@Cacheable("plain")
		public Mono<String> mono(String key) {
			return Mono.fromFuture(this.source::load);
		}

		@Cacheable("plain")
		public Flux<String> flux(String key) {
			return Flux.from(mono(key));
		}

		@Cacheable(cacheNames = "synchronized", sync = true)
		public CompletableFuture<String> syncFuture(String key) {
			return this.source.load();
		}

		@Cacheable(cacheNames = "synchronized", sync = true)
		public Mono<String> syncMono(String key) {
			return Mono.fromFuture(this.source::load);
		}

		@Cacheable(cacheNames = "synchronized", sync = true)
		public Flux<String> syncFlux(String key) {
			return Flux.from(syncMono(key));
		}

	}

}
