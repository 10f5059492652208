package io.psqache;

/**
 * Why a caller got an old value.
 */
public enum StaleReason {

	/**
	 * It is older than {@code fresh-for}, and being loaded anew.
	 */
	FRESH_FOR

}
