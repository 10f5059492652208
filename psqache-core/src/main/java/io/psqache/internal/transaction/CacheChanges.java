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
 * The changes of a transaction in one cache.
 *
 * @param cache the cache
 * @param cleared whether the cache is cleared before the other changes
 * @param evicted the keys of the evicted entries
 * @param puts the puts by key. A key may also be in {@code evicted}: then the entry is
 * evicted even if the fence of the put refuses the value
 */
public record CacheChanges(CacheHandle cache, boolean cleared, Set<String> evicted, Map<String, CollectedPut> puts) {

	CacheChanges(CacheHandle cache, boolean cleared) {
		this(cache, cleared, new HashSet<>(), new HashMap<>());
	}

	/**
	 * Return these changes without puts. The entry that an unfenced put was to replace is
	 * evicted.
	 */
	CacheChanges evictions() {
		CacheChanges evictions = new CacheChanges(this.cache, this.cleared);
		evictions.evicted.addAll(this.evicted);
		evictions.evicted.addAll(entries(false).keySet());
		return evictions;
	}

	/**
	 * Return these changes without the values that were loaded after a miss.
	 */
	CacheChanges unfenced() {
		Map<String, CollectedPut> unfenced = new HashMap<>(this.puts);
		unfenced.values().removeIf(CollectedPut::isFenced);
		return new CacheChanges(this.cache, this.cleared, this.evicted, unfenced);
	}

	/**
	 * Return the entries to write.
	 * @param fenced {@code true} for the entries with a fence, {@code false} for those
	 * without
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
	 * Return the keys of all entries that are evicted or put.
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
	 * Drop the changed near entries of this instance. The commit informs the peers.
	 */
	void dropNearEntries() {
		if (this.cleared) {
			this.cache.changedHere(null);
		}
		else {
			keys().forEach(this.cache::changedHere);
		}
	}

	/**
	 * Drop near entries as if the changes were committed, and again when they must have
	 * ended. Called if it is unknown whether the transaction was or will be committed.
	 */
	void dropUncertain() {
		if (this.cleared) {
			this.cache.changed(null, false);
		}
		else {
			keys().forEach((key) -> this.cache.changed(key, false));
		}
	}

	/**
	 * Notify the listeners of the puts.
	 * @param written the written keys; the other puts were refused
	 */
	void notifyListeners(Set<String> written) {
		this.puts.forEach((key, put) -> put.notifyListener(written.contains(key)));
	}

}
