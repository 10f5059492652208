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

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.psqache.CacheEvictionException;
import io.psqache.CacheOperation;
import io.psqache.StoreException;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.BulkAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Evicts entries of one cache by stored key. An eviction with a transient failure is
 * counted and repeated from the backlog until it succeeds. Any other failure is counted
 * and thrown, because the caller relies on the eviction. Callers that arrive after an
 * eviction do not share a load that began before it. Thread-safe.
 */
public final class Evictions {

	private final CacheCore cache;

	public Evictions(CacheCore cache) {
		this.cache = cache;
	}

	public void evict(String key) {
		this.cache.loading().forget(key);
		awaitUnlessNonBlocking(key,
				(mode) -> evicted(key, this.cache.store().entries().evict(this.cache.handle(), key).in(mode)));
	}

	boolean evictIfPresent(String key) {
		return awaitUnlessNonBlocking(key, (mode) -> evictIfPresent(key, mode));
	}

	/**
	 * Evict an entry.
	 * @return whether it existed; fails with a {@link CacheEvictionException}
	 */
	CompletableFuture<Boolean> evictIfPresent(String key, CallMode mode) {
		this.cache.loading().forget(key);
		return evicted(key, this.cache.store().entries().evictIfPresent(this.cache.handle(), key).in(mode));
	}

	/**
	 * Evict an entry irrespective of the outcome of this thread's transaction.
	 * @return whether it existed
	 */
	public boolean evictForGood(String key) {
		this.cache.loading().forget(key);
		return awaitUnlessNonBlocking(key,
				(mode) -> evicted(key, this.cache.store().evictForGood(this.cache.handle(), key).in(mode)));
	}

	private CompletableFuture<Boolean> evicted(String key, CompletableFuture<Boolean> eviction) {
		return repeatIfTransient(CacheOperation.EVICT, eviction, () -> evictLater(Set.of(key))).thenApply((present) -> {
			this.cache.statistics().evictions.increment();
			return present;
		});
	}

	/**
	 * Evict several entries.
	 * @return the number of entries that are known to have existed; fails with a
	 * {@link CacheEvictionException}
	 */
	CompletableFuture<Long> evictAll(Set<String> keys, CallMode mode) {
		keys.forEach(this.cache.loading()::forget);
		return this.cache.store()
			.entries()
			.evictAll(this.cache.handle(), keys)
			.in(mode)
			.thenApply((answer) -> present(keys, answer));
	}

	private long present(Set<String> keys, BulkAnswer<Boolean> answer) {
		int done = answer.answers().size();
		StoreException failure = answer.failure();
		if (failure != null && failure.failureCause().isTransient()) {
			Set<String> unanswered = new LinkedHashSet<>(keys);
			unanswered.removeAll(answer.answers().keySet());
			evictLater(unanswered);
			this.cache.failures().tolerate(CacheOperation.EVICT, failure);
			done = keys.size();
		}
		this.cache.statistics().evictions.add(done);
		if (done < keys.size() && failure != null) {
			throw this.cache.failures().evictionFailed(done, keys.size(), failure);
		}
		return answer.answers().values().stream().filter((present) -> present).count();
	}

	private void evictLater(Set<String> keys) {
		this.cache.store().committed().evictLater(this.cache.handle(), keys);
	}

	public void clear() {
		awaitUnlessNonBlocking(null, this::clear);
	}

	/**
	 * Evict all entries.
	 * @return fails with a {@link CacheEvictionException}
	 */
	CompletableFuture<Boolean> clear(CallMode mode) {
		this.cache.loading().forgetAll();
		return cleared(this.cache.store().entries().clear(this.cache.handle()).in(mode));
	}

	/**
	 * Evict all entries irrespective of the outcome of this thread's transaction.
	 * @return whether an entry existed
	 */
	public boolean clearForGood() {
		this.cache.loading().forgetAll();
		return awaitUnlessNonBlocking(null,
				(mode) -> cleared(this.cache.store().clearForGood(this.cache.handle()).in(mode)));
	}

	private CompletableFuture<Boolean> cleared(CompletableFuture<Boolean> eviction) {
		return repeatIfTransient(CacheOperation.CLEAR, eviction, this::clearLater);
	}

	private void clearLater() {
		this.cache.store().committed().clearLater(this.cache.handle());
	}

	/**
	 * Execute an eviction and wait for it, unless this thread must not block. On such a
	 * thread later reads wait instead, and the result is unknown. A refused eviction
	 * cannot be thrown there. It is logged and joins the backlog.
	 * @param key the key; {@code null} for all entries
	 */
	private boolean awaitUnlessNonBlocking(@Nullable String key,
			Function<CallMode, CompletableFuture<Boolean>> eviction) {
		if (!NonBlockingThreads.isCurrent()) {
			return CallMode.join(eviction.apply(CallMode.BLOCKING));
		}
		CompletableFuture<Boolean> done = eviction.apply(CallMode.ASYNC).exceptionally((failure) -> {
			this.cache.failures().log((key != null) ? CacheOperation.EVICT : CacheOperation.CLEAR, failure);
			if (key != null) {
				evictLater(Set.of(key));
			}
			else {
				clearLater();
			}
			return false;
		});
		this.cache.store().committed().continueAfter(this.cache.handle(), key, done);
		return false;
	}

	/**
	 * Add an eviction with a transient failure to the backlog, and fail for any other
	 * failure.
	 */
	private CompletableFuture<Boolean> repeatIfTransient(CacheOperation operation, CompletableFuture<Boolean> eviction,
			Runnable later) {
		return eviction.exceptionally((failure) -> {
			if (!CacheFailures.isTransient(failure)) {
				throw this.cache.failures().evictionFailed(operation, failure);
			}
			later.run();
			this.cache.failures().tolerate(operation, failure);
			return false;
		});
	}

}
