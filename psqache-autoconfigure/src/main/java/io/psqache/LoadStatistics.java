package io.psqache;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of the loads of one cache in this instance of the application, since it was
 * made: of those who came with a loader. Thread-safe; the counts only grow.
 */
public final class LoadStatistics {

	private final LongAdder loads = new LongAdder();

	private final LongAdder shared = new LongAdder();

	private final LongAdder waits = new LongAdder();

	LoadStatistics() {
	}

	/**
	 * Loaders that were called.
	 * @return their number
	 */
	public long loads() {
		return this.loads.sum();
	}

	/**
	 * Callers who missed and did not load: they got what another one loaded, in this
	 * instance or elsewhere.
	 * @return their number
	 */
	public long sharedLoads() {
		return this.shared.sum();
	}

	/**
	 * Loads for which this instance had to wait because another one had the lease.
	 * @return their number
	 */
	public long leaseWaits() {
		return this.waits.sum();
	}

	void load() {
		this.loads.increment();
	}

	void shared() {
		this.shared.increment();
	}

	void leaseWait() {
		this.waits.increment();
	}

}
