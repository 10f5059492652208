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

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.test.Concurrently;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The behaviour of a {@link PostgresCache} with any settings.
 */
abstract class AbstractPostgresCacheContract extends AbstractVariant {

	protected PostgresCache newCache() {
		return this.caches.cache("cache-" + UUID.randomUUID());
	}

	@Test
	void missIsNull() {
		assertThat(newCache().get("absent")).isNull();
	}

	@Test
	void putValueIsRead() {
		PostgresCache cache = newCache();
		Book book = new Book("Middlemarch", 880, List.of("classic"));
		cache.put("key", book);
		assertThat(valueOf(cache.get("key"))).isEqualTo(book);
		assertThat(cache.get("key", Book.class)).isEqualTo(book);
	}

	@Test
	void putReplaces() {
		PostgresCache cache = newCache();
		cache.put("key", "first");
		cache.put("key", 2L);
		assertThat(cache.get("key", Long.class)).isEqualTo(2L);
	}

	@Test
	void nullIsCached() {
		PostgresCache cache = newCache();
		cache.put("key", null);
		ValueWrapper wrapper = cache.get("key");
		assertThat(wrapper).isNotNull();
		assertThat(valueOf(wrapper)).isNull();
		assertThat(cache.get("key", String.class)).isNull();
	}

	@Test
	void getOfAnotherTypeIsRefused() {
		PostgresCache cache = newCache();
		cache.put("key", "text");
		assertThatIllegalStateException().isThrownBy(() -> cache.get("key", Integer.class))
			.withMessageContaining("java.lang.String")
			.withMessageContaining("java.lang.Integer");
	}

	@Test
	void keysOfDifferentTypesAreDifferentKeys() {
		PostgresCache cache = newCache();
		cache.put(42, "number");
		cache.put("42", "text");
		cache.put(new SimpleKey(4, 2), "two numbers");
		cache.put(SimpleKey.EMPTY, "nothing");
		assertThat(cache.get(42, String.class)).isEqualTo("number");
		assertThat(cache.get("42", String.class)).isEqualTo("text");
		assertThat(cache.get(new SimpleKey(4, 2), String.class)).isEqualTo("two numbers");
		assertThat(cache.get(SimpleKey.EMPTY, String.class)).isEqualTo("nothing");
	}

	@Test
	void keyWithoutStoredFormIsRefusedInEveryOperation() {
		PostgresCache cache = newCache();
		Object key = new Object();
		assertThatIllegalArgumentException().isThrownBy(() -> cache.get(key)).withMessageContaining("java.lang.Object");
		assertThatIllegalArgumentException().isThrownBy(() -> cache.put(key, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> cache.evict(key));
	}

	@Test
	void cachesDoNotShareEntries() {
		PostgresCache one = newCache();
		PostgresCache other = newCache();
		one.put("key", "one");
		assertThat(other.get("key")).isNull();
		other.put("key", "other");
		other.clear();
		assertThat(one.get("key", String.class)).isEqualTo("one");
	}

	@Test
	void longKeysAndUnsupportedStringsAreCached() {
		PostgresCache cache = newCache();
		String longKey = "k".repeat(10_000);
		String value = "nul \u0000 and half a pair \ud83d";
		cache.put(longKey, value);
		cache.put(value, longKey);
		assertThat(cache.get(longKey, String.class)).isEqualTo(value);
		assertThat(cache.get(value, String.class)).isEqualTo(longKey);
	}

	@Test
	void numbersKeepTheirTypeAndScale() {
		PostgresCache cache = newCache();
		List<Object> numbers = new ArrayList<>(List.of(1.2e7, 1e-9, -0.0, 5L, 7, 3f, new BigDecimal("1E+9"),
				new BigDecimal("1.500"), new BigInteger("123456789012345678901234567890")));
		cache.put("key", numbers);
		assertThat(valueOf(cache.get("key"))).isEqualTo(numbers);
	}

	@Test
	void putIfAbsentWritesOnce() {
		PostgresCache cache = newCache();
		assertThat(cache.putIfAbsent("key", "first")).isNull();
		assertThat(valueOf(cache.putIfAbsent("key", "second"))).isEqualTo("first");
		assertThat(cache.get("key", String.class)).isEqualTo("first");
	}

	@Test
	void cachedNullIsPresentForPutIfAbsent() {
		PostgresCache cache = newCache();
		assertThat(cache.putIfAbsent("key", null)).isNull();
		ValueWrapper present = cache.putIfAbsent("key", "value");
		assertThat(present).isNotNull();
		assertThat(valueOf(present)).isNull();
	}

	@Test
	void putIfAbsentReplacesExpiredOrClearedEntry() {
		PostgresCache cache = newCache();
		cache.put("expired", "old");
		this.database.execute("update psqache.cache_entry set expires_at = now() where key = '\"expired\"'");
		assertThat(cache.putIfAbsent("expired", "new")).isNull();
		assertThat(cache.get("expired", String.class)).isEqualTo("new");
		cache.clear();
		assertThat(cache.putIfAbsent("expired", "newer")).isNull();
		assertThat(cache.get("expired", String.class)).isEqualTo("newer");
	}

	@Test
	void concurrentPutIfAbsentWritesOnce() throws Exception {
		PostgresCache cache = newCache();
		AtomicInteger written = new AtomicInteger();
		List<@Nullable Object> seen = Concurrently.run(16, (number) -> {
			ValueWrapper present = cache.putIfAbsent("key", number);
			if (present == null) {
				written.incrementAndGet();
				return number;
			}
			return String.valueOf(present.get()).transform(Integer::valueOf);
		});
		assertThat(written).hasValue(1);
		assertThat(seen.stream().distinct()).hasSize(1);
	}

	@Test
	void evictRemovesOneEntry() {
		PostgresCache cache = newCache();
		cache.put("key", "value");
		cache.put("other", "value");
		cache.evict("key");
		assertThat(cache.get("key")).isNull();
		assertThat(cache.get("other")).isNotNull();
	}

	@Test
	void evictIfPresentReturnsWhetherEntryExisted() {
		PostgresCache cache = newCache();
		cache.put("key", null);
		assertThat(cache.evictIfPresent("key")).isTrue();
		assertThat(cache.evictIfPresent("key")).isFalse();
		cache.put("key", "cleared");
		cache.clear();
		assertThat(cache.evictIfPresent("key")).isFalse();
		cache.put("key", "expired");
		this.database.execute("update psqache.cache_entry set expires_at = now()");
		assertThat(cache.evictIfPresent("key")).isFalse();
	}

	@Test
	void clearRemovesAllEntriesAndAllowsNewOnes() {
		PostgresCache cache = newCache();
		cache.put("one", 1);
		cache.put("two", 2);
		cache.clear();
		assertThat(cache.get("one")).isNull();
		assertThat(cache.get("two")).isNull();
		cache.put("one", 3);
		assertThat(cache.get("one", Integer.class)).isEqualTo(3);
	}

	@Test
	void clearWritesNoEntry() {
		PostgresCache cache = newCache();
		cache.put("one", 1);
		String before = this.database
			.query("select max(xmin::text::bigint) || '/' || count(*) from psqache.cache_entry");
		cache.clear();
		assertThat(this.database.query("select max(xmin::text::bigint) || '/' || count(*) from psqache.cache_entry"))
			.isEqualTo(before);
	}

	@Test
	void invalidateReturnsWhetherEntriesExisted() {
		PostgresCache cache = newCache();
		assertThat(cache.invalidate()).isFalse();
		cache.put("key", "value");
		assertThat(cache.invalidate()).isTrue();
		assertThat(cache.get("key")).isNull();
		assertThat(cache.invalidate()).isFalse();
	}

	@Test
	void expiredEntryIsAMiss() {
		PostgresCache cache = newCache();
		cache.put("key", "value");
		this.database.execute("update psqache.cache_entry set expires_at = now()");
		assertThat(cache.get("key")).isNull();
	}

	@Test
	void loaderRunsOnlyOnMiss() {
		PostgresCache cache = newCache();
		AtomicInteger loads = new AtomicInteger();
		assertThat(cache.get("key", loads::incrementAndGet)).isEqualTo(1);
		assertThat(cache.get("key", loads::incrementAndGet)).isEqualTo(1);
		assertThat(cache.get("key", Integer.class)).isEqualTo(1);
	}

	@Test
	void loadedNullIsCached() {
		PostgresCache cache = newCache();
		AtomicInteger loads = new AtomicInteger();
		assertThat(cache.<@Nullable String>get("key", () -> {
			loads.incrementAndGet();
			return null;
		})).isNull();
		assertThat(cache.<@Nullable String>get("key", () -> "not called")).isNull();
		assertThat(loads).hasValue(1);
	}

	@Test
	void exceptionOfLoaderIsPropagatedAndNotCached() {
		PostgresCache cache = newCache();
		assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> cache.get("key", () -> {
			throw new java.io.IOException("no");
		})).withCauseInstanceOf(java.io.IOException.class);
		assertThat(cache.get("key", () -> "yes")).isEqualTo("yes");
	}

	@Test
	void concurrentMissesShareOneLoad() throws Exception {
		PostgresCache cache = newCache();
		AtomicInteger loads = new AtomicInteger();
		CompletableFuture<Void> release = new CompletableFuture<>();
		Future<List<@Nullable Object>> all = Concurrently.start(12, (number) -> cache.get("key", () -> {
			release.join();
			return loads.incrementAndGet();
		}));
		Concurrently.awaitThat(() -> cache.getStatistics().misses() == 12);
		release.complete(null);
		assertThat(all.get(30, TimeUnit.SECONDS)).containsOnly(1);
		assertThat(loads).hasValue(1);
	}

	@Test
	void loadThatBeganBeforeEvictionIsNotSharedAfterIt() throws Exception {
		PostgresCache cache = newCache();
		CompletableFuture<Void> release = new CompletableFuture<>();
		AtomicInteger loading = new AtomicInteger();
		Future<List<@Nullable Object>> slow = Concurrently.start(1, (number) -> cache.get("key", () -> {
			loading.incrementAndGet();
			release.join();
			return "old";
		}));
		Concurrently.awaitThat(() -> loading.get() == 1);
		cache.evict("key");
		assertThat(cache.get("key", () -> "new")).isEqualTo("new");
		release.complete(null);
		assertThat(slow.get(30, TimeUnit.SECONDS)).containsExactly("old");
	}

	@Test
	void loaderMayUseTheCache() {
		PostgresCache cache = newCache();
		String value = cache.get("outer",
				() -> cache.get("inner", () -> "in") + "+" + cache.get("outer", () -> "same key"));
		assertThat(value).isEqualTo("in+same key");
	}

	@Test
	void retrieveReturnsHitMissAndNull() throws Exception {
		PostgresCache cache = newCache();
		cache.put("key", "value");
		cache.put("null", null);
		assertThat(retrieve(cache, "absent")).isNull();
		assertThat(valueOf((ValueWrapper) retrieve(cache, "key"))).isEqualTo("value");
		ValueWrapper nothing = (ValueWrapper) retrieve(cache, "null");
		assertThat(nothing).isNotNull();
		assertThat(valueOf(nothing)).isNull();
	}

	@Test
	void retrieveWithLoaderLoadsOnce() throws Exception {
		PostgresCache cache = newCache();
		AtomicInteger loads = new AtomicInteger();
		CompletableFuture<Integer> slow = new CompletableFuture<>();
		CompletableFuture<Integer> first = cache.retrieve("key", () -> {
			loads.incrementAndGet();
			return slow;
		});
		CompletableFuture<Integer> second = cache.retrieve("key", () -> {
			loads.incrementAndGet();
			return slow;
		});
		Concurrently.awaitThat(() -> cache.getStatistics().misses() == 2 && loads.get() == 1);
		slow.complete(7);
		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(7);
		assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(7);
		assertThat(loads).hasValue(1);
		assertThat(cache.get("key", Integer.class)).isEqualTo(7);
	}

	@Test
	void exceptionOfAsynchronousLoaderIsPropagated() {
		PostgresCache cache = newCache();
		CompletableFuture<String> failed = cache.retrieve("key",
				() -> CompletableFuture.failedFuture(new IllegalStateException("no")));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> failed.get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(IllegalStateException.class);
		CompletableFuture<String> thrown = cache.retrieve("key", () -> {
			throw new IllegalStateException("no");
		});
		assertThatExceptionOfType(CompletionException.class).isThrownBy(thrown::join)
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void continuationOfRetrievalDoesNotRunOnWorker() throws Exception {
		PostgresCache cache = newCache();
		String thread = cache.retrieve("key")
			.thenApply((miss) -> Thread.currentThread().getName())
			.get(30, TimeUnit.SECONDS);
		assertThat(thread).doesNotContainPattern("psqache-(reader|writer)");
	}

	@Test
	void statisticsAreCounted() {
		PostgresCache cache = newCache();
		cache.get("key");
		cache.put("key", "value");
		cache.get("key");
		cache.get("key");
		cache.evict("key");
		CacheStatistics statistics = cache.getStatistics();
		assertThat(Map.of("hits", statistics.hits(), "misses", statistics.misses(), "puts", statistics.puts(),
				"evictions", statistics.evictions()))
			.isEqualTo(Map.of("hits", 2L, "misses", 1L, "puts", 1L, "evictions", 1L));
	}

	private static @Nullable Object retrieve(PostgresCache cache, Object key) throws Exception {
		return cache.retrieve(key).get(30, TimeUnit.SECONDS);
	}

	private static @Nullable Object valueOf(@Nullable ValueWrapper wrapper) {
		assertThat(wrapper).isNotNull();
		return (wrapper != null) ? wrapper.get() : null;
	}

	record Book(String title, int pages, List<String> tags) {

	}

}
