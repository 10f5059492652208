package io.psqache.benchmarks.compare;

import java.util.Random;
import java.util.function.IntSupplier;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.Dataset;

/**
 * The sequence of calls of a scenario, drawn before it and the same for all contenders.
 * Each caller starts at its own place.
 */
final class Steps {

	private static final int LENGTH = 1 << 20;

	private static final double OTHER_SHARE = 0.1;

	private final Workload workload;

	private final Dataset dataset;

	/**
	 * Numbers of keys; the complement if the step is the rare call of the workload.
	 */
	private final int[] steps = new int[LENGTH];

	Steps(Scenario scenario, Dataset dataset, long seed) {
		this.workload = scenario.workload();
		this.dataset = dataset;
		Random random = new Random(seed);
		IntSupplier keys = scenario.keys().draw(dataset.entries(), random);
		for (int place = 0; place < LENGTH; place++) {
			int key = keys.getAsInt();
			this.steps[place] = (random.nextDouble() < OTHER_SHARE) ? ~key : key;
		}
	}

	int start(int caller, int callers) {
		return (int) ((long) LENGTH * caller / callers);
	}

	/**
	 * Make a call.
	 * @param contender the contender
	 * @param place the place in the sequence, which repeats
	 * @return whether the answer is right
	 * @throws Exception if the call fails
	 */
	boolean call(Contender contender, int place) throws Exception {
		int step = this.steps[place & (LENGTH - 1)];
		int key = (step < 0) ? ~step : step;
		boolean rare = step < 0;
		if (this.workload == Workload.GET90 && rare) {
			return contender.get("absent:" + key) == null;
		}
		if (this.workload == Workload.PUT || (this.workload == Workload.MIXED && rare)) {
			contender.put(this.dataset.key(key), this.dataset.value(key, place));
			return true;
		}
		return this.dataset.mayHold(key, contender.get(this.dataset.key(key)));
	}

}
