package io.psqache.load;

/**
 * Among whom there is one load of a key at a time, of those who come with a loader:
 * {@code @Cacheable(sync = true)}, methods that return a future or publisher, and
 * {@code get} with a loader.
 */
public enum SingleFlightScope {

	/**
	 * Everyone loads for himself.
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
