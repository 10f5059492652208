package io.psqache;

/**
 * What can be asked of a cache, as far as its failures are told apart.
 */
public enum CacheOperation {

	/**
	 * A read. When it fails it is a miss.
	 */
	GET,

	/**
	 * A write. When it fails the value is not cached.
	 */
	PUT,

	/**
	 * The removal of one entry. When it fails the caller is told.
	 */
	EVICT,

	/**
	 * The removal of all entries. When it fails the caller is told.
	 */
	CLEAR,

	/**
	 * The lease of a load. When it fails the value is loaded all the same.
	 */
	LOAD

}
