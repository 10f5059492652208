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

package io.psqache.internal.cache;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.psqache.test.Concurrently;
import io.psqache.PostgresCacheManager;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of changes on threads that must not block: which of them reactive callers
 * of Spring's annotations see.
 */
public abstract class AbstractReactiveVisibilityContract {

	private static final long SEED = Long.getLong("psqache.test.seed", 20260720);

	private final TestDatabase database = TestDatabase.create();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Source source = new Source();

	@SuppressWarnings("NullAway.Init")
	private TestCaches caches;

	@SuppressWarnings("NullAway.Init")
	private Shelf shelf;

	/**
	 * Create the instance under test, with a timeout that is short enough for a test.
	 */
	public abstract TestCaches caches(TestDatabase database);

	@BeforeEach
	public void start() {
		TestCaches.migrate(this.database);
		this.caches = caches(this.database);
		this.context.registerBean(PostgresCacheManager.class, this.caches::manager,
				(definition) -> definition.setDestroyMethodName(""));
		this.context.registerBean(Source.class, () -> this.source);
		this.context.register(Config.class);
		this.context.refresh();
		this.shelf = this.context.getBean(Shelf.class);
		prepare(this.caches);
	}

	/**
	 * Prepare the instance.
	 */
	public void prepare(TestCaches caches) {
	}

	@AfterEach
	public void stop() {
		this.context.close();
		this.caches.close();
		this.database.close();
	}

	/**
	 * Put an entry and read it as often as a near cache needs.
	 */
	private void cached(String key, String value) {
		this.source.data.put(key, value);
		assertThat(this.shelf.read(key).block()).isEqualTo(value);
		assertThat(this.shelf.read(key).block()).isEqualTo(value);
		assertThat(this.shelf.read(key).block()).isEqualTo(value);
		assertThat(this.source.calls).hasValue(1);
	}

	/**
	 * Run on a thread that must not block.
	 */
	private static <T> CompletableFuture<T> parallel(Mono<T> mono) {
		return mono.subscribeOn(Schedulers.parallel()).toFuture();
	}

	private static <T> T result(CompletableFuture<T> future) {
		assertThat(future).succeedsWithin(60, TimeUnit.SECONDS);
		return future.join();
	}

	/**
	 * Lock the rows of a table, so that no change of them can finish.
	 */
	private Connection locked(String table) throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("select from psqache." + table + " for update");
		}
		return connection;
	}

	@ParameterizedTest
	@EnumSource(Change.class)
	public void readAfterAnUnfinishedChangeIsNotStale(Change change) throws Exception {
		cached("key", "old");
		CompletableFuture<String> reactive;
		CompletableFuture<@Nullable String> blocking;
		try (Connection lock = locked(change.locks)) {
			assertThat(result(parallel(change.make(this.shelf, "key", "new")))).isEqualTo("new");
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			reactive = parallel(Mono.defer(() -> this.shelf.read("key")));
			blocking = CompletableFuture.supplyAsync(() -> this.shelf.blocking("key"));
			assertThat(CompletableFuture.anyOf(reactive, blocking)).as("a read does not outrun the change")
				.isNotCompleted();
			lock.rollback();
		}
		assertThat(result(reactive)).isEqualTo("new");
		assertThat(result(blocking)).isEqualTo("new");
		assertThat(this.shelf.read("key").block()).isEqualTo("new");
	}

	@ParameterizedTest
	@EnumSource(Change.class)
	public void readAfterAFailedChangeIsNotStale(Change change) throws Exception {
		cached("key", "old");
		try (Connection lock = locked(change.locks)) {
			assertThat(result(parallel(change.make(this.shelf, "key", "new")))).isEqualTo("new");
			assertThat(result(parallel(Mono.defer(() -> this.shelf.read("key"))))).isEqualTo("new");
			assertThat(this.shelf.blocking("key")).isEqualTo("new");
			lock.rollback();
		}
		assertThat(this.shelf.read("key").block()).isEqualTo("new");
	}

	/**
	 * A caller that evicts on such a thread cannot receive an exception.
	 */
	@ParameterizedTest
	@EnumSource(names = { "EVICT", "EVICT_BEFORE", "CLEAR" })
	public void readAfterARefusedEvictionIsNotStale(Change change) {
		cached("key", "old");
		this.database.execute("""
				create function refuse() returns trigger language plpgsql as
				$$ begin raise exception 'refused' using errcode = 'P0001'; end $$;
				create trigger refuse before insert or update on psqache.%s execute function refuse()
				""".formatted(change.locks));
		assertThat(result(parallel(change.make(this.shelf, "key", "new")))).isEqualTo("new");
		assertThat(result(parallel(Mono.defer(() -> this.shelf.read("key"))))).isEqualTo("new");
		assertThat(this.shelf.blocking("key")).isEqualTo("new");
	}

	@Test
	public void valueReadAfterAnEvictionIsCached() {
		cached("key", "old");
		String read = result(parallel(this.shelf.change("key", "new").then(Mono.defer(() -> this.shelf.read("key")))));
		assertThat(read).isEqualTo("new");
		assertThat(this.shelf.read("key").block()).isEqualTo("new");
		assertThat(this.source.calls).hasValue(2);
	}

	@Test
	public void clearAfterAnUnfinishedPutEvictsItsEntry() throws Exception {
		cached("key", "old");
		CompletableFuture<Void> cleared;
		try (Connection lock = locked("cache_entry")) {
			result(parallel(this.shelf.replace("key", "put")));
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			this.source.data.put("key", "new");
			cleared = CompletableFuture.runAsync(() -> this.caches.cache("shelf").clear());
			lock.rollback();
		}
		result(cleared);
		assertThat(this.shelf.read("key").block()).isEqualTo("new");
	}

	/**
	 * Each key is changed by one chain, so that the oldest permitted value of a later
	 * read is known. Other chains read the same keys.
	 */
	@Test
	public void noReadIsOlderThanTheChangeBeforeItInItsChain() {
		Map<String, Integer> done = new ConcurrentHashMap<>();
		List<String> stale = new ArrayList<>();
		List<CompletableFuture<?>> chains = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			done.put("key " + i, 0);
			this.source.data.put("key " + i, "0");
		}
		for (int i = 0; i < 8; i++) {
			String key = "key " + i;
			Random random = new Random(SEED + i);
			chains.add(Flux.range(1, 150)
				.concatMap((version) -> change(random, key, String.valueOf(version))
					.doOnNext((any) -> done.put(key, version))
					.then(Mono.defer(() -> read(random, "key " + random.nextInt(8), done, stale)))
					.then(Mono.defer(() -> read(random, key, done, stale))))
				.subscribeOn(Schedulers.parallel())
				.then()
				.toFuture());
		}
		chains.forEach(AbstractReactiveVisibilityContract::result);
		assertThat(stale).as("seed " + SEED).isEmpty();
	}

	private Mono<String> change(Random random, String key, String value) {
		int percent = random.nextInt(100);
		Change change = (percent < 60) ? Change.EVICT
				: (percent < 80) ? Change.PUT : (percent < 95) ? Change.EVICT_BEFORE : Change.CLEAR;
		return Mono.defer(() -> change.make(this.shelf, key, value)).subscribeOn(Schedulers.parallel());
	}

	private Mono<String> read(Random random, String key, Map<String, Integer> done, List<String> stale) {
		int atLeast = Objects.requireNonNull(done.get(key));
		return Mono.defer(() -> this.shelf.read(key))
			.subscribeOn(random.nextBoolean() ? Schedulers.parallel() : Schedulers.boundedElastic())
			.publishOn(Schedulers.parallel())
			.doOnNext((value) -> {
				if (Integer.parseInt(value) < atLeast) {
					synchronized (stale) {
						stale.add("%s is %s, must be %s".formatted(key, value, atLeast));
					}
				}
			});
	}

	@ParameterizedTest
	@EnumSource(Interruption.class)
	public void interruptedFluxIsCachedForTheNextCall(Interruption interruption) {
		for (int i = 0; i < 100; i++) {
			String key = "key " + i;
			assertThat(interruption.of(this.shelf.pages(key))).isEqualTo("one");
			assertThat(this.shelf.pages(key).collectList().block()).containsExactly("one", "two", "three");
		}
		assertThat(this.source.calls).hasValue(100);
	}

	/**
	 * The remaining pages are computed after the first caller has cancelled and the next
	 * has read.
	 */
	@Test
	public void callAfterAnInterruptedFluxWaitsForTheRestOfIt() {
		this.source.rest = new CountDownLatch(1);
		assertThat(this.shelf.pages("key").blockFirst()).isEqualTo("one");
		Flux<String> next = this.shelf.pages("key");
		this.source.rest.countDown();
		assertThat(next.collectList().block()).containsExactly("one", "two", "three");
		assertThat(this.source.calls).hasValue(1);
	}

	/**
	 * The method runs on another thread than that on which psqache completed the miss, so
	 * that only its put is known.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	public void callDuringThePutOfAnInterruptedFluxWaitsForIt(boolean mayWait) {
		cached("other", "makes the row of the cache");
		this.database.execute("""
				create function pause() returns trigger language plpgsql as
				$$ begin perform pg_sleep(0.5); return null; end $$;
				create trigger pause after insert or update on psqache.cache_entry execute function pause()
				""");
		Function<String, Flux<String>> pages = (key) -> this.shelf.pagesOn(key, mayWait);
		assertThat(pages.apply("key").blockFirst()).isEqualTo("one");
		Concurrently.awaitThat(() -> "1".equals(this.database.query("""
				select count(*) from pg_stat_activity
				where datname = current_database() and wait_event = 'PgSleep'
				""")));
		assertThat(pages.apply("key").collectList().block()).containsExactly("one", "two", "three");
		assertThat(this.source.calls).hasValue(2); // one call was for the other key
	}

	/**
	 * A method that reads its own key does not wait.
	 */
	@Test
	public void methodThatReadsItsOwnKeyOnTheSameThreadDoesNotWaitForItself() {
		assertThat(this.shelf.nested("key", this.shelf).block()).isEqualTo("value within value");
		assertThat(this.source.calls).hasValue(2);
	}

	/**
	 * The changes, with the table of the row that a change must lock.
	 */
	enum Change {

		EVICT("cache_entry") {

			@Override
			Mono<String> make(Shelf shelf, String key, String value) {
				return shelf.change(key, value);
			}

		},

		EVICT_BEFORE("cache_entry") {

			@Override
			Mono<String> make(Shelf shelf, String key, String value) {
				return Mono.defer(() -> {
					shelf.write(key, value);
					return shelf.forget(key).thenReturn(value);
				});
			}

		},

		PUT("cache_entry") {

			@Override
			Mono<String> make(Shelf shelf, String key, String value) {
				return shelf.replace(key, value);
			}

		},

		CLEAR("cache") {

			@Override
			Mono<String> make(Shelf shelf, String key, String value) {
				return shelf.changeAll(key, value);
			}

		};

		private final String locks;

		Change(String locks) {
			this.locks = locks;
		}

		abstract Mono<String> make(Shelf shelf, String key, String value);

	}

	enum Interruption {

		BLOCK_FIRST {

			@Override
			@Nullable String of(Flux<String> flux) {
				return flux.blockFirst();
			}

		},

		TAKE {

			@Override
			@Nullable String of(Flux<String> flux) {
				return flux.take(1).single().block();
			}

		},

		NEXT {

			@Override
			@Nullable String of(Flux<String> flux) {
				return flux.next().block(Duration.ofSeconds(60));
			}

		};

		abstract @Nullable String of(Flux<String> flux);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Config {

		@Bean
		Shelf shelf(Source source) {
			return new Shelf(source);
		}

	}

	/**
	 * The source of the values, which counts its calls.
	 */
	static final class Source {

		final Map<String, String> data = new ConcurrentHashMap<>();

		final AtomicInteger calls = new AtomicInteger();

		volatile CountDownLatch rest = new CountDownLatch(0);

	}

	static class Shelf {

		private final Source source;

		Shelf(Source source) {
			this.source = source;
		}

		@Cacheable("shelf")
		public Mono<String> read(String key) {
			return Mono.fromSupplier(() -> load(key));
		}

		@Cacheable("shelf")
		public @Nullable String blocking(String key) {
			return load(key);
		}

		private String load(String key) {
			this.source.calls.incrementAndGet();
			return Objects.requireNonNull(this.source.data.get(key));
		}

		@CacheEvict(cacheNames = "shelf", key = "#key")
		public Mono<String> change(String key, String value) {
			return Mono.fromSupplier(() -> write(key, value));
		}

		@CacheEvict(cacheNames = "shelf", beforeInvocation = true)
		public Mono<String> forget(String key) {
			return Mono.just(key);
		}

		@CacheEvict(cacheNames = "shelf", allEntries = true)
		public Mono<String> changeAll(String key, String value) {
			return Mono.fromSupplier(() -> write(key, value));
		}

		@CachePut(cacheNames = "shelf", key = "#key")
		public Mono<String> replace(String key, String value) {
			return Mono.fromSupplier(() -> write(key, value));
		}

		public String write(String key, String value) {
			this.source.data.put(key, value);
			return value;
		}

		@Cacheable("pages")
		public Flux<String> pages(String key) {
			return Flux.defer(() -> {
				this.source.calls.incrementAndGet();
				return Flux.just("one", "two", "three").doOnNext(this::pause);
			});
		}

		private void pause(String page) {
			if (!page.equals("one")) {
				try {
					this.source.rest.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

		@Cacheable(cacheNames = "pages", key = "#key")
		public Flux<String> pagesOn(String key, boolean mayWait) {
			return pages(key).publishOn(mayWait ? Schedulers.boundedElastic() : Schedulers.parallel());
		}

		@Cacheable(cacheNames = "nested", key = "#key")
		public Mono<String> nested(String key, Shelf proxy) {
			return Mono.defer(() -> {
				if (this.source.calls.incrementAndGet() > 1) {
					return Mono.just("value");
				}
				return proxy.nested(key, proxy).map((inner) -> inner + " within " + inner);
			});
		}

	}

}
