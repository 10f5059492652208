package io.psqache.store;

/**
 * Entries of a cache that are to go because there are too many.
 */
final class Eviction {

	private final int cacheId;

	private final String since;

	private final long unusedMillis;

	private long left;

	/**
	 * Plan an eviction.
	 * @param cacheId the cache
	 * @param since a time of the database's clock
	 * @param unusedMillis how long before that an entry must not have been used
	 * @param most how many of those may go
	 */
	Eviction(int cacheId, String since, long unusedMillis, long most) {
		this.cacheId = cacheId;
		this.since = since;
		this.unusedMillis = unusedMillis;
		this.left = most;
	}

	int cacheId() {
		return this.cacheId;
	}

	String since() {
		return this.since;
	}

	long unusedMillis() {
		return this.unusedMillis;
	}

	/**
	 * How many may still go.
	 */
	long left() {
		return this.left;
	}

	void evicted(long entries) {
		this.left -= entries;
	}

}
