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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.psqache.TestCaches;
import io.psqache.CacheUsage;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.StoredValue;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static io.psqache.test.Concurrently.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The meters of the engine and of caches that are created at startup or later.
 */
class MetricsIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@ParameterizedTest
	@ValueSource(strings = { "psqache.caches.books.time-to-live=1h", "spring.cache.cache-names=books",
			"psqache.caches.others.time-to-live=1h" })
	void everyCacheIsCounted(String property) {
		this.application.withPropertyValues(property).run((context) -> {
			use(TestApplication.cache(context, "books"));
			assertThat(count(context, "cache.gets", "result", "hit")).isEqualTo(2);
			assertThat(count(context, "cache.gets", "result", "miss")).isEqualTo(3);
			assertThat(count(context, "cache.puts")).isEqualTo(4);
			assertThat(count(context, "cache.evictions")).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.caches.books.time-to-live=1h", "spring.cache.cache-names=books" })
	void cacheKnownAtStartupHasMetersAtStartup(String property) {
		this.application.withPropertyValues(property)
			.run((context) -> assertThat(count(context, "cache.gets", "result", "hit")).isZero());
	}

	@Test
	void loadsAndOldValuesAreCounted() {
		this.application.withPropertyValues("psqache.caches.books.fresh-for=1ms").run((context) -> {
			PostgresCache books = TestApplication.cache(context, "books");
			books.get("key", () -> "value");
			assertThat(count(context, "psqache.loads")).isEqualTo(1);
			awaitThat(() -> {
				books.get("key", () -> "value");
				return count(context, "psqache.refreshes", "outcome", "success") > 0;
			});
			assertThat(count(context, "psqache.loads")).isGreaterThan(1);
			assertThat(count(context, "psqache.stale", "reason", "fresh-for")).isPositive();
			assertThat(count(context, "psqache.stale", "reason", "error")).isZero();
			assertThat(count(context, "psqache.refreshes", "outcome", "failure")).isZero();
			assertThat(count(context, "psqache.refreshes", "outcome", "skipped")).isZero();
			assertThat(count(context, "psqache.loads.failed")).isZero();
			assertThat(count(context, "psqache.loads.timeouts")).isZero();
			assertThat(count(context, "psqache.loads.shared")).isZero();
			assertThat(count(context, "psqache.loads.waits")).isZero();
		});
	}

	@Test
	void meterIsBoundOnce() {
		this.application.withPropertyValues("psqache.caches.books.time-to-live=1h").run((context) -> {
			TestApplication.cache(context, "books");
			TestApplication.cache(context, "films");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("cache.puts").tag("cache", "books").functionCounters()).hasSize(1);
			assertThat(registry.get("cache.puts").tag("cache", "films").functionCounters()).hasSize(1);
		});
	}

	@Test
	void metersHaveSameTagsForAllCaches() {
		this.application.withPropertyValues("psqache.caches.books.time-to-live=1h").run((context) -> {
			TestApplication.cache(context, "films");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("cache.puts").functionCounters()).hasSize(2)
				.allSatisfy((meter) -> assertThat(meter.getId().getTags()).extracting("key")
					.containsExactlyInAnyOrder("cache", "name", "cache.manager"))
				.extracting((meter) -> meter.getId().getTag("cache.manager"))
				.containsOnly("cacheManager");
		});
	}

	@Test
	void failuresAreCountedByOperationAndCause() {
		behindRelay().run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			this.database.relay().cut();
			assertThat(cache.get(1)).isNull();
			assertThat(cache.get(2)).isNull();
			cache.put(1, "lost");
			cache.evict(1);
			cache.clear();
			cache.clear();
			assertThat(failures(context, "get")).isEqualTo(2);
			assertThat(failures(context, "put")).isEqualTo(1);
			assertThat(failures(context, "evict")).isEqualTo(1);
			assertThat(failures(context, "clear")).isEqualTo(2);
			assertThat(count(context, "cache.gets", "result", "miss")).isEqualTo(2);
			assertThat(count(context, "cache.puts")).isZero();
		});
	}

	@Test
	void breakerAndPendingEvictionsAreMeasured() {
		behindRelay().run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			assertThat(breakerState(context, "closed")).isOne();
			assertThat(pendingEvictions(context)).isZero();
			this.database.relay().cut();
			awaitThat(() -> cache.get(1) == null && breakerState(context, "closed") == 0);
			cache.evict(1);
			cache.evict(2);
			assertThat(pendingEvictions(context)).isEqualTo(2);
			assertThat(breakerState(context, "open") + breakerState(context, "half_open")).isBetween(0.0, 1.0);
			assertThat(failures(context, "evict", "suspended")).isEqualTo(2);
			this.database.relay().restore();
			awaitThat(() -> breakerState(context, "closed") == 1 && pendingEvictions(context) == 0);
		});
	}

	@Test
	void timeoutIsCounted() {
		behindRelay().run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			awaitThat(() -> {
				cache.put(1, "first");
				return cache.get(1) != null;
			});
			double before = failures(context, "get", "timeout");
			double answered = timer(context, "get", "failure").count();
			this.database.relay().stall();
			assertThat(cache.get(1)).isNull();
			assertThat(failures(context, "get", "timeout")).isEqualTo(before + 1);
			assertThat(timer(context, "get", "failure").count()).isEqualTo((long) answered + 1);
			assertThat(timer(context, "get", "failure").max(TimeUnit.MILLISECONDS)).isBetween(250.0, 30_000.0);
			this.database.relay().restore();
		});
	}

	@Test
	void meterOfExpectedCauseExistsAtStartupAndOthersAtFirstFailure() {
		this.application.withPropertyValues("psqache.caches.books.time-to-live=1h").run((context) -> {
			assertThat(causes(context, "get")).containsExactlyInAnyOrder("timeout", "unavailable", "overloaded",
					"suspended");
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put(1, "unreadable");
			this.database.execute("update psqache.cache_entry set type = 'no.such.Type'");
			assertThat(cache.get(1)).isNull();
			assertThat(cache.get(1)).isNull();
			assertThat(failures(context, "get", "unreadable")).isEqualTo(2);
			assertThat(causes(context, "get")).containsExactlyInAnyOrder("timeout", "unavailable", "overloaded",
					"suspended", "unreadable");
			assertThat(causes(context, "put")).containsExactlyInAnyOrder("timeout", "unavailable", "overloaded",
					"suspended");
		});
	}

	@Test
	void usageIsMeasuredForAllCaches() {
		this.application
			.withPropertyValues("psqache.sweep.interval=10ms", "psqache.caches.books.time-to-live=1h",
					"spring.application.name=library")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				PostgresCache films = TestApplication.cache(context, "films");
				for (int i = 0; i < 10; i++) {
					TestApplication.cache(context, "books").put(i, i);
				}
				films.put(1, "a");
				this.database
					.execute("update psqache.cache_entry set written_at = now() - interval '1 hour' where key = '7'");
				awaitThat(() -> gauge(context, "books", "cache.size") == 10
						&& gauge(context, "books", "psqache.cache.oldest.age") >= 3_600
						&& gauge(context, "films", "cache.size") == 1);
				CacheUsage counted = Objects.requireNonNull(films.getUsage());
				assertThat(gauge(context, "films", "psqache.cache.bytes")).isEqualTo((double) counted.bytes())
					.isPositive();
				assertThat(gauge(context, "films", "psqache.cache.expired")).isZero();
				assertThat(gauge(context, "films", "psqache.cache.oldest.age")).isBetween(0.0, 300.0);
				assertThat(gauge(context, "films", "psqache.cache.usage.age")).isBetween(0.0, 300.0);
				assertThat(registry.get("cache.size").gauges()).hasSize(2)
					.allSatisfy((gauge) -> assertThat(gauge.getId().getTags())
						.containsExactlyInAnyOrderElementsOf(registry.get("cache.puts")
							.tag("cache", String.valueOf(gauge.getId().getTag("cache")))
							.functionCounter()
							.getId()
							.getTags()));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "cache.size", "psqache.cache.bytes", "psqache.cache.expired", "psqache.cache.oldest.age",
			"psqache.cache.usage.age" })
	void unknownUsageIsNaN(String meter) {
		this.application.withPropertyValues("psqache.caches.books.time-to-live=1h")
			.run((context) -> assertThat(gauge(context, "books", meter)).isNaN());
	}

	@Test
	void shareOfDeadEntriesIsMeasured() {
		this.application.run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			for (int i = 0; i < 4; i++) {
				cache.put(i, i);
			}
			TestApplication.awaitSweeperAtRest();
			this.database.execute("update psqache.cache_entry set expires_at = now() where key = '0'");
			assertThat(context.getBean(PostgresCacheManager.class).cleanup()).isEqualTo(1);
			assertThat(gauge(context, "books", "psqache.cache.expired")).isEqualTo(0.25);
			assertThat(gauge(context, "books", "cache.size")).isEqualTo(3);
		});
	}

	@Test
	void sweptEntriesAreCountedByReason() {
		this.application
			.withPropertyValues("psqache.sweep.interval=10ms", "psqache.caches.books.max-entries=10",
					"psqache.caches.films.time-to-live=1h")
			.run((context) -> {
				assertThat(swept(context, "expired")).isZero();
				assertThat(swept(context, "evicted")).isZero();
				PostgresCache books = TestApplication.cache(context, "books");
				for (int i = 0; i < 15; i++) {
					books.put(i, i);
				}
				PostgresCache films = TestApplication.cache(context, "films");
				for (int i = 0; i < 5; i++) {
					films.put(i, i);
				}
				films.clear();
				awaitThat(() -> swept(context, "expired") == 5 && swept(context, "evicted") > 0);
				awaitThat(() -> gauge(context, "books", "cache.size") <= 10
						&& gauge(context, "books", "cache.size") + swept(context, "evicted") == 15);
				assertThat(gauge(context, "books", "cache.size")).isPositive();
			});
	}

	@Test
	void operationsAreTimed() {
		this.application.run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("a", 1);
			cache.put("b", 2);
			assertThat(cache.get("a")).isNotNull();
			assertThat(cache.get("missing")).isNull();
			cache.evict("a");
			cache.putIfAbsent("a", 1);
			cache.clear();
			cache.invalidate();
			assertThat(cache.retrieve("a").get(30, TimeUnit.SECONDS)).isNull();
			assertThat(timer(context, "get", "success").count()).isEqualTo(3);
			assertThat(timer(context, "put", "success").count()).isEqualTo(2);
			assertThat(timer(context, "put_if_absent", "success").count()).isEqualTo(1);
			assertThat(timer(context, "evict", "success").count()).isEqualTo(1);
			assertThat(timer(context, "clear", "success").count()).isEqualTo(2);
			assertThat(timer(context, "get", "success").totalTime(TimeUnit.MICROSECONDS)).isBetween(3 * 5.0,
					3 * 10_000_000.0);
			assertThat(
					context.getBean(MeterRegistry.class).get("psqache.operations").tag("outcome", "failure").timers())
				.allSatisfy((timer) -> assertThat(timer.count()).isZero());
		});
	}

	@Test
	void readAndExtensionOfEntryAreTimed() {
		this.application.withPropertyValues("psqache.caches.books.time-to-idle=1h").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put(1, "idle");
			this.database.execute("update psqache.cache_entry set expires_at = expires_at - interval '30 minutes'");
			assertThat(cache.get(1)).isNotNull();
			assertThat(timer(context, "get", "success").count()).isEqualTo(1);
			awaitThat(() -> timer(context, "touch", "success").count() == 1);
		});
	}

	@Test
	void waitingOperationsAreCountedInQueueAndThenInBatches() {
		this.application.run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put("known", 1);
			TestApplication.awaitSweeperAtRest();
			assertThat(queueLength(context, "reads")).isZero();
			List<CompletableFuture<?>> reads = new ArrayList<>();
			try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
				blockReadWorkers(cache, reads);
				for (int i = 0; i < 50; i++) {
					reads.add(cache.retrieve("known"));
				}
				assertThat(queueLength(context, "reads")).isBetween(50.0, 50.0 + reads.size());
				assertThat(queueLength(context, "writes")).isZero();
			}
			for (CompletableFuture<?> read : reads) {
				read.get(30, TimeUnit.SECONDS);
			}
			assertThat(queueLength(context, "reads")).isZero();
			DistributionSummary sizes = batchSizes(context, "get");
			assertThat(sizes.max()).isGreaterThan(1);
			assertThat(sizes.totalAmount()).isEqualTo(reads.size());
			assertThat(sizes.count()).isLessThan(reads.size());
			assertThat(timer(context, "get", "success").count()).isEqualTo(reads.size());
			assertThat(batchSizes(context, "put").totalAmount()).isEqualTo(1);
		});
	}

	@Test
	void batchThatIsRepeatedOperationByOperationIsCountedAgain() {
		this.application.withPropertyValues("psqache.pool.maximum-size=2").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			TestApplication.awaitSweeperAtRest();
			// The clear registers the cache in the database.
			cache.clear();
			EntryStore store = TestCaches.store(context.getBean(PostgresCacheManager.class));
			CacheHandle books = TestStores.cache(store, "", "books");
			List<CompletableFuture<?>> puts = new ArrayList<>();
			try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
				puts.add(store.put(books, "busy", TestStores.entry(StoredValue.NULL)).in(CallMode.ASYNC));
				awaitThat(() -> this.database.locksWaitedFor() == 1);
				puts.add(store.put(books, "good", TestStores.entry(StoredValue.NULL)).in(CallMode.ASYNC));
				puts.add(store.put(books, "bad", TestStores.entry(StoredValue.json("{", "java.lang.Integer")))
					.in(CallMode.ASYNC));
				assertThat(queueLength(context, "writes")).isEqualTo(2);
			}
			puts.get(1).get(30, TimeUnit.SECONDS);
			assertThatException().isThrownBy(() -> puts.get(2).get(30, TimeUnit.SECONDS));
			assertThat(batchSizes(context, "put").count()).isEqualTo(1 + 1 + 2);
			assertThat(batchSizes(context, "put").totalAmount()).isEqualTo(1 + 2 + 2);
			assertThat(timer(context, "put", "success").count()).isEqualTo(2);
			assertThat(timer(context, "put", "failure").count()).isEqualTo(1);
		});
	}

	@Test
	void putWithFullQueueIsCountedAsDropped() {
		this.application.withPropertyValues("psqache.pool.maximum-size=2", "psqache.timeout=60s").run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			TestApplication.awaitSweeperAtRest();
			cache.put("known", 1);
			EntryStore store = TestCaches.store(context.getBean(PostgresCacheManager.class));
			CacheHandle books = TestStores.cache(store, "", "books");
			try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
				List<CompletableFuture<?>> evictions = new ArrayList<>();
				evictions.add(store.evict(books, "known").in(CallMode.ASYNC));
				awaitThat(() -> this.database.locksWaitedFor() == 1);
				while (evictions.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
					for (int i = 0; i < 1_000; i++) {
						evictions.add(store.evict(books, "known").in(CallMode.ASYNC));
					}
				}
				cache.put("dropped", 1);
				assertThat(failures(context, "put", "overloaded")).isEqualTo(1);
				assertThat(timer(context, "put", "failure").count()).isEqualTo(1);
				assertThat(queueLength(context, "writes")).isEqualTo(10_000);
			}
		});
	}

	@Test
	void registryThatUsesCacheIsCreatedAfterIt() {
		this.application.withBean(NamespaceTag.class).run((context) -> {
			assertThat(context).hasNotFailed();
			TestApplication.cache(context, "books").put(1, "counted");
			assertThat(timer(context, "put", "success").count()).isEqualTo(1);
		});
	}

	@Test
	void cacheWorksWithoutRegistry() {
		this.application.withPropertyValues("management.simple.metrics.export.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(SimpleMeterRegistry.class);
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		});
	}

	/**
	 * Execute two hits, three misses, four puts and one eviction.
	 */
	private static void use(PostgresCache cache) {
		assertThat(cache.get("a")).isNull();
		cache.put("a", 1);
		cache.put("b", 2);
		cache.put("b", 3);
		assertThat(cache.get("a")).isNotNull();
		assertThat(cache.get("b")).isNotNull();
		cache.evict("a");
		assertThat(cache.get("a")).isNull();
		assertThat(cache.get("c", () -> 4)).isEqualTo(4);
	}

	/**
	 * Block both read workers. More reads may wait behind them.
	 */
	private void blockReadWorkers(PostgresCache cache, List<CompletableFuture<?>> reads) {
		awaitThat(() -> { // One worker may execute all reads so far, so more are sent.
			reads.add(cache.retrieve("busy"));
			return this.database.locksWaitedFor() == 2;
		});
	}

	private ApplicationContextRunner behindRelay() {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(TestApplication.properties(this.database.relayedUrl(), this.database.username(),
					this.database.password(), "psqache.timeout=300ms", "psqache.caches.books.time-to-live=1h"));
	}

	private static double count(BeanFactory context, String meter, String... tags) {
		return ofBooks(context, meter, tags).functionCounter().count();
	}

	private static double failures(BeanFactory context, String operation) {
		return ofBooks(context, "psqache.failures", "operation", operation).functionCounters()
			.stream()
			.mapToDouble(FunctionCounter::count)
			.sum();
	}

	private static double failures(BeanFactory context, String operation, String cause) {
		return count(context, "psqache.failures", "operation", operation, "cause", cause);
	}

	private static List<String> causes(BeanFactory context, String operation) {
		return ofBooks(context, "psqache.failures", "operation", operation).functionCounters()
			.stream()
			.map((meter) -> String.valueOf(meter.getId().getTag("cause")))
			.toList();
	}

	private static double gauge(BeanFactory context, String cache, String meter) {
		return context.getBean(MeterRegistry.class)
			.get(meter)
			.tags("cache", cache, "cache.manager", "cacheManager")
			.gauge()
			.value();
	}

	private static double swept(BeanFactory context, String reason) {
		return context.getBean(MeterRegistry.class).get("psqache.swept").tag("reason", reason).counter().count();
	}

	private static RequiredSearch ofBooks(BeanFactory context, String meter, String... tags) {
		return context.getBean(MeterRegistry.class)
			.get(meter)
			.tags("cache", "books", "cache.manager", "cacheManager")
			.tags(tags);
	}

	private static Timer timer(BeanFactory context, String operation, String outcome) {
		return context.getBean(MeterRegistry.class)
			.get("psqache.operations")
			.tags("operation", operation, "outcome", outcome)
			.timer();
	}

	private static DistributionSummary batchSizes(BeanFactory context, String operation) {
		return context.getBean(MeterRegistry.class).get("psqache.batch.size").tag("operation", operation).summary();
	}

	private static double queueLength(BeanFactory context, String queue) {
		return context.getBean(MeterRegistry.class).get("psqache.queue.length").tag("queue", queue).gauge().value();
	}

	private static double pendingEvictions(BeanFactory context) {
		return context.getBean(MeterRegistry.class).get("psqache.evictions.pending").gauge().value();
	}

	private static double breakerState(BeanFactory context, String state) {
		return context.getBean(MeterRegistry.class).get("psqache.breaker.state").tag("state", state).gauge().value();
	}

	/**
	 * A filter that needs the cache, while the registry needs the filter.
	 */
	static final class NamespaceTag implements MeterFilter {

		private final PostgresCacheManager cacheManager;

		NamespaceTag(PostgresCacheManager cacheManager) {
			this.cacheManager = cacheManager;
		}

		@Override
		public Meter.Id map(Meter.Id id) {
			return id.withTag(Tag.of("namespace", this.cacheManager.getNamespace()));
		}

	}

}
