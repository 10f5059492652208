package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for something that shows only when looked at, or for time to go by where that is
 * what an experiment is about.
 */
final class Patience {

	private Patience() {
	}

	/**
	 * Look again and again.
	 * @param limit how long at most
	 * @param pause between two looks
	 * @param condition what is waited for
	 * @return how long it took, in seconds; not a number if it has not come true
	 */
	static double await(Duration limit, Duration pause, BooleanSupplier condition) throws InterruptedException {
		long begun = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - begun > limit.toNanos()) {
				return Double.NaN;
			}
			pass(pause);
		}
		return (System.nanoTime() - begun) / 1e9;
	}

	/**
	 * Let time go by: a rest between two loads, or the time between two looks at one.
	 */
	static void pass(Duration time) throws InterruptedException {
		Thread.sleep(time.toMillis());
	}

}
