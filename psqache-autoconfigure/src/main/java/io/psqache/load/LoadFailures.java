package io.psqache.load;

import java.time.Duration;

/**
 * What becomes of what goes wrong while the values of one cache are loaded. Thread-safe.
 */
public interface LoadFailures {

	/**
	 * A lease could not be asked for, renewed or given back: the value is loaded all the
	 * same.
	 * @param failure why
	 */
	void leaseFailed(Throwable failure);

	/**
	 * The loader of a refresh has failed: the old value stays.
	 * @param failure what it threw
	 */
	void refreshFailed(Throwable failure);

	/**
	 * A loader has failed, and its callers get a value that has expired.
	 * @param failure what it threw
	 */
	void loadFailed(Throwable failure);

	/**
	 * A caller has waited for the hard limit.
	 * @param limit how long that is
	 * @return the exception for the caller
	 */
	RuntimeException timedOut(Duration limit);

}
