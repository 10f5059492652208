package io.psqache.benchmarks.endurance;

import java.time.Duration;

/**
 * How much there is of everything, as a fraction of what the targets ask for: with less
 * an experiment shows that it works, and no more.
 *
 * @param amount of entries, puts and the like
 * @param time of what takes a fixed time
 */
public record Sizes(double amount, double time) {

	/**
	 * What the targets ask for.
	 */
	public static final Sizes FULL = new Sizes(1, 1);

	/**
	 * All experiments in about two minutes.
	 */
	public static final Sizes QUICK = new Sizes(0.01, 0.1);

	/**
	 * A number of entries, puts and the like.
	 * @param full how many the targets ask for
	 * @return how many it is to be here
	 */
	int count(int full) {
		return (int) Math.max(1, Math.round(full * this.amount));
	}

	/**
	 * A time.
	 * @param seconds how long it takes at full size
	 * @return how long it is to take here
	 */
	Duration time(double seconds) {
		return Duration.ofMillis((long) (1000 * seconds * this.time));
	}

}
