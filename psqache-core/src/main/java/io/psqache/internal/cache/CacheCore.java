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

import io.psqache.CacheSettings;
import io.psqache.internal.codec.CacheKeys;
import io.psqache.internal.load.LoadContext;
import io.psqache.internal.near.NearCache;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.transaction.TransactionalStore;
import org.jspecify.annotations.Nullable;

/**
 * The state that all views of one cache share. Spring's view and the typed view therefore
 * have the same entries, counters and loads.
 *
 * @param name the name of the cache
 * @param settings the settings of the cache
 * @param keys converts keys to stored keys
 * @param store the store, which includes uncommitted changes of transactions
 * @param handle the store's handle of the cache
 * @param statistics the counters
 * @param failures handles failures
 * @param loading the loading state
 * @param near the near cache, or {@code null} if the cache has none
 */
public record CacheCore(String name, CacheSettings settings, CacheKeys keys, TransactionalStore store,
		CacheHandle handle, CacheCounters statistics, CacheFailures failures, LoadContext loading,
		@Nullable NearCache near) {

	/**
	 * Return the lifetimes of entries by the settings.
	 */
	public Lifetimes lifetimes() {
		return new Lifetimes(this.settings);
	}

}
