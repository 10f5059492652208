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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import io.psqache.LoadSettings;
import io.psqache.internal.store.EntryAge;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Tells which entries of one cache are to be refreshed although they can still be read:
 * those past {@code fresh-for}; and with {@code refresh-ahead} some before that, the
 * nearer the end the likelier, and the earlier the longer a load takes (XFetch: Vattani,
 * Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB
 * 2015). Thread-safe.
 */
final class Freshness {

	/**
	 * The weight of the latest load in the average.
	 */
	private static final double LATEST = 0.2;

	private final @Nullable Duration freshFor;

	private final double beta;

	private final DoubleSupplier random;

	/**
	 * Nanoseconds that a load takes on average; 0 until there was one. A load that ends
	 * at the same time as another may go uncounted.
	 */
	private volatile double loadTime;

	Freshness(LoadSettings settings) {
		this(settings, () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Create it.
	 * @param random from 0, inclusive, to 1, exclusive
	 */
	Freshness(LoadSettings settings, DoubleSupplier random) {
		this.freshFor = settings.freshFor();
		this.beta = settings.refreshAhead();
		this.random = random;
	}

	/**
	 * Whether an entry is to be refreshed.
	 * @param age its age; {@code null} if it has none
	 */
	boolean isRefreshDue(@Nullable EntryAge age) {
		Duration left = (age != null) ? left(age) : null;
		if (left == null) {
			return false;
		}
		return left.isNegative() || left.isZero() || (this.beta > 0 && ahead() >= left.toNanos());
	}

	/**
	 * What a copy is made of: its time ends with that for which the entry is fresh.
	 * @param stored an entry as it was read
	 * @param age its age; {@code null} if it has none
	 */
	StoredValue whileFresh(StoredValue stored, @Nullable EntryAge age) {
		Duration left = stored.timeLeft();
		if (left == null || age == null || this.freshFor == null) {
			return stored;
		}
		Duration fresh = this.freshFor.minus(age.sinceWritten());
		return (fresh.compareTo(left) < 0) ? stored.withTimeLeft(fresh) : stored;
	}

	/**
	 * Whether an entry is past the time for which it is fresh.
	 */
	boolean isStale(@Nullable EntryAge age) {
		return age != null && this.freshFor != null && age.sinceWritten().compareTo(this.freshFor) >= 0;
	}

	private @Nullable Duration left(EntryAge age) {
		return (this.freshFor != null) ? this.freshFor.minus(age.sinceWritten()) : age.timeLeft();
	}

	/**
	 * How long ahead of the end this reader would load: of an exponential distribution.
	 */
	private double ahead() {
		return this.beta * this.loadTime * -Math.log(1 - this.random.getAsDouble());
	}

	/**
	 * A load has ended.
	 * @param begin when it began, as {@link System#nanoTime()} has it
	 */
	void loaded(long begin) {
		double time = System.nanoTime() - begin;
		double average = this.loadTime;
		this.loadTime = (average == 0) ? time : average + LATEST * (time - average);
	}

}
