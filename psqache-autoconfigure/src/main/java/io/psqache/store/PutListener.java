package io.psqache.store;

import io.psqache.engine.StoreException;

/**
 * Is told what became of a put that nobody waited for. A put that a later one replaced,
 * or that an eviction or a clear withdrew, was neither stored nor did it fail.
 */
public interface PutListener {

	/**
	 * The entry is in the database. Called on a lane: only to count.
	 */
	void stored();

	/**
	 * The entry was not written: it was loaded after a miss, and something has happened
	 * to it since. Called on a lane: only to count.
	 */
	void refused();

	/**
	 * The entry could not be written, and reads still take it for written: who needs to
	 * prevent that they find an older one must do so now. Called on a lane.
	 * @param key the key
	 */
	default void lost(String key) {
	}

	/**
	 * The entry could not be written. Called on a thread that is there for this.
	 * @param failure why
	 */
	void failed(StoreException failure);

}
