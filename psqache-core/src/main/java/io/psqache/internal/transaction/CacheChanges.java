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

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.NewEntry;

/**
 * What a transaction changes in one cache.
 *
 * @param cache the cache
 * @param cleared whether the cache is cleared, before the rest
 * @param evicted the keys of the entries that are evicted
 * @param puts what is written by key. A key may be evicted, too: then the entry is
 * evicted even if the fence of the put refuses it
 */
public record CacheChanges(CacheHandle cache, boolean cleared, Set<String> evicted, Map<String, CollectedPut> puts) {

	CacheChanges(CacheHandle cache, boolean cleared) {
		this(cache, cleared, new HashSet<>(), new HashMap<>());
	}

	/**
	 * The same without puts. What a put without a fence was to overwrite is evicted.
	 */
	CacheChanges evictions() {
		CacheChanges evictions = new CacheChanges(this.cache, this.cleared);
		evictions.evicted.addAll(this.evicted);
		evictions.evicted.addAll(entries(false).keySet());
		return evictions;
	}

	/**
	 * The same without what was loaded after a miss.
	 */
	CacheChanges unfenced() {
		Map<String, CollectedPut> unfenced = new HashMap<>(this.puts);
		unfenced.values().removeIf(CollectedPut::isFenced);
		return new CacheChanges(this.cache, this.cleared, this.evicted, unfenced);
	}

	/**
	 * What is written.
	 * @param fenced whether the entries with a fence are meant, or those without one
	 */
	Map<String, NewEntry> entries(boolean fenced) {
		Map<String, NewEntry> entries = new HashMap<>();
		this.puts.forEach((key, put) -> {
			if (put.isFenced() == fenced) {
				entries.put(key, put.entry());
			}
		});
		return entries;
	}

	/**
	 * The keys of all entries that are changed one by one.
	 */
	Set<String> keys() {
		Set<String> keys = new HashSet<>(this.evicted);
		keys.addAll(this.puts.keySet());
		return keys;
	}

	boolean isEmpty() {
		return !this.cleared && this.evicted.isEmpty() && this.puts.isEmpty();
	}

	/**
	 * Drop the copies in this process that are out of date now. The commit tells other
	 * instances.
	 */
	void dropCopies() {
		if (this.cleared) {
			this.cache.changedHere(null);
		}
		else {
			keys().forEach(this.cache::changedHere);
		}
	}

	/**
	 * Drop copies as if the changes were committed, and again when they must be over:
	 * whether they are or will be is not known.
	 */
	void doubt() {
		if (this.cleared) {
			this.cache.changed(null, false);
		}
		else {
			keys().forEach((key) -> this.cache.changed(key, false));
		}
	}

	/**
	 * Tell the listeners of the puts.
	 * @param written the keys that were written; the other puts were refused
	 */
	void tell(Set<String> written) {
		this.puts.forEach((key, put) -> put.tell(written.contains(key)));
	}

}
