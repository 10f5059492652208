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

import io.psqache.StoreException;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.near.Decoder;
import io.psqache.internal.near.NearCache;
import io.psqache.internal.near.PendingNearEntry;
import io.psqache.internal.store.EntryAge;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Reads and fills the near cache for one view of a cache. Does nothing if the cache has
 * no near cache. Thread-safe.
 */
public final class NearReads {

	private final CacheCore cache;

	private final @Nullable NearCache nearCache;

	/**
	 * Always the same object, because the near cache identifies this view by it.
	 */
	private final Decoder decoder;

	public NearReads(CacheCore cache, ValueCodec codec) {
		this.cache = cache;
		this.nearCache = cache.near();
		this.decoder = codec::decode;
	}

	/**
	 * Read a near entry, unless the transaction of this thread has changed the entry.
	 * @param lookup the lookup key
	 * @return {@code null} if there is no near entry that this view can decode; the
	 * caller then reads the database
	 */
	public @Nullable ValueWrapper get(Object lookup) {
		if (this.nearCache == null
				|| this.cache.store().isChanged(this.cache.handle(), () -> this.cache.keys().stored(lookup))) {
			return null;
		}
		try {
			return this.nearCache.get(lookup, this.decoder);
		}
		catch (StoreException ex) { // the database read reports the failure
			return null;
		}
	}

	/**
	 * Begin a near entry before a read of the database.
	 * @return the pending near entry; {@code null} without a near cache
	 */
	@Nullable PendingNearEntry begin(CacheKey key) {
		return (this.nearCache != null) ? this.nearCache.begin(key.lookup(), key.stored()) : null;
	}

	/**
	 * Complete a near entry after a read. The near entry is used only while the entry is
	 * fresh, because a later read must refresh a stale entry.
	 * @param fill the pending near entry; {@code null} if there is none
	 * @param age the age of the entry; {@code null} if it is not needed
	 */
	void fill(@Nullable PendingNearEntry fill, StoredValue stored, @Nullable EntryAge age, ValueWrapper value) {
		if (fill != null) {
			fill.with(this.cache.loading().whileFresh(stored, age), value, this.decoder);
		}
	}

}
