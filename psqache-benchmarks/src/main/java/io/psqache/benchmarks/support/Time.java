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

package io.psqache.benchmarks.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Polls conditions of other processes.
 */
public final class Time {

	private Time() {
	}

	/**
	 * Poll a condition until it holds.
	 * @param limit time after which to give up
	 * @param pause time between two polls
	 * @param condition the condition
	 * @return seconds until it held; not a number if it did not
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static double await(Duration limit, Duration pause, BooleanSupplier condition) throws InterruptedException {
		long begun = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - begun > limit.toNanos()) {
				return Double.NaN;
			}
			Thread.sleep(pause.toMillis());
		}
		return secondsSince(begun);
	}

	public static double secondsSince(long nanoTime) {
		return (System.nanoTime() - nanoTime) / 1e9;
	}

	public static Duration seconds(double seconds) {
		return Duration.ofMillis(Math.round(1000 * seconds));
	}

}
