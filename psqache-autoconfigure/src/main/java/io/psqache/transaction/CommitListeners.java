package io.psqache.transaction;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.engine.StoreException;

/**
 * The {@link CommitListener}s of all caches, one each, and the copies in this process.
 * Thread-safe.
 */
final class CommitListeners {

	private final ConcurrentMap<CacheHandle, CommitListener> listeners = new ConcurrentHashMap<>();

	void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.put(cache, listener);
	}

	/**
	 * The transaction was committed.
	 */
	void committed(List<CacheChanges> changes) {
		changes.forEach((change) -> {
			change.dropCopies();
			CommitListener listener = this.listeners.get(change.cache());
			if (listener != null) {
				listener.committed(change);
			}
		});
	}

	/**
	 * It is not known whether the transaction was committed, with what was written in it.
	 */
	void inDoubt(List<CacheChanges> changes) {
		committed(changes);
		changes.forEach(CacheChanges::doubt);
	}

	/**
	 * Entries should have been removed and were not.
	 */
	void lost(List<CacheChanges> removals, StoreException failure) {
		removals.forEach((change) -> {
			CommitListener listener = this.listeners.get(change.cache());
			if (listener != null) {
				listener.lost(failure);
			}
		});
	}

}
