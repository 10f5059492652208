package io.psqache.benchmarks.workload;

import java.util.Random;
import java.util.function.IntSupplier;

/**
 * The sequence of keys and decisions that every contender gets, made beforehand so that
 * drawing them costs nothing while it is measured. Each caller starts at a place of its
 * own and goes round.
 */
public final class Steps {

	private static final int LENGTH = 1 << 20;

	/**
	 * The number of the key; its complement where the step is the other thing.
	 */
	private final int[] steps = new int[LENGTH];

	/**
	 * Make a sequence.
	 * @param scenario what is to be done
	 * @param entries number of keys
	 * @param seed what it follows from
	 */
	public Steps(Scenario scenario, int entries, long seed) {
		Random random = new Random(seed);
		IntSupplier keys = scenario.keys().draw(entries, random);
		double otherShare = scenario.workload().otherShare();
		for (int index = 0; index < LENGTH; index++) {
			int key = keys.getAsInt();
			this.steps[index] = (random.nextDouble() < otherShare) ? ~key : key;
		}
	}

	/**
	 * Where a caller starts.
	 * @param caller number of the caller
	 * @param callers how many there are
	 * @return the place
	 */
	public int start(int caller, int callers) {
		return (int) ((long) LENGTH * caller / callers);
	}

	public int key(int place) {
		int step = this.steps[place & (LENGTH - 1)];
		return (step < 0) ? ~step : step;
	}

	/**
	 * Whether a step is the other thing: a miss, or a put among reads.
	 * @param place the place in the sequence
	 * @return whether it is
	 */
	public boolean isOther(int place) {
		return this.steps[place & (LENGTH - 1)] < 0;
	}

}
