package io.psqache.transaction;

/**
 * When what is changed within a transaction of the application takes effect.
 */
public enum TransactionMode {

	/**
	 * With the commit, which writes both the data and the changes of caches, or neither.
	 * The cache must be in the database of the transaction.
	 */
	ATOMIC,

	/**
	 * Right after the commit. Until then other threads and instances read the old
	 * entries. If the application dies in between, the old entries stay.
	 */
	AFTER_COMMIT,

	/**
	 * At once, whatever becomes of the transaction.
	 */
	NONE

}
