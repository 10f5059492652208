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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Schedules the calls of one caller at a fixed rate, and measures each call from the time
 * when it was due. A late caller calls immediately, so slow calls do not reduce the load
 * (no coordinated omission). Not thread-safe.
 */
public final class Pacer {

	private final LongSupplier nanoTime;

	private final LongConsumer sleep;

	private final long first;

	private final double interval;

	private long calls;

	private long due;

	/**
	 * Create a pacer.
	 * @param nanoTime the clock
	 * @param sleep waits for some nanoseconds, or less
	 * @param first when the first call is due, in nanoseconds of that clock
	 * @param interval nanoseconds between two calls
	 */
	Pacer(LongSupplier nanoTime, LongConsumer sleep, long first, double interval) {
		this.nanoTime = nanoTime;
		this.sleep = sleep;
		this.first = first;
		this.interval = interval;
	}

	/**
	 * Create the pacer of one of several callers that take turns.
	 * @param caller its number, from 0
	 * @param callers the number of callers
	 * @param perSecond calls a second of all callers together
	 * @return the pacer
	 */
	public static Pacer of(int caller, int callers, double perSecond) {
		double interval = TimeUnit.SECONDS.toNanos(1) * callers / perSecond;
		return new Pacer(System::nanoTime, LockSupport::parkNanos,
				System.nanoTime() + (long) (interval * caller / callers), interval);
	}

	/**
	 * Wait until the next call is due. Returns immediately if the call is late.
	 */
	public void await() {
		this.due = this.first + (long) (this.calls++ * this.interval);
		long left = this.due - this.nanoTime.getAsLong();
		while (left > 0 && !Thread.currentThread().isInterrupted()) {
			this.sleep.accept(left);
			left = this.due - this.nanoTime.getAsLong();
		}
	}

	/**
	 * The time since the call was due.
	 * @return nanoseconds
	 */
	public long sinceDue() {
		return this.nanoTime.getAsLong() - this.due;
	}

}
