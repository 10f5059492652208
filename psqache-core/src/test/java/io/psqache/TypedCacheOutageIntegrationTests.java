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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The operations of a typed cache while PostgreSQL is unavailable.
 */
class TypedCacheOutageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofMillis(300));

	private final TypedCache<String, String> cache = this.caches.manager()
		.typedCache("books", String.class, String.class);

	private final CacheStatistics statistics = this.caches.cache("books").getStatistics();

	@BeforeEach
	void fill() {
		TestCaches.migrate(this.database);
		Concurrently.awaitThat(() -> {
			this.cache.set("key", "cached");
			return this.cache.get("key").isPresent();
		});
	}

	@AfterEach
	void close() {
		this.caches.close();
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void readsAreMissesAndCounted(boolean hangs) throws Exception {
		breakServer(hangs);
		long failures = this.statistics.failures(CacheOperation.GET);
		assertThat(this.cache.get("key")).isEmpty();
		assertThat(this.cache.getAll(List.of("key", "other"))).isEmpty();
		assertThat(this.cache.has("key")).isFalse();
		assertThat(this.cache.timeToLive("key")).isEmpty();
		assertThat(get(this.cache.getAsync("key"))).isEmpty();
		assertThat(get(this.cache.getAllAsync(List.of("key", "other")))).isEmpty();
		assertThat(get(this.cache.hasAsync("key"))).isFalse();
		assertThat(get(this.cache.timeToLiveAsync("key"))).isEmpty();
		assertThat(this.statistics.failures(CacheOperation.GET)).isEqualTo(failures + 8);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void loadersLoad(boolean hangs) throws Exception {
		breakServer(hangs);
		assertThat(this.cache.get("key", (key) -> "loaded")).isEqualTo("loaded");
		assertThat(get(this.cache.getAsync("key", (key) -> CompletableFuture.completedFuture("loaded"))))
			.isEqualTo("loaded");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void writesOfOneEntryFailAndAreCounted(boolean hangs) throws Exception {
		breakServer(hangs);
		long failures = this.statistics.failures(CacheOperation.PUT);
		this.cache.set("key", "lost");
		this.cache.set("key", "lost", Duration.ofHours(1));
		assertThat(this.cache.setIfAbsent("new", "lost")).isFalse();
		get(this.cache.setAsync("key", "lost"));
		assertThat(get(this.cache.setIfAbsentAsync("new", "lost"))).isFalse();
		assertThat(this.statistics.failures(CacheOperation.PUT)).isEqualTo(failures + 5);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void evictionsAreAddedToBacklog(boolean hangs) throws Exception {
		breakServer(hangs);
		assertThat(this.cache.delete("1")).isFalse();
		assertThat(this.cache.deleteAll(List.of("2", "3"))).isZero();
		assertThat(get(this.cache.deleteAsync("4"))).isFalse();
		assertThat(get(this.cache.deleteAllAsync(List.of("5")))).isZero();
		assertThat(this.caches.manager().getStatus().pendingEvictions()).isEqualTo(5);
		get(this.cache.clearAsync());
		this.cache.clear();
		Concurrently.awaitThat(() -> this.caches.manager().getStatus().pendingEvictions() == 1);
		assertThat(this.statistics.failures(CacheOperation.EVICT)).isEqualTo(4);
		assertThat(this.statistics.failures(CacheOperation.CLEAR)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void bulkWriteThrowsAndEvictsUnstoredEntries(boolean hangs) {
		this.cache.set("unchanged", "cached");
		breakServer(hangs);
		assertThatExceptionOfType(CacheWriteException.class)
			.isThrownBy(() -> this.cache.setAll(Map.of("key", "lost", "other", "lost")))
			.withMessageContaining("the storage of only 0 of 2 entries")
			.withMessageNotContaining("lost");
		assertFails(this.cache.setAllAsync(Map.of("key", "lost")), CacheWriteException.class);
		this.database.relay().restore();
		Concurrently.awaitThat(() -> {
			assertThat(this.cache.get("key")).isEmpty();
			return this.cache.get("unchanged").isPresent();
		});
	}

	private static void assertFails(CompletableFuture<?> future, Class<? extends Throwable> cause) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(future)).withCauseInstanceOf(cause);
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(30, TimeUnit.SECONDS);
	}

	private void breakServer(boolean hangs) {
		if (hangs) {
			this.database.relay().stall();
		}
		else {
			this.database.relay().cut();
		}
	}

}
