package io.psqache.transaction;

import io.psqache.store.CacheChanges;
import io.psqache.engine.StoreException;

/**
 * Is told what becomes of the changes of one cache that transactions make. Called on the
 * thread of the transaction; must not throw.
 */
public interface CommitListener {

	/**
	 * A transaction was committed, and its changes with it, or they are about to be
	 * written: whatever this instance keeps of them is out of date.
	 * @param changes what it has changed
	 */
	void committed(CacheChanges changes);

	/**
	 * Entries should have been removed and were not, and nobody is told by an exception.
	 * @param failure why
	 */
	void lost(StoreException failure);

}
