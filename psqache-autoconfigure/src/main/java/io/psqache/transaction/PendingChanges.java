package io.psqache.transaction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has changed, as its own reads see it. Not thread-safe: a transaction
 * has one thread.
 */
final class PendingChanges {

	private final Map<CacheHandle, PendingCache> caches;

	PendingChanges() {
		this.caches = new LinkedHashMap<>();
	}

	private PendingChanges(PendingChanges other) {
		this();
		other.caches.forEach((cache, pending) -> this.caches.put(cache, new PendingCache(pending)));
	}

	/**
	 * A copy that later changes leave alone.
	 */
	PendingChanges copy() {
		return new PendingChanges(this);
	}

	/**
	 * What was changed of an entry.
	 * @return {@code null} if nothing was
	 */
	@Nullable Change change(CacheHandle cache, String key) {
		PendingCache pending = this.caches.get(cache);
		if (pending == null) {
			return null;
		}
		Change change = pending.changes.get(key);
		return (change == null && pending.cleared) ? Change.EVICTED : change;
	}

	boolean isChanged(CacheHandle cache) {
		return this.caches.containsKey(cache);
	}

	boolean isCleared(CacheHandle cache) {
		PendingCache pending = this.caches.get(cache);
		return pending != null && pending.cleared;
	}

	/**
	 * The keys of what was changed one by one.
	 */
	Set<String> keys(CacheHandle cache) {
		PendingCache pending = this.caches.get(cache);
		return (pending != null) ? pending.changes.keySet() : Set.of();
	}

	void put(CacheHandle cache, String key, NewEntry entry, PutListener listener) {
		PendingCache pending = pending(cache);
		Change before = pending.changes.get(key);
		pending.changes.put(key, new Change(before != null && before.evicted(), entry, listener));
	}

	void evict(CacheHandle cache, String key) {
		pending(cache).changes.put(key, Change.EVICTED);
	}

	void clear(CacheHandle cache) {
		PendingCache pending = pending(cache);
		pending.changes.clear();
		pending.cleared = true;
	}

	private PendingCache pending(CacheHandle cache) {
		return this.caches.computeIfAbsent(cache, (any) -> new PendingCache());
	}

	/**
	 * All of it, to be written.
	 */
	List<CacheChanges> all() {
		List<CacheChanges> all = new ArrayList<>(this.caches.size());
		this.caches.forEach((cache, pending) -> all.add(pending.changes(cache)));
		return all;
	}

	@Nullable PutListener listener(CacheHandle cache, String key) {
		Change change = change(cache, key);
		return (change != null) ? change.listener() : null;
	}

	/**
	 * What happened to one entry.
	 *
	 * @param evicted whether it was evicted, before it was perhaps written
	 * @param entry what was written, if anything
	 * @param listener who is told what becomes of it
	 */
	record Change(boolean evicted, @Nullable NewEntry entry, @Nullable PutListener listener) {

		static final Change EVICTED = new Change(true, null, null);

	}

	private static final class PendingCache {

		private boolean cleared;

		private final Map<String, Change> changes = new TreeMap<>();

		PendingCache() {
		}

		PendingCache(PendingCache other) {
			this.cleared = other.cleared;
			this.changes.putAll(other.changes);
		}

		CacheChanges changes(CacheHandle cache) {
			Set<String> evicted = new TreeSet<>();
			Map<String, NewEntry> entries = new TreeMap<>();
			this.changes.forEach((key, change) -> {
				if (change.evicted()) {
					evicted.add(key);
				}
				NewEntry entry = change.entry();
				if (entry != null) {
					entries.put(key, entry);
				}
			});
			return new CacheChanges(cache, this.cleared, evicted, entries);
		}

	}

}
