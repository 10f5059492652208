package io.psqache.load;

/**
 * Which callers share one load of a key, of those with a loader:
 * {@code @Cacheable(sync = true)}, methods that return a future or publisher, and
 * {@code get} with a loader.
 */
public enum SingleFlightScope {

	/**
	 * None: each caller loads.
	 */
	NONE,

	/**
	 * In each instance of the application.
	 */
	LOCAL,

	/**
	 * In all instances that share the database. The others wait until the value is
	 * stored, and load in turn if it is not.
	 */
	CLUSTER

}
