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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.psqache.internal.store.CacheHandle;
import org.jspecify.annotations.Nullable;

/**
 * Records the changes of a transaction in order:
 * <ol>
 * <li>Reads return the last change of an entry.</li>
 * <li>A write takes the changes after the last written position.</li>
 * <li>A savepoint is a position. A rollback to it undoes the later changes, the last one
 * first, and then adds the persistent evictions among them again.</li>
 * </ol>
 * Not thread-safe: only the thread of the transaction uses it.
 */
final class ChangeLog {

	private final List<Change> changes = new ArrayList<>();

	/**
	 * The last change of each key, by cache. The key {@code null} has the last clear. A
	 * cache without changes is absent.
	 */
	private final Map<CacheHandle, Map<@Nullable String, Change>> latest = new HashMap<>();

	private final Deque<Savepoint> savepoints = new ArrayDeque<>();

	/**
	 * The number of written changes.
	 */
	private int written;

	void put(CacheHandle cache, String key, CollectedPut put) {
		add(cache, key, put, false);
	}

	void evict(CacheHandle cache, String key) {
		add(cache, key, null, false);
	}

	void clear(CacheHandle cache) {
		add(cache, null, null, false);
	}

	/**
	 * Evict irrespective of the outcome of the transaction.
	 * @param key the key; {@code null} to clear the cache
	 */
	void evictForGood(CacheHandle cache, @Nullable String key) {
		add(cache, key, null, true);
	}

	private void add(CacheHandle cache, @Nullable String key, @Nullable CollectedPut put, boolean persists) {
		Map<@Nullable String, Change> keys = this.latest.computeIfAbsent(cache, (absent) -> new HashMap<>());
		Change change = new Change(this.changes.size(), cache, key, put, persists, keys.get(key));
		keys.put(key, change);
		this.changes.add(change);
	}

	void savepoint(Object id) {
		this.savepoints.push(new Savepoint(id, this.changes.size(), this.written));
	}

	/**
	 * Undo the changes after a savepoint. The savepoint remains, because the transaction
	 * may roll back to it again. An unknown savepoint precedes the first change.
	 */
	void rollBackTo(Object savepoint) {
		while (!this.savepoints.isEmpty() && !this.savepoints.element().id().equals(savepoint)) {
			this.savepoints.pop();
		}
		Savepoint found = this.savepoints.peek();
		int position = (found != null) ? found.position() : 0;
		Deque<Change> persistent = new ArrayDeque<>();
		while (this.changes.size() > position) {
			Change change = this.changes.remove(this.changes.size() - 1);
			undo(change);
			if (change.persists()) {
				persistent.push(change);
			}
		}
		this.written = (found != null) ? found.written() : 0;
		persistent.forEach((change) -> evictForGood(change.cache(), change.key()));
	}

	private void undo(Change change) {
		Map<@Nullable String, Change> keys = Objects.requireNonNull(this.latest.get(change.cache()));
		if (change.before() != null) {
			keys.put(change.key(), change.before());
			return;
		}
		keys.remove(change.key());
		if (keys.isEmpty()) {
			this.latest.remove(change.cache());
		}
	}

	/**
	 * Return the last change of an entry, which may be a clear of its cache.
	 * @return {@code null} if the entry is unchanged
	 */
	@Nullable Change change(CacheHandle cache, String key) {
		Change change = last(cache, key);
		Change clear = last(cache, null);
		return (change == null || (clear != null && clear.position() > change.position())) ? clear : change;
	}

	private @Nullable Change last(CacheHandle cache, @Nullable String key) {
		Map<@Nullable String, Change> keys = this.latest.get(cache);
		return (keys != null) ? keys.get(key) : null;
	}

	boolean isChanged(CacheHandle cache) {
		return this.latest.containsKey(cache);
	}

	/**
	 * Return whether a clear of a cache is unwritten.
	 */
	boolean isClearUnwritten(CacheHandle cache) {
		Change clear = last(cache, null);
		return clear != null && clear.position() >= this.written;
	}

	/**
	 * Return all changes, by cache.
	 */
	List<CacheChanges> all() {
		return since(0);
	}

	/**
	 * Return the unwritten changes, by cache.
	 */
	List<CacheChanges> unwritten() {
		return since(this.written);
	}

	private List<CacheChanges> since(int position) {
		return byCache(this.changes.subList(position, this.changes.size()));
	}

	/**
	 * Return the evictions that persist after a rollback, by cache.
	 */
	List<CacheChanges> persistent() {
		return byCache(this.changes.stream().filter(Change::persists).toList());
	}

	private static List<CacheChanges> byCache(List<Change> changes) {
		Map<CacheHandle, CacheChanges> byCache = new LinkedHashMap<>();
		for (Change change : changes) {
			byCache.put(change.cache(), change.after(byCache.get(change.cache())));
		}
		return List.copyOf(byCache.values());
	}

	/**
	 * Return all changes of one cache.
	 */
	CacheChanges of(CacheHandle cache) {
		CacheChanges changes = new CacheChanges(cache, false);
		for (Change change : this.changes) {
			changes = (change.cache() == cache) ? change.after(changes) : changes;
		}
		return changes;
	}

	/**
	 * Mark all changes as written.
	 */
	void written() {
		this.written = this.changes.size();
	}

	/**
	 * One change.
	 *
	 * @param position the position in the log
	 * @param cache the cache
	 * @param key the key of the entry; {@code null} if the cache was cleared
	 * @param put the put; {@code null} for an eviction or a clear
	 * @param persists whether the change survives a rollback
	 * @param before the previous change of the same key
	 */
	record Change(int position, CacheHandle cache, @Nullable String key, @Nullable CollectedPut put, boolean persists,
			@Nullable Change before) {

		/**
		 * Add this change to the earlier changes of its cache.
		 */
		private CacheChanges after(@Nullable CacheChanges earlier) {
			if (this.key == null) {
				return new CacheChanges(this.cache, true);
			}
			CacheChanges changes = (earlier != null) ? earlier : new CacheChanges(this.cache, false);
			if (this.put != null) {
				changes.puts().put(this.key, this.put);
			}
			else {
				changes.puts().remove(this.key);
				changes.evicted().add(this.key);
			}
			return changes;
		}

	}

	private record Savepoint(Object id, int position, int written) {

	}

}
