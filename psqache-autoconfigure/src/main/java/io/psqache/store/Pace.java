package io.psqache.store;

import java.time.Duration;

/**
 * How long the sweeper rests between two steps:
 * <ol>
 * <li>As long as it was told, while there is little to do.</li>
 * <li>Less where the table is so large that it would not see all of it within a
 * {@linkplain #WALK minute and a half}.</li>
 * <li>As long as the step took, where it has found much to delete, or a bound may have
 * been exceeded: half of the time at work.</li>
 * </ol>
 */
final class Pace {

	/**
	 * How long a walk over the whole table may take.
	 */
	private static final Duration WALK = Duration.ofSeconds(90);

	/**
	 * The part of the rows seen from which on it is much that is to be deleted.
	 */
	private static final double MUCH = 0.01;

	/**
	 * Less is never much.
	 */
	private static final int FEW = 100;

	private final Duration interval;

	Pace(Duration interval) {
		this.interval = interval;
	}

	Duration interval() {
		return this.interval;
	}

	/**
	 * The rest after a step.
	 * @param step what it did
	 * @param steps how many steps the whole table takes
	 * @param urgent whether a bound may have been exceeded
	 * @param took how long the step took
	 */
	Duration rest(Sweep.Step step, long steps, boolean urgent, Duration took) {
		Duration rest = shorter(this.interval, WALK.dividedBy(steps));
		boolean much = step.removed() >= FEW && step.removed() >= MUCH * step.looked();
		return (urgent || much) ? shorter(rest, took) : rest;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
