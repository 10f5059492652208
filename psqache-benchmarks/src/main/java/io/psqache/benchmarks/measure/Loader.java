package io.psqache.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.Dataset;

/**
 * Gives a contender all entries before anything is measured: puts each, then reads each
 * and puts once more what is not there, since a cache may lose a put and "all hits" must
 * be true.
 */
final class Loader {

	private static final Callers LOADERS = new Callers(16, false);

	private static final int REPAIRS = 3;

	private final Contender contender;

	private final Dataset dataset;

	Loader(Contender contender, Dataset dataset) {
		this.contender = contender;
		this.dataset = dataset;
	}

	/**
	 * Put every entry.
	 * @throws Exception if the contender cannot store them
	 */
	void load() throws Exception {
		long missing = forEachKey(this::put);
		for (int repair = 0; repair < REPAIRS && missing > 0; repair++) {
			this.contender.awaitApplied();
			missing = forEachKey(this::putIfMissing);
		}
		if (missing > 0) {
			throw new IllegalStateException(missing + " entries cannot be stored");
		}
	}

	private boolean put(int key) throws Exception {
		this.contender.put(this.dataset.key(key), this.dataset.value(key, 0));
		return true;
	}

	private boolean putIfMissing(int key) throws Exception {
		return !this.dataset.holds(key, this.contender.stored(this.dataset.key(key))) && put(key);
	}

	private long forEachKey(KeyWork work) throws Exception {
		ExecutorService threads = LOADERS.executor();
		try {
			List<Future<Long>> shares = new ArrayList<>();
			for (int loader = 0; loader < LOADERS.count(); loader++) {
				int first = loader;
				shares.add(threads.submit(() -> share(first, work)));
			}
			long put = 0;
			for (Future<Long> share : shares) {
				put += share.get();
			}
			return put;
		}
		finally {
			threads.shutdownNow();
		}
	}

	private long share(int first, KeyWork work) throws Exception {
		long put = 0;
		for (int key = first; key < this.dataset.entries(); key += LOADERS.count()) {
			put += work.on(key) ? 1 : 0;
		}
		return put;
	}

	/**
	 * What is done for a key.
	 */
	@FunctionalInterface
	private interface KeyWork {

		/**
		 * Do it.
		 * @return whether the entry was put
		 */
		boolean on(int key) throws Exception;

	}

}
