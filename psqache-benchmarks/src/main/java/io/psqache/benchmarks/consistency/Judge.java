package io.psqache.benchmarks.consistency;

import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Counts reads of what is older than the last transaction that was committed before the
 * read began, and the like. It knows nothing of caches. Thread-safe.
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
	 * A read begins, or the snapshot is about to be taken in which it will happen.
	 */
	Reading begin(int item) {
		long least = history(item).last();
		return new Reading(item, least, this.clock.getAsLong());
	}

	/**
	 * A read has ended.
	 * @param reading what was known when it began
	 * @param version what was read
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
	 * A transaction has read what it had changed itself.
	 * @param version what was read
	 * @param own what it had written
	 */
	void endOwn(long version, long own) {
		if (version != own) {
			this.ownUnseen.increment();
		}
	}

	long reads() {
		return this.reads.sum();
	}

	/**
	 * Reads of what was older than what was committed before.
	 */
	long stale() {
		return this.stale.sum();
	}

	/**
	 * How long what a stale read found had been out of date when it began, at the most,
	 * in nanoseconds.
	 */
	long longestNanos() {
		return this.longest.get();
	}

	/**
	 * Reads of what was rolled back, so that it never was true.
	 */
	long rolledBack() {
		return this.rolledBack.sum();
	}

	/**
	 * Reads that did not see what their own transaction had written.
	 */
	long ownUnseen() {
		return this.ownUnseen.sum();
	}

	/**
	 * What was known when a read began.
	 *
	 * @param item what is read
	 * @param least the last version committed
	 * @param begun when
	 */
	record Reading(int item, long least, long begun) {
	}

}
