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

package io.psqache.internal.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.psqache.LostEvictionException;
import io.psqache.StoreException;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;

/**
 * Writes changes after the commit, on the cache's own connections. After a failure the
 * remaining changes are still tried. Evictions that fail because PostgreSQL does not
 * answer join the backlog and are executed before any read is answered again.
 * Thread-safe.
 */
final class AfterCommitWriter {

	private final EntryStore store;

	AfterCommitWriter(EntryStore store) {
		this.store = store;
	}

	/**
	 * Write changes.
	 * @throws LostEvictionException if PostgreSQL refused an eviction
	 */
	void write(List<CacheChanges> changes) {
		List<StoreException> failures = new ArrayList<>();
		changes.forEach((change) -> evict(change, failures));
		put(changes);
		if (failures.stream().anyMatch(AfterCommitWriter::isTransient)) {
			changes.forEach(this::evictLater);
		}
		failures.stream().filter(Predicate.not(AfterCommitWriter::isTransient)).findFirst().ifPresent((failure) -> {
			throw LostEvictionException.afterCommit(failure);
		});
	}

	private void evict(CacheChanges change, List<StoreException> failures) {
		if (change.cleared()) {
			try {
				this.store.clear(change.cache()).await();
			}
			catch (StoreException ex) {
				failures.add(ex);
			}
		}
		StoreException failure = this.store.evictAll(change.cache(), change.evicted()).await().failure();
		if (failure != null) {
			failures.add(failure);
		}
	}

	private void put(List<CacheChanges> changes) {
		List<CompletableFuture<?>> pending = new ArrayList<>();
		for (CacheChanges change : changes) {
			change.puts().forEach((key, put) -> pending.add(put(change.cache(), key, put)));
		}
		pending.forEach(CompletableFuture::join);
	}

	/**
	 * Write an entry. If an unfenced put fails, the entry that it was to replace is
	 * evicted. A fenced put follows a miss and has no older entry to evict.
	 * @return completes after the call of the put's listener
	 */
	private CompletableFuture<?> put(CacheHandle cache, String key, CollectedPut put) {
		return this.store.put(cache, key, put.entry()).in(CallMode.ASYNC).handle((stored, failure) -> {
			if (failure == null) {
				put.notifyListener(stored);
				return stored;
			}
			if (!put.isFenced()) {
				this.store.evictLater(cache, Set.of(key));
			}
			put.listener().failed(StoreException.of(failure));
			return false;
		});
	}

	private static boolean isTransient(StoreException failure) {
		return failure.failureCause().isTransient();
	}

	private void evictLater(CacheChanges change) {
		if (change.cleared()) {
			this.store.clearLater(change.cache());
		}
		if (!change.evicted().isEmpty()) {
			this.store.evictLater(change.cache(), change.evicted());
		}
	}

}
