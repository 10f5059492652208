package io.psqache.benchmarks.endurance;

import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Product;
import io.psqache.benchmarks.workload.ValueSize;

/**
 * What is stored: a few hundred values of 500 bytes, since as many as there are entries
 * would not fit into the heap.
 */
final class Values {

	private static final ValueSize SIZE = new ValueSize(500);

	private final Dataset dataset;

	Values(long seed) {
		this.dataset = new Dataset(SIZE, 1, seed);
	}

	int count() {
		return this.dataset.products();
	}

	/**
	 * One of them.
	 * @param number any number; numbers that follow each other lead to different values
	 */
	Product value(long number) {
		return this.dataset.product((int) Math.floorMod(number, (long) this.dataset.products()));
	}

}
