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

package io.psqache.internal.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.psqache.StoreException;
import io.psqache.internal.engine.Call;
import org.jspecify.annotations.Nullable;

/**
 * The {@link PendingEvictions} of all caches of a store, and how the database is asked
 * for them. Any thread may add to it; one at a time has them done.
 */
final class EvictionBacklog {

	private final BiFunction<CacheHandle, Set<String>, Call<BulkAnswer<Boolean>>> evictions;

	private final Function<CacheHandle, Call<Boolean>> clears;

	/**
	 * Those that have some, and perhaps others.
	 */
	private final Set<CacheHandle> caches = ConcurrentHashMap.newKeySet();

	/**
	 * Create it.
	 * @param evictions makes evictions that are sent whatever the circuit breaker says
	 * @param clears makes such clears
	 */
	EvictionBacklog(BiFunction<CacheHandle, Set<String>, Call<BulkAnswer<Boolean>>> evictions,
			Function<CacheHandle, Call<Boolean>> clears) {
		this.evictions = evictions;
		this.clears = clears;
	}

	/**
	 * Copies are dropped after the evictions are pending: a read in between finds nothing
	 * to copy.
	 */
	void add(CacheHandle cache, Set<String> keys) {
		keys.forEach(cache.pendingEvictions()::add);
		keys.forEach(cache::changedHere);
		this.caches.add(cache);
	}

	void addAll(CacheHandle cache) {
		cache.pendingEvictions().addAll();
		cache.changedHere(null);
		this.caches.add(cache);
	}

	/**
	 * How many there are, the clear of a cache counting as one.
	 */
	long size() {
		return this.caches.stream().mapToLong((cache) -> cache.pendingEvictions().size()).sum();
	}

	/**
	 * Have them done. One that fails for its own sake stays, and does not keep the
	 * others.
	 * @return how many were done
	 * @throws StoreException if the database failed; what it has not done stays
	 */
	long apply() {
		long before = size();
		StoreException failure = null;
		for (CacheHandle cache : this.caches) {
			StoreException failed = apply(cache);
			if (failed != null && failed.failureCause().isOfTheDatabase()) {
				throw failed;
			}
			failure = (failure != null) ? failure : failed;
		}
		if (failure != null) {
			throw failure;
		}
		return before;
	}

	private @Nullable StoreException apply(CacheHandle cache) {
		PendingEvictions pending = cache.pendingEvictions();
		try {
			return apply(cache, pending.take());
		}
		catch (StoreException ex) {
			return ex;
		}
		finally {
			if (pending.isEmpty()) {
				this.caches.remove(cache);
				if (!pending.isEmpty()) { // it came in between
					this.caches.add(cache);
				}
			}
		}
	}

	private @Nullable StoreException apply(CacheHandle cache, PendingEvictions.Portion portion) {
		if (portion.isAll()) {
			this.clears.apply(cache).await();
			portion.settleAll();
			return null;
		}
		BulkAnswer<Boolean> answer = this.evictions.apply(cache, portion.keys()).await();
		portion.settle(answer.answers().keySet());
		return answer.failure();
	}

}
