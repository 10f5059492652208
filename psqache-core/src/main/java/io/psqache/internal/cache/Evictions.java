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
 * Removes entries of one cache, by stored key. A removal that fails because of the
 * database is counted, remembered and repeated until it is done. Any other failure is
 * counted and thrown, since the caller relies on the removal. A caller that comes after a
 * removal shares no load that began before it. Thread-safe.
 */
public final class Evictions {

	private final CacheCore cache;

	public Evictions(CacheCore cache) {
		this.cache = cache;
	}

	public void evict(String key) {
		this.cache.loading().forget(key);
		attended(key, (mode) -> evicted(key, this.cache.store().entries().evict(this.cache.handle(), key).in(mode)));
	}

	boolean evictIfPresent(String key) {
		return attended(key, (mode) -> evictIfPresent(key, mode));
	}

	/**
	 * Remove an entry.
	 * @return whether there was one; fails with a {@link CacheEvictionException}
	 */
	CompletableFuture<Boolean> evictIfPresent(String key, CallMode mode) {
		this.cache.loading().forget(key);
		return evicted(key, this.cache.store().entries().evictIfPresent(this.cache.handle(), key).in(mode));
	}

	/**
	 * Remove an entry whatever becomes of the transaction of this thread.
	 * @return whether there was one
	 */
	public boolean evictForGood(String key) {
		this.cache.loading().forget(key);
		return attended(key,
				(mode) -> evicted(key, this.cache.store().evictForGood(this.cache.handle(), key).in(mode)));
	}

	private CompletableFuture<Boolean> evicted(String key, CompletableFuture<Boolean> removal) {
		return remembered(CacheOperation.EVICT, removal, () -> evictLater(Set.of(key))).thenApply((present) -> {
			this.cache.statistics().evictions.increment();
			return present;
		});
	}

	/**
	 * Remove many entries.
	 * @return how many are known to have been present; fails with a
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
			Set<String> rest = new LinkedHashSet<>(keys);
			rest.removeAll(answer.answers().keySet());
			evictLater(rest);
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
		attended(null, this::clear);
	}

	/**
	 * Remove all entries.
	 * @return fails with a {@link CacheEvictionException}
	 */
	CompletableFuture<Boolean> clear(CallMode mode) {
		this.cache.loading().forgetAll();
		return cleared(this.cache.store().entries().clear(this.cache.handle()).in(mode));
	}

	/**
	 * Remove all entries whatever becomes of the transaction of this thread.
	 * @return whether there was any
	 */
	public boolean clearForGood() {
		this.cache.loading().forgetAll();
		return attended(null, (mode) -> cleared(this.cache.store().clearForGood(this.cache.handle()).in(mode)));
	}

	private CompletableFuture<Boolean> cleared(CompletableFuture<Boolean> removal) {
		return remembered(CacheOperation.CLEAR, removal, this::clearLater);
	}

	private void clearLater() {
		this.cache.store().committed().clearLater(this.cache.handle());
	}

	/**
	 * Wait for a removal, unless this thread must not wait. Then the reads that follow
	 * do, and the answer is not known. The caller cannot be told that the removal was
	 * refused either: so that is logged, and the removal remembered as if it could not be
	 * done yet.
	 * @param key the key; {@code null} for all
	 */
	private boolean attended(@Nullable String key, Function<CallMode, CompletableFuture<Boolean>> removal) {
		if (!NonBlockingThreads.isCurrent()) {
			return CallMode.join(removal.apply(CallMode.BLOCKING));
		}
		CompletableFuture<Boolean> done = removal.apply(CallMode.ASYNC).exceptionally((failure) -> {
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
	 * Have a removal done later that the database has not done.
	 */
	private CompletableFuture<Boolean> remembered(CacheOperation operation, CompletableFuture<Boolean> removal,
			Runnable later) {
		return removal.exceptionally((failure) -> {
			if (!CacheFailures.isTransient(failure)) {
				throw this.cache.failures().evictionFailed(operation, failure);
			}
			later.run();
			this.cache.failures().tolerate(operation, failure);
			return false;
		});
	}

}
