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
 * How long the sweeper rests between two steps:
 * <ol>
 * <li>As long as it was told, while there is little to do.</li>
 * <li>Less where the table is so large that it would not see all of it within a
 * {@linkplain #WALK minute}; but so that it is at work a quarter of the time at
 * most.</li>
 * <li>As long as the step took, where there is much to delete: half of the time at
 * work.</li>
 * <li>A quarter of that, where a bound is or may be exceeded: entries have to go faster
 * than they come.</li>
 * </ol>
 */
final class Pace {

	/**
	 * How long a walk over the whole table may take.
	 */
	private static final Duration WALK = Duration.ofMinutes(1);

	/**
	 * The part of the rows seen from which on it is much that is to be deleted.
	 */
	private static final double MUCH = 0.01;

	private static final int AT_EASE = 3;

	private static final int PRESSED = 4;

	/**
	 * Less is never much.
	 */
	private static final int FEW = 100;

	/**
	 * The most by which it slows down when bounds have turned out not to be exceeded.
	 */
	private static final int MOST_DOUBTS = 64;

	private final Duration interval;

	private int doubts = 1;

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
		if (need == Need.EVICTION) {
			return shorter(this.interval, took.dividedBy(PRESSED));
		}
		if (isMuch(step)) {
			return shorter(this.interval, took);
		}
		Duration atEase = longer(WALK.dividedBy(steps), took.multipliedBy(AT_EASE));
		Duration look = took.multipliedBy(this.doubts).dividedBy(PRESSED);
		return shorter(this.interval, (need == Need.LOOK) ? shorter(atEase, look) : atEase);
	}

	/**
	 * A walk is done. Much may be written that adds nothing to a bounded cache: then each
	 * walk for nothing makes the next one slower.
	 * @param found whether a bound was exceeded
	 */
	void looked(boolean found) {
		this.doubts = found ? 1 : Math.min(MOST_DOUBTS, 2 * this.doubts);
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
