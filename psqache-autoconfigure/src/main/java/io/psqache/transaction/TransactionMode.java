package io.psqache.transaction;

/**
 * When what is changed within a transaction of the application takes effect.
 */
public enum TransactionMode {

	/**
	 * With its commit, which writes both or neither. The cache must be in the database of
	 * the transaction.
	 */
	ATOMIC,

	/**
	 * Right after its commit. Until then others read what was there before, and if the
	 * application dies in between they go on reading it.
	 */
	AFTER_COMMIT,

	/**
	 * At once, whatever becomes of the transaction.
	 */
	NONE

}
