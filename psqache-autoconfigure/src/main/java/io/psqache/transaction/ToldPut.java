package io.psqache.transaction;

import io.psqache.store.CacheHandle;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;

/**
 * A put, and who is told what becomes of it.
 *
 * @param cache the cache
 * @param key the key of the entry
 * @param entry what is written
 * @param listener is told
 */
record ToldPut(CacheHandle cache, String key, NewEntry entry, PutListener listener) {

	/**
	 * PostgreSQL has answered.
	 * @param stored whether it was written; otherwise its fence has refused it
	 */
	void tell(boolean stored) {
		if (stored) {
			this.listener.stored();
		}
		else {
			this.listener.refused();
		}
	}

}
