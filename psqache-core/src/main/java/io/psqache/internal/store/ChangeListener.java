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

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Is told of the changes that this store makes to one cache, so that copies of entries
 * which are kept elsewhere can be dropped. Called on callers' threads and on workers: it
 * must be thread-safe and quick, and must not throw.
 */
public interface ChangeListener {

	/**
	 * No instance keeps copies, and none is to be told.
	 */
	ChangeListener NONE = new ChangeListener() {

		@Override
		public boolean hasNearCache() {
			return false;
		}

		@Override
		public List<String> found(CacheHandle cache, CacheRow row, boolean isNews) {
			return List.of();
		}

		@Override
		public void changed(@Nullable Integer cacheId, @Nullable String key, boolean isCertain) {
		}

		@Override
		public List<String> messages(int cacheId, @Nullable Set<String> keys) {
			return List.of();
		}

		@Override
		public CompletableFuture<Suspension> suspend(CacheRow row, @Nullable Set<String> keys) {
			return CompletableFuture.completedFuture(Suspension.NONE);
		}

	};

	/**
	 * Whether copies are kept in this process. Then the row of the cache says so to all
	 * writers.
	 * @return whether they are
	 */
	boolean hasNearCache();

	/**
	 * An instance keeps copies of this cache, and this store is about to use its entries.
	 * @param cache the cache
	 * @param row its row, another one than before if it had been dropped
	 * @param isNews whether others may not know yet that copies are kept
	 * @return what is to be {@linkplain Notifications sent} before anything else
	 */
	List<String> found(CacheHandle cache, CacheRow row, boolean isNews);

	/**
	 * Entries have changed, or may have, and the caller that changed them has no answer
	 * yet.
	 * @param cacheId the id of the cache; {@code null} if only this process can have
	 * copies of what changed
	 * @param key the key of the entry; {@code null} for all entries
	 * @param isCertain whether the change is over; else it may still come, within some
	 * time limits
	 */
	void changed(@Nullable Integer cacheId, @Nullable String key, boolean isCertain);

	/**
	 * Entries change in a transaction of the application, which tells of it itself: what
	 * is sent in it arrives if and when it commits.
	 * @param cacheId the id of the cache
	 * @param keys the keys of the entries; {@code null} for all entries
	 * @return what is to be sent
	 */
	List<String> messages(int cacheId, @Nullable Set<String> keys);

	/**
	 * Suspend the strict near entries of entries that are about to change, in all
	 * instances.
	 * @param row the row of their cache, with all leases on it
	 * @param keys the keys of the entries; {@code null} for all entries
	 * @return completes when no instance uses near entries of these keys; fails with a
	 * {@link io.psqache.StoreException} if that cannot be known
	 */
	CompletableFuture<Suspension> suspend(CacheRow row, @Nullable Set<String> keys);

}
