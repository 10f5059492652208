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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The behaviour of a {@link TypedCache} with any settings.
 */
abstract class AbstractTypedCacheContract extends AbstractVariant {

	protected Opened newCache() {
		String name = "cache-" + UUID.randomUUID();
		return new Opened(this.caches.manager().typedCache(name, String.class, Book.class), this.caches.cache(name));
	}

	private void execute(Opened opened, String set) {
		this.database.execute("update psqache.cache_entry set " + set
				+ " where cache_id = (select id from psqache.cache where name = '" + opened.spring().getName() + "')");
	}

	@Test
	void setValueIsRead() {
		TypedCache<String, Book> cache = newCache().typed();
		assertThat(cache.get("key")).isEmpty();
		cache.set("key", new Book("Emma"));
		assertThat(cache.get("key")).contains(new Book("Emma"));
		cache.set("key", new Book("Persuasion"));
		assertThat(cache.get("key")).contains(new Book("Persuasion"));
	}

	@Test
	void annotationsAndTypedApiShareEntriesAndCounters() {
		Opened opened = newCache();
		opened.spring().put("spring", new Book("Emma"));
		opened.typed().set("typed", new Book("Persuasion"));
		assertThat(opened.typed().get("spring")).contains(new Book("Emma"));
		assertThat(opened.spring().get("typed", Book.class)).isEqualTo(new Book("Persuasion"));
		assertThat(opened.typed().delete("spring")).isTrue();
		assertThat(opened.spring().get("spring")).isNull();
		opened.spring().clear();
		assertThat(opened.typed().getAll(List.of("spring", "typed"))).isEmpty();
		CacheStatistics statistics = opened.spring().getStatistics();
		assertThat(List.of(statistics.hits(), statistics.misses(), statistics.evictions()))
			.isEqualTo(List.of(2L, 3L, 1L));
	}

	@Test
	void loaderRunsOnlyOnMiss() {
		TypedCache<String, Book> cache = newCache().typed();
		AtomicInteger loads = new AtomicInteger();
		for (int i = 0; i < 2; i++) {
			assertThat(cache.get("key", (key) -> new Book(key + loads.incrementAndGet()))).isEqualTo(new Book("key1"));
		}
		assertThat(cache.get("key")).contains(new Book("key1"));
	}

	@Test
	void loadedNullIsCachedAsEntryWithoutValue() {
		TypedCache<String, Book> cache = newCache().typed();
		assertThat(cache.get("key", (key) -> null)).isNull();
		assertThat(cache.get("key", (key) -> new Book("not called"))).isNull();
		assertThat(cache.get("key")).isEmpty();
		assertThat(cache.getAll(List.of("key"))).isEmpty();
		assertThat(cache.has("key")).isTrue();
		assertThat(cache.timeToLive("key")).isPresent();
		assertThat(cache.setIfAbsent("key", new Book("Emma"))).isFalse();
		assertThat(cache.delete("key")).isTrue();
	}

	@Test
	void exceptionOfLoaderIsPropagatedUnchanged() {
		TypedCache<String, Book> cache = newCache().typed();
		RuntimeException failure = new UnsupportedOperationException("no");
		assertThatThrownBy(() -> cache.get("key", (key) -> {
			throw failure;
		})).isSameAs(failure);
		assertThat(cache.get("key", (key) -> new Book("Emma"))).isEqualTo(new Book("Emma"));
	}

	@Test
	void loadIsSharedWithAnnotatedMethods() throws Exception {
		Opened opened = newCache();
		AtomicInteger loads = new AtomicInteger();
		CompletableFuture<Void> release = new CompletableFuture<>();
		Future<List<@Nullable Object>> all = Concurrently.start(8, (number) -> {
			if (number % 2 == 0) {
				return opened.spring().get("key", () -> slow(release, loads));
			}
			return opened.typed().get("key", (key) -> slow(release, loads));
		});
		Concurrently.awaitThat(() -> opened.spring().getStatistics().misses() == 8);
		release.complete(null);
		assertThat(all.get(30, TimeUnit.SECONDS)).containsOnly(new Book("1"));
	}

	private static Book slow(CompletableFuture<Void> release, AtomicInteger loads) {
		release.join();
		return new Book("" + loads.incrementAndGet());
	}

	@Test
	void loadOfOtherTypeIsNotShared() throws Exception {
		Opened opened = newCache();
		CompletableFuture<Void> release = new CompletableFuture<>();
		Future<List<@Nullable Object>> all = Concurrently.start(1, (number) -> opened.spring().get("key", () -> {
			release.join();
			return 42;
		}));
		Concurrently.awaitThat(() -> opened.spring().getStatistics().misses() == 1);
		CompletableFuture<@Nullable Book> follower = opened.typed()
			.getAsync("key", (key) -> CompletableFuture.completedFuture(new Book("Emma")));
		Future<List<@Nullable Object>> waiting = Concurrently.start(1,
				(number) -> opened.typed().get("key", (key) -> new Book("Emma")));
		Concurrently.awaitThat(() -> opened.spring().getStatistics().misses() == 3);
		release.complete(null);
		assertThat(follower.get(30, TimeUnit.SECONDS)).isEqualTo(new Book("Emma"));
		assertThat(waiting.get(30, TimeUnit.SECONDS)).containsExactly(new Book("Emma"));
		assertThat(all.get(30, TimeUnit.SECONDS)).containsExactly(42);
	}

	@Test
	void loadThatBeganBeforeDeletionIsNotSharedAfterIt() throws Exception {
		TypedCache<String, Book> cache = newCache().typed();
		for (Runnable removal : List.<Runnable>of(() -> cache.delete("key"), () -> cache.deleteAll(List.of("key")),
				cache::clear)) {
			AtomicInteger loading = new AtomicInteger();
			CompletableFuture<Book> slow = new CompletableFuture<>();
			Future<List<@Nullable Object>> before = Concurrently.start(1, (number) -> cache.get("key", (key) -> {
				loading.incrementAndGet();
				return slow.join();
			}));
			Concurrently.awaitThat(() -> loading.get() == 1);
			removal.run();
			assertThat(cache.get("key", (key) -> new Book("new"))).isEqualTo(new Book("new"));
			cache.delete("key");
			slow.complete(new Book("old"));
			assertThat(before.get(30, TimeUnit.SECONDS)).containsExactly(new Book("old"));
			cache.delete("key");
		}
	}

	@Test
	void setIfAbsentWritesOnce() {
		Opened opened = newCache();
		assertThat(opened.typed().setIfAbsent("key", new Book("Emma"))).isTrue();
		assertThat(opened.typed().setIfAbsent("key", new Book("Persuasion"))).isFalse();
		assertThat(opened.typed().get("key")).contains(new Book("Emma"));
		execute(opened, "expires_at = now()");
		assertThat(opened.typed().setIfAbsent("key", new Book("Persuasion"))).isTrue();
		assertThat(opened.typed().get("key")).contains(new Book("Persuasion"));
	}

	@Test
	void deleteReturnsWhetherEntryExisted() {
		Opened opened = newCache();
		opened.typed().set("key", new Book("Emma"));
		assertThat(opened.typed().delete("key")).isTrue();
		assertThat(opened.typed().delete("key")).isFalse();
		opened.typed().set("key", new Book("Emma"));
		execute(opened, "expires_at = now()");
		assertThat(opened.typed().delete("key")).isFalse();
	}

	@Test
	void clearRemovesAll() {
		TypedCache<String, Book> cache = newCache().typed();
		cache.set("one", new Book("Emma"));
		cache.clear();
		assertThat(cache.has("one")).isFalse();
		cache.set("one", new Book("Emma"));
		assertThat(cache.has("one")).isTrue();
	}

	@Test
	void hasAndTimeToLiveAreNotCounted() {
		Opened opened = newCache();
		assertThat(opened.typed().has("key")).isFalse();
		assertThat(opened.typed().timeToLive("key")).isEmpty();
		opened.typed().set("key", new Book("Emma"));
		assertThat(opened.typed().has("key")).isTrue();
		assertThat(opened.typed().timeToLive("key")).isPresent();
		execute(opened, "expires_at = now()");
		assertThat(opened.typed().has("key")).isFalse();
		assertThat(opened.typed().timeToLive("key")).isEmpty();
		assertThat(opened.spring().getStatistics().hits()).isZero();
		assertThat(opened.spring().getStatistics().misses()).isZero();
	}

	@Test
	void timeToLiveOfSetIsUsed() {
		Opened opened = newCache();
		opened.typed().set("hour", new Book("Emma"), Duration.ofHours(1));
		opened.typed().set("day", new Book("Emma"), Duration.ofDays(1));
		opened.typed().setAsync("ever", new Book("Emma"), Duration.ZERO).join();
		assertThat(opened.typed().timeToLive("hour"))
			.hasValueSatisfying((left) -> assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofHours(1)));
		execute(opened, "expires_at = expires_at - interval '10 minutes'");
		assertThat(opened.typed().timeToLive("hour"))
			.hasValueSatisfying((left) -> assertThat(left).isBetween(Duration.ofMinutes(49), Duration.ofMinutes(50)));
	}

	@Test
	void timeToLiveOfCacheIsUsedByDefault() {
		Opened opened = newCache();
		opened.typed().set("key", new Book("Emma"));
		opened.typed().setAll(Map.of("other", new Book("Emma")));
		opened.typed().setIfAbsent("third", new Book("Emma"));
		CacheSettings settings = opened.spring().getSettings();
		Duration longest = (settings.timeToIdle() != null) ? settings.timeToIdle() : settings.timeToLive();
		Duration shortest = (settings.jitter() > 0) ? longest.dividedBy(2) : longest;
		for (String key : List.of("key", "other", "third")) {
			assertThat(opened.typed().timeToLive(key))
				.hasValueSatisfying((left) -> assertThat(left).isBetween(shortest.minusMinutes(1), longest));
		}
	}

	@Test
	void invalidTimesAreRefused() {
		TypedCache<String, Book> cache = newCache().typed();
		for (Duration time : List.of(Duration.ofNanos(-1), CacheSettings.MAX_TIME_TO_LIVE.plusNanos(1))) {
			assertThatIllegalArgumentException().isThrownBy(() -> cache.set("key", new Book("Emma"), time))
				.withMessageContaining("must be zero (never expires) or at most 36500 days");
			assertThatIllegalArgumentException().isThrownBy(() -> cache.setAsync("key", new Book("Emma"), time));
		}
	}

	@Test
	@SuppressWarnings("NullAway") // The test passes null on purpose.
	void nullsAreRefused() {
		TypedCache<String, Book> cache = newCache().typed();
		Map<String, Book> withNull = new HashMap<>();
		withNull.put("key", null);
		assertThatNullPointerException().isThrownBy(() -> cache.set("key", null))
			.withMessageContaining("Delete the entry instead");
		assertThatNullPointerException().isThrownBy(() -> cache.setIfAbsent("key", null));
		assertThatNullPointerException().isThrownBy(() -> cache.setAll(withNull));
		assertThatNullPointerException().isThrownBy(() -> cache.setAsync("key", null));
		assertThatNullPointerException().isThrownBy(() -> cache.get(null)).withMessageContaining("key");
		assertThatNullPointerException().isThrownBy(() -> cache.getAll(Arrays.asList("key", null)));
	}

	@Test
	void bulkCallsReadWriteAndDelete() {
		Opened opened = newCache();
		Map<String, Book> books = Map.of("a", new Book("Emma"), "b", new Book("Persuasion"), "c", new Book("Sanditon"));
		opened.typed().set("a", new Book("old"));
		opened.typed().setAll(books);
		assertThat(opened.typed().getAll(List.of("c", "absent", "a", "b", "a"))).containsExactly(
				Map.entry("c", new Book("Sanditon")), Map.entry("a", new Book("Emma")),
				Map.entry("b", new Book("Persuasion")));
		assertThat(opened.typed().deleteAll(List.of("a", "absent", "c", "a"))).isEqualTo(2);
		assertThat(opened.typed().getAll(books.keySet())).containsOnlyKeys("b");
		CacheStatistics statistics = opened.spring().getStatistics();
		assertThat(List.of(statistics.hits(), statistics.misses(), statistics.evictions()))
			.isEqualTo(List.of(4L, 3L, 3L));
		// The first put may be replaced while it is queued.
		assertThat(statistics.puts()).isBetween(3L, 4L);
	}

	@Test
	void emptyBulkCallsDoNothing() {
		TypedCache<String, Book> cache = newCache().typed();
		cache.setAll(Map.of());
		assertThat(cache.getAll(List.of())).isEmpty();
		assertThat(cache.deleteAll(List.of())).isZero();
		assertThat(cache.getAllAsync(List.of())).succeedsWithin(java.time.Duration.ofSeconds(30)).isEqualTo(Map.of());
	}

	@Test
	void keysWithEqualStoredFormAreEqual() {
		TypedCache<Number, Book> cache = this.caches.manager()
			.typedCache("numbers-" + UUID.randomUUID(), Number.class, Book.class);
		cache.setAll(Map.of(1, new Book("Emma")));
		assertThat(cache.getAll(List.of(1L, 1))).containsOnlyKeys(1L, 1);
		assertThat(cache.deleteAll(List.of(1L, 1))).isEqualTo(1);
	}

	@Test
	void genericTypesAreRead() {
		TypedCache<List<Integer>, List<Book>> cache = this.caches.manager()
			.typedCache("shelves-" + UUID.randomUUID(), new ParameterizedTypeReference<List<Integer>>() {
			}, new ParameterizedTypeReference<List<Book>>() {
			});
		cache.set(List.of(1, 2), new ArrayList<>(List.of(new Book("Emma"))));
		assertThat(cache.get(List.of(1, 2))).contains(List.of(new Book("Emma")));
	}

	@Test
	void entryOfOtherTypeIsMissAndCanBeOverwritten() {
		Opened opened = newCache();
		opened.spring().put("key", 42);
		assertThat(opened.typed().get("key")).isEmpty();
		assertThat(opened.typed().getAll(List.of("key"))).isEmpty();
		assertThat(opened.spring().getStatistics().misses()).isEqualTo(2);
		assertThat(opened.spring().getStatistics().failures(CacheOperation.GET, FailureCause.UNREADABLE)).isEqualTo(2);
		assertThat(opened.typed().has("key")).isTrue();
		assertThat(opened.typed().get("key", (key) -> new Book("Emma"))).isEqualTo(new Book("Emma"));
		assertThat(opened.typed().get("key")).contains(new Book("Emma"));
	}

	@Test
	void asynchronousOperationsBehaveAsSynchronousOnes() throws Exception {
		Opened opened = newCache();
		TypedCache<String, Book> cache = opened.typed();
		assertThat(get(cache.getAsync("key"))).isEmpty();
		get(cache.setAsync("key", new Book("Emma")));
		assertThat(get(cache.getAsync("key"))).contains(new Book("Emma"));
		assertThat(get(cache.setIfAbsentAsync("key", new Book("Persuasion")))).isFalse();
		assertThat(get(cache.hasAsync("key"))).isTrue();
		assertThat(get(cache.timeToLiveAsync("key"))).isPresent();
		assertThat(get(cache.deleteAsync("key"))).isTrue();
		assertThat(get(cache.hasAsync("key"))).isFalse();
		assertThat(get(cache.setIfAbsentAsync("key", new Book("Persuasion")))).isTrue();
		get(cache.setAllAsync(Map.of("a", new Book("Emma"), "b", new Book("Sanditon"))));
		assertThat(get(cache.getAllAsync(List.of("a", "b", "c")))).containsOnlyKeys("a", "b");
		assertThat(get(cache.deleteAllAsync(List.of("a", "c")))).isEqualTo(1);
		get(cache.clearAsync());
		assertThat(get(cache.hasAsync("b"))).isFalse();
	}

	@Test
	void concurrentMissesShareOneAsynchronousLoad() throws Exception {
		Opened opened = newCache();
		AtomicInteger loads = new AtomicInteger();
		CompletableFuture<@Nullable Book> slow = new CompletableFuture<>();
		List<CompletableFuture<@Nullable Book>> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(opened.typed().getAsync("key", (key) -> {
				loads.incrementAndGet();
				return slow;
			}));
		}
		Concurrently.awaitThat(() -> opened.spring().getStatistics().misses() == 4 && loads.get() == 1);
		slow.complete(new Book("Emma"));
		for (CompletableFuture<@Nullable Book> each : all) {
			assertThat(get(each)).isEqualTo(new Book("Emma"));
		}
		assertThat(loads).hasValue(1);
	}

	@Test
	void exceptionOfAsynchronousLoaderIsPropagated() {
		TypedCache<String, Book> cache = newCache().typed();
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> get(
					cache.getAsync("key", (key) -> CompletableFuture.failedFuture(new IllegalStateException("no")))))
			.withCauseInstanceOf(IllegalStateException.class);
	}

	/**
	 * Every statement waits for a lock during the calls. If a call blocked, it would
	 * return only after the timeout, when the futures are complete.
	 */
	@Test
	void asynchronousOperationsDoNotBlock() throws Exception {
		TypedCache<String, Book> cache = newCache().typed();
		Map<String, Book> many = new HashMap<>();
		for (int i = 0; i < 3_000; i++) {
			many.put("many" + i, new Book("" + i));
		}
		List<CompletableFuture<?>> waiting = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			waiting.add(cache.getAsync("key"));
			waiting.add(cache.getAsync("key", (key) -> CompletableFuture.completedFuture(new Book("Emma"))));
			waiting.add(cache.setIfAbsentAsync("new", new Book("Emma")));
			waiting.add(cache.deleteAsync("key"));
			waiting.add(cache.hasAsync("key"));
			waiting.add(cache.getAllAsync(many.keySet()));
			waiting.add(cache.setAllAsync(many));
			waiting.add(cache.deleteAllAsync(List.of("a", "b")));
			waiting.add(cache.timeToLiveAsync("key"));
			// The clear accesses no entry, so the lock does not block it.
			CompletableFuture<?> cleared = cache.clearAsync();
			CompletableFuture<?> set = cache.setAsync("key", new Book("Emma"));
			assertThat(waiting).noneMatch(CompletableFuture::isDone);
			waiting.add(cleared);
			waiting.add(set);
		}
		for (CompletableFuture<?> each : waiting) {
			get(each);
		}
	}

	@Test
	void continuationDoesNotRunOnWorker() throws Exception {
		TypedCache<String, Book> cache = newCache().typed();
		String thread = get(
				cache.getAllAsync(List.of("a", "b")).thenApply((found) -> Thread.currentThread().getName()));
		assertThat(thread).doesNotContainPattern("psqache-(reader|writer)");
	}

	static <T> T get(CompletableFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
		return future.get(30, TimeUnit.SECONDS);
	}

	/**
	 * The two views of a cache.
	 */
	record Opened(TypedCache<String, Book> typed, PostgresCache spring) {

	}

	record Book(String title) {

	}

}
