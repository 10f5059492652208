package io.psqache.benchmarks.consistency;

import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Counts the reads that return an older version than one that was known to be committed
 * before they began. It knows nothing of caches. Thread-safe.
 */
final class Judge {

	private final LongSupplier clock;

	private final List<History> histories;

	private final LongAdder reads = new LongAdder();

	private final LongAdder stale = new LongAdder();

	private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

	private final LongAdder rolledBack = new LongAdder();

	private final LongAdder ownUnseen = new LongAdder();

	Judge(int items, LongSupplier clock) {
		this.clock = clock;
		this.histories = Stream.generate(() -> new History(clock)).limit(items).toList();
	}

	History history(int item) {
		return this.histories.get(item);
	}

	/**
	 * Begin a read, or take the snapshot that it will use.
	 */
	Reading begin(int item) {
		long least = history(item).last();
		return new Reading(item, least, this.clock.getAsLong());
	}

	/**
	 * End a read.
	 * @param reading what was known when it began
	 * @param version what it returned
	 */
	void end(Reading reading, long version) {
		History history = history(reading.item());
		this.reads.increment();
		if (version < reading.least()) {
			this.stale.increment();
			this.longest.accumulate(reading.begun() - history.outdatedSince(version));
		}
		if (history.isRolledBack(version)) {
			this.rolledBack.increment();
		}
	}

	/**
	 * End a read of a transaction that had changed the row itself.
	 * @param version what it returned
	 * @param own what the transaction had written
	 */
	void endOwn(long version, long own) {
		if (version != own) {
			this.ownUnseen.increment();
		}
	}

	long reads() {
		return this.reads.sum();
	}

	long stale() {
		return this.stale.sum();
	}

	/**
	 * The longest time in nanoseconds that a version had been outdated when a stale read
	 * of it began.
	 */
	long longestNanos() {
		return this.longest.get();
	}

	long rolledBack() {
		return this.rolledBack.sum();
	}

	long ownUnseen() {
		return this.ownUnseen.sum();
	}

	/**
	 * What was known when a read began.
	 *
	 * @param item the row
	 * @param least the last version committed
	 * @param begun the time
	 */
	record Reading(int item, long least, long begun) {
	}

	/**
	 * The versions of a row. Later versions are greater.
	 */
	static final class History {

		private final LongSupplier clock;

		/**
		 * When each version was first known to be committed.
		 */
		private final NavigableMap<Long, Long> committed = new TreeMap<>();

		private final Set<Long> rolledBack = new HashSet<>();

		History(LongSupplier clock) {
			this.clock = clock;
			this.committed.put(0L, clock.getAsLong());
		}

		/**
		 * Record a version that is known to be committed. Has no effect if a later one is
		 * known already.
		 */
		synchronized void committed(long version) {
			if (version > this.committed.lastKey()) {
				this.committed.put(version, this.clock.getAsLong());
			}
		}

		synchronized void rolledBack(long version) {
			this.rolledBack.add(version);
		}

		synchronized boolean isRolledBack(long version) {
			return this.rolledBack.contains(version);
		}

		synchronized long last() {
			return this.committed.lastKey();
		}

		synchronized long outdatedSince(long version) {
			return this.committed.higherEntry(version).getValue();
		}

	}

}
