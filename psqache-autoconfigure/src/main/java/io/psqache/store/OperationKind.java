package io.psqache.store;

/**
 * What the store is asked to do, as far as its figures are told apart.
 */
public enum OperationKind {

	/**
	 * Read an entry.
	 */
	GET,

	/**
	 * Prolong an entry that is kept as long as it is read.
	 */
	TOUCH,

	/**
	 * Write an entry.
	 */
	PUT,

	/**
	 * Write an entry unless there is one.
	 */
	PUT_IF_ABSENT,

	/**
	 * Remove an entry.
	 */
	EVICT,

	/**
	 * Remove all entries of a cache.
	 */
	CLEAR,

	/**
	 * Ask for the state of the server.
	 */
	PROBE

}
