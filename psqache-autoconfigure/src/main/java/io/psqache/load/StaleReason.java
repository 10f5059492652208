package io.psqache.load;

/**
 * Why a caller got an old value.
 */
public enum StaleReason {

	/**
	 * It is older than {@code fresh-for}, and is being refreshed.
	 */
	FRESH_FOR,

	/**
	 * It has expired, and the loader has failed.
	 */
	ERROR,

	/**
	 * It has expired, and the load takes longer than it may.
	 */
	TIMEOUT

}
