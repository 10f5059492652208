package io.psqache.benchmarks.measure;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.workload.Dataset;

/**
 * Looks at a sample of what a contender stores, all fields of it, when no clock is
 * running.
 */
final class Inspection {

	private static final int SAMPLE = 200;

	private Inspection() {
	}

	/**
	 * Entries that do not hold a value of their key.
	 * @return how many there are among the sample
	 */
	static long wrongEntries(Contender contender, Dataset dataset) throws Exception {
		long wrong = 0;
		int stride = Math.max(1, dataset.entries() / SAMPLE);
		for (int key = 0; key < dataset.entries(); key += stride) {
			if (!dataset.holds(key, contender.stored(dataset.key(key)))) {
				wrong++;
			}
		}
		return wrong;
	}

}
