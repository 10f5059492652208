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
 * The changes of a transaction, in the order they were made:
 * <ol>
 * <li>Reads see the last change of an entry.</li>
 * <li>A write takes what lies after the last position that was written.</li>
 * <li>A savepoint is a position. A rollback to it undoes the changes after it, the last
 * one first. Those that are to persist are then made again.</li>
 * </ol>
 * Not thread-safe: a transaction has one thread.
 */
final class ChangeLog {

	private final List<Change> changes = new ArrayList<>();

	/**
	 * The last change of each key, by cache; that of the key {@code null} is the last
	 * clear. A cache without changes is absent.
	 */
	private final Map<CacheHandle, Map<@Nullable String, Change>> latest = new HashMap<>();

	private final Deque<Savepoint> savepoints = new ArrayDeque<>();

	/**
	 * How many changes are written.
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
	 * Evict whatever becomes of the transaction.
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
	 * Undo what followed a savepoint, which stays: the transaction may roll back to it
	 * again. A savepoint that is not known was there before the first change.
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
	 * The last change of an entry, be it a clear of the cache.
	 * @return {@code null} if the entry is not changed
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
	 * Whether a clear of a cache is still to be written.
	 */
	boolean isClearUnwritten(CacheHandle cache) {
		Change clear = last(cache, null);
		return clear != null && clear.position() >= this.written;
	}

	/**
	 * All changes, by cache.
	 */
	List<CacheChanges> all() {
		return since(0);
	}

	/**
	 * The changes that are not written yet, by cache.
	 */
	List<CacheChanges> unwritten() {
		return since(this.written);
	}

	private List<CacheChanges> since(int position) {
		return byCache(this.changes.subList(position, this.changes.size()));
	}

	/**
	 * The evictions that are done even if the transaction is rolled back, by cache.
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
	 * All changes of one cache.
	 */
	CacheChanges of(CacheHandle cache) {
		CacheChanges changes = new CacheChanges(cache, false);
		for (Change change : this.changes) {
			changes = (change.cache() == cache) ? change.after(changes) : changes;
		}
		return changes;
	}

	/**
	 * All changes so far are written.
	 */
	void written() {
		this.written = this.changes.size();
	}

	/**
	 * A step of the transaction.
	 *
	 * @param position its place in the log
	 * @param cache the cache
	 * @param key the key of the entry; {@code null} if the cache was cleared
	 * @param put what was put; {@code null} for an eviction or a clear
	 * @param persists whether a rollback does not undo it
	 * @param before the change of the same key before it
	 */
	record Change(int position, CacheHandle cache, @Nullable String key, @Nullable CollectedPut put, boolean persists,
			@Nullable Change before) {

		/**
		 * Add it to the changes of its cache that came before.
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
