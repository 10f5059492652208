package io.psqache.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.Dataset;

/**
 * Gives a contender all entries before anything is measured.
 */
final class Loader {

	private static final Callers LOADERS = new Callers(16, false);

	private Loader() {
	}

	/**
	 * Put every entry.
	 * @throws Exception if the contender cannot store them
	 */
	static void load(Contender contender, Dataset dataset) throws Exception {
		ExecutorService threads = LOADERS.executor();
		try {
			List<Future<?>> shares = new ArrayList<>();
			for (int loader = 0; loader < LOADERS.count(); loader++) {
				int first = loader;
				shares.add(threads.submit(() -> {
					for (int key = first; key < dataset.entries(); key += LOADERS.count()) {
						contender.put(dataset.key(key), dataset.value(key, 0));
					}
					return first;
				}));
			}
			for (Future<?> share : shares) {
				share.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		contender.awaitApplied();
		long wrong = Inspection.wrongEntries(contender, dataset);
		if (wrong > 0) {
			throw new IllegalStateException(wrong + " entries of a sample were not stored");
		}
	}

}
