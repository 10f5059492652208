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
 * The copies of a cache's entries, as one view of the cache reads them; none where no
 * copies are kept. Thread-safe.
 */
public final class NearReads {

	private final CacheCore cache;

	private final @Nullable NearCache copies;

	/**
	 * One object, by which the near cache knows this view.
	 */
	private final Decoder decoder;

	public NearReads(CacheCore cache, ValueCodec codec) {
		this.cache = cache;
		this.copies = cache.near();
		this.decoder = codec::decode;
	}

	/**
	 * Read a copy. A transaction that has changed the entry does not.
	 * @param lookup what it is found by
	 * @return {@code null} if there is none that this view can read: ask the database
	 */
	public @Nullable ValueWrapper get(Object lookup) {
		if (this.copies == null
				|| this.cache.store().isChanged(this.cache.handle(), () -> this.cache.keys().stored(lookup))) {
			return null;
		}
		try {
			return this.copies.get(lookup, this.decoder);
		}
		catch (StoreException ex) { // the entry is not for this view, as will show
			return null;
		}
	}

	/**
	 * An entry is about to be read from the database.
	 * @return takes what was read; {@code null} if that leaves no copy
	 */
	@Nullable PendingNearEntry begin(CacheKey key) {
		return (this.copies != null) ? this.copies.begin(key.lookup(), key.stored()) : null;
	}

	/**
	 * An entry was read. Its copy is used only while the entry is fresh: a later reader
	 * has it refreshed.
	 * @param fill what takes it, if anything
	 * @param age how old it is; {@code null} where that does not matter
	 */
	void fill(@Nullable PendingNearEntry fill, StoredValue stored, @Nullable EntryAge age, ValueWrapper value) {
		if (fill != null) {
			fill.with(this.cache.loading().whileFresh(stored, age), value, this.decoder);
		}
	}

}
