package io.psqache.benchmarks.consistency;

import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Remembers which versions of a row were committed, and since when that was known. Later
 * versions are greater. Thread-safe.
 */
final class History {

	private final LongSupplier clock;

	private final NavigableMap<Long, Long> committed = new TreeMap<>();

	private final Set<Long> rolledBack = new HashSet<>();

	/**
	 * Create one of a row that is at version 0.
	 * @param clock nanoseconds from any moment on
	 */
	History(LongSupplier clock) {
		this.clock = clock;
		this.committed.put(0L, clock.getAsLong());
	}

	/**
	 * A version is committed, as whoever did it or has read it in the database knows. If
	 * a later one is known already, all was said when that one came.
	 */
	synchronized void committed(long version) {
		if (version > this.committed.lastKey()) {
			this.committed.put(version, this.clock.getAsLong());
		}
	}

	/**
	 * A version is rolled back.
	 */
	synchronized void rolledBack(long version) {
		this.rolledBack.add(version);
	}

	synchronized boolean isRolledBack(long version) {
		return this.rolledBack.contains(version);
	}

	/**
	 * The last version that is known to be committed.
	 */
	synchronized long last() {
		return this.committed.lastKey();
	}

	/**
	 * Since when a version is known to be out of date.
	 * @param version one that is older than {@link #last()}
	 * @return the clock's time at which the first later version was known to be committed
	 */
	synchronized long outdatedSince(long version) {
		return this.committed.higherEntry(version).getValue();
	}

}
