package io.psqache.transaction;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.psqache.engine.StoreException;
import io.psqache.store.CacheHandle;

/**
 * The {@link CommitListener}s of all caches, one each. Drops the copies in this process,
 * too. Thread-safe.
 */
final class CommitListeners {

	private final ConcurrentMap<CacheHandle, CommitListener> listeners = new ConcurrentHashMap<>();

	void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.put(cache, listener);
	}

	/**
	 * A transaction was committed.
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
	 * It is not known whether a transaction was committed.
	 */
	void inDoubt(List<CacheChanges> changes) {
		committed(changes);
		changes.forEach(CacheChanges::doubt);
	}

	/**
	 * Evictions could not be written.
	 */
	void lost(List<CacheChanges> evictions, StoreException failure) {
		evictions.forEach((eviction) -> {
			CommitListener listener = this.listeners.get(eviction.cache());
			if (listener != null) {
				listener.lost(failure);
			}
		});
	}

}
