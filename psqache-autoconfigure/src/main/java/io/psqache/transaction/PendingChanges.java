package io.psqache.transaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

	private final Map<CacheHandle, PendingCache> caches = new LinkedHashMap<>();

	/**
	 * What undoes each step, the last one first. A copy for each savepoint would hold all
	 * keys as many times as there are savepoints.
	 */
	private final Deque<Runnable> undo = new ArrayDeque<>();

	/**
	 * How far it has got, to come back to.
	 */
	int position() {
		return this.undo.size();
	}

	void rollBackTo(int position) {
		while (this.undo.size() > position) {
			this.undo.pop().run();
		}
	}

	boolean isEmpty() {
		return this.caches.isEmpty();
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
		PendingCache pending = this.caches.get(cache);
		Change before = (pending != null) ? pending.changes.get(key) : null;
		change(cache, key, new Change(before != null && before.evicted(), entry, listener));
	}

	void evict(CacheHandle cache, String key) {
		change(cache, key, Change.EVICTED);
	}

	private void change(CacheHandle cache, String key, Change change) {
		PendingCache pending = this.caches.get(cache);
		Map<String, Change> changes = ((pending != null) ? pending : begin(cache, false)).changes;
		Change before = changes.put(key, change);
		this.undo.push(() -> {
			if (before != null) {
				changes.put(key, before);
			}
			else {
				changes.remove(key);
			}
		});
	}

	void clear(CacheHandle cache) {
		begin(cache, true);
	}

	private PendingCache begin(CacheHandle cache, boolean cleared) {
		PendingCache begun = new PendingCache(cleared);
		PendingCache before = this.caches.put(cache, begun);
		this.undo.push(() -> {
			if (before != null) {
				this.caches.put(cache, before);
			}
			else {
				this.caches.remove(cache);
			}
		});
		return begun;
	}

	/**
	 * All of it, to be written.
	 */
	List<CacheChanges> all() {
		List<CacheChanges> all = new ArrayList<>(this.caches.size());
		this.caches.forEach((cache, pending) -> all.add(pending.changes(cache)));
		return all;
	}

	/**
	 * What was put, for those who are told what becomes of it.
	 */
	List<ToldPut> puts() {
		List<ToldPut> puts = new ArrayList<>();
		this.caches.forEach((cache, pending) -> pending.changes.forEach((key, change) -> {
			if (change.entry() != null && change.listener() != null) {
				puts.add(new ToldPut(cache, key, change.entry(), change.listener()));
			}
		}));
		return puts;
	}

	/**
	 * Whether any entry was put into a cache, and is still there.
	 */
	boolean hasEntry(CacheHandle cache) {
		PendingCache pending = this.caches.get(cache);
		return pending != null && pending.changes.values().stream().anyMatch((change) -> change.entry() != null);
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

		private final boolean cleared;

		private final Map<String, Change> changes = new TreeMap<>();

		PendingCache(boolean cleared) {
			this.cleared = cleared;
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
