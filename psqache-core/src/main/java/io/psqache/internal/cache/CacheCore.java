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
 * What all views of one cache share, so that Spring's and the typed one have the same
 * entries, counts and loads.
 *
 * @param name its name
 * @param settings its settings
 * @param keys makes stored keys
 * @param store holds the entries, and knows what transactions are about to change
 * @param handle what the store knows it by
 * @param statistics what happened to it
 * @param failures what becomes of its failures
 * @param loading how its values are loaded
 * @param near the copies of its entries, if any are kept
 */
public record CacheCore(String name, CacheSettings settings, CacheKeys keys, TransactionalStore store,
		CacheHandle handle, CacheCounters statistics, CacheFailures failures, LoadContext loading,
		@Nullable NearCache near) {

	/**
	 * How long its entries live.
	 */
	public Lifetimes lifetimes() {
		return new Lifetimes(this.settings);
	}

}
