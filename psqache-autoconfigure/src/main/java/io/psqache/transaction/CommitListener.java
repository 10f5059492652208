package io.psqache.transaction;

import io.psqache.engine.StoreException;

/**
 * Is told what becomes of the changes that transactions make in one cache. Called on the
 * thread of the transaction; must not throw.
 */
public interface CommitListener {

	/**
	 * A transaction was committed. Its changes are written, or are about to be: whatever
	 * this instance keeps of the entries is out of date.
	 * @param changes what the transaction has changed
	 */
	void committed(CacheChanges changes);

	/**
	 * Evictions could not be written, and no exception tells the application.
	 * @param failure why
	 */
	void lost(StoreException failure);

}
