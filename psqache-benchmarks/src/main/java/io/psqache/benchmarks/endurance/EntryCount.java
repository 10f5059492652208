package io.psqache.benchmarks.endurance;

/**
 * How many entries there were, looked at now and then. Not thread-safe.
 */
final class EntryCount {

	private long looks;

	private long sum;

	private long most;

	void add(long entries) {
		this.looks++;
		this.sum += entries;
		this.most = Math.max(this.most, entries);
	}

	double mean() {
		return (this.looks > 0) ? (double) this.sum / this.looks : 0;
	}

	long most() {
		return this.most;
	}

}
