package io.psqache.near;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of one near cache, since it was made. Thread-safe; the counts only grow.
 */
public final class NearStatistics {

	final LongAdder hits = new LongAdder();

	final LongAdder misses = new LongAdder();

	final LongAdder bypasses = new LongAdder();

	NearStatistics() {
	}

	/**
	 * Reads that were answered with a copy.
	 * @return their number
	 */
	public long hits() {
		return this.hits.sum();
	}

	/**
	 * Reads for which there was no copy.
	 * @return their number
	 */
	public long misses() {
		return this.misses.sum();
	}

	/**
	 * Reads that went to the database because this instance could not hear of changes.
	 * @return their number
	 */
	public long bypasses() {
		return this.bypasses.sum();
	}

}
