package io.psqache.store;

import java.time.Duration;

/**
 * How long the sweeper rests between two steps:
 * <ol>
 * <li>As long as it was told, while there is little to do.</li>
 * <li>Less where the table is so large that it would not see all of it within a
 * {@linkplain #WALK minute and a half}, and where a bound may have been exceeded; but so
 * that it is at work a quarter of the time at most.</li>
 * <li>As long as the step took, where there is much to delete: half of the time at
 * work.</li>
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

	private static final int AT_EASE = 3;

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
	 * @param need what is known of the bounds
	 * @param took how long the step took
	 */
	Duration rest(Sweep.Step step, long steps, Need need, Duration took) {
		if (need == Need.EVICTION || isMuch(step)) {
			return shorter(this.interval, took);
		}
		Duration rest = (need == Need.LOOK) ? Duration.ZERO : WALK.dividedBy(steps);
		return shorter(this.interval, longer(rest, took.multipliedBy(AT_EASE)));
	}

	private static boolean isMuch(Sweep.Step step) {
		return !step.done() || (step.removed() >= FEW && step.removed() >= MUCH * step.looked());
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * What the bounds need.
	 */
	enum Need {

		/**
		 * Nothing: none is exceeded.
		 */
		NOTHING,

		/**
		 * A look: so many entries were written that one may have been exceeded.
		 */
		LOOK,

		/**
		 * Eviction: one was exceeded.
		 */
		EVICTION

	}

}
