/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.sweep;

import java.time.Duration;

/**
 * Determines how long the sweeper rests between two steps:
 * <ol>
 * <li>The configured interval, if there is little to do.</li>
 * <li>Less if a walk over the table would otherwise take more than a {@linkplain #WALK
 * minute}, but at least three times the duration of the step: the sweeper then works at
 * most a quarter of the time.</li>
 * <li>The duration of the step, if there is much to delete: the sweeper works half of the
 * time.</li>
 * <li>A quarter of that, if a bound is or may be exceeded: entries must be evicted faster
 * than they are added.</li>
 * </ol>
 */
final class Pace {

	/**
	 * The target duration of a walk over the whole table.
	 */
	private static final Duration WALK = Duration.ofMinutes(1);

	/**
	 * A step has much to delete if it deleted at least this fraction of the rows it
	 * counted.
	 */
	private static final double BUSY_SHARE = 0.01;

	private static final int IDLE_FACTOR = 3;

	private static final int URGENT_DIVISOR = 4;

	/**
	 * A step that deleted fewer rows never has much to delete.
	 */
	private static final int BUSY_MINIMUM = 100;

	/**
	 * The largest factor by which the rest grows when walks find no bound exceeded.
	 */
	private static final int MAX_SLOWDOWN = 64;

	private final Duration interval;

	private int slowdown = 1;

	Pace(Duration interval) {
		this.interval = interval;
	}

	Duration interval() {
		return this.interval;
	}

	/**
	 * Return the rest after a step.
	 * @param step the result of the step
	 * @param steps the number of steps for the whole table
	 * @param need whether a bound is or may be exceeded
	 * @param took the duration of the step
	 */
	Duration rest(Sweep.Step step, long steps, Need need, Duration took) {
		if (need == Need.EVICTION) {
			return shorter(this.interval, took.dividedBy(URGENT_DIVISOR));
		}
		if (isBusy(step)) {
			return shorter(this.interval, took);
		}
		Duration normal = longer(WALK.dividedBy(steps), took.multipliedBy(IDLE_FACTOR));
		Duration urgent = took.multipliedBy(this.slowdown).dividedBy(URGENT_DIVISOR);
		return shorter(this.interval, (need == Need.COUNT) ? shorter(normal, urgent) : normal);
	}

	/**
	 * Record the result of a walk that was hurried because a bound might be exceeded.
	 * Many writes do not add entries to a bounded cache, so each walk that finds no bound
	 * exceeded makes the next one slower.
	 * @param found whether a bound was exceeded
	 */
	void counted(boolean found) {
		this.slowdown = found ? 1 : Math.min(MAX_SLOWDOWN, 2 * this.slowdown);
	}

	private static boolean isBusy(Sweep.Step step) {
		return !step.done() || (step.removed() >= BUSY_MINIMUM && step.removed() >= BUSY_SHARE * step.counted());
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * The reason to hurry.
	 */
	enum Need {

		/**
		 * None: no bound is exceeded.
		 */
		NOTHING,

		/**
		 * So many entries were written that a bound may be exceeded: the entries must be
		 * counted.
		 */
		COUNT,

		/**
		 * A bound was exceeded: entries must be evicted.
		 */
		EVICTION

	}

}
