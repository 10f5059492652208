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
 * Decides which readable entries of one cache are due for a refresh. Entries past
 * {@code fresh-for} are due. With {@code refresh-ahead}, some entries are due earlier:
 * the probability rises towards the end of the time and with the duration of a load. The
 * method is XFetch (Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache
 * Stampede Prevention", VLDB 2015). Thread-safe.
 */
final class Freshness {

	/**
	 * The weight of the latest load in the moving average.
	 */
	private static final double LATEST = 0.2;

	private final @Nullable Duration freshFor;

	private final double beta;

	private final DoubleSupplier random;

	/**
	 * The average duration of a load in nanoseconds; 0 before the first load. Of two
	 * loads that end at the same time, one may be lost.
	 */
	private volatile double loadTime;

	Freshness(LoadSettings settings) {
		this(settings, () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Create a new instance.
	 * @param random supplies numbers from 0, inclusive, to 1, exclusive
	 */
	Freshness(LoadSettings settings, DoubleSupplier random) {
		this.freshFor = settings.freshFor();
		this.beta = settings.refreshAhead();
		this.random = random;
	}

	/**
	 * Return whether an entry is due for a refresh.
	 * @param age the age of the entry; {@code null} if it is unknown
	 */
	boolean isRefreshDue(@Nullable EntryAge age) {
		Duration left = (age != null) ? left(age) : null;
		if (left == null) {
			return false;
		}
		return left.isNegative() || left.isZero() || (this.beta > 0 && ahead() >= left.toNanos());
	}

	/**
	 * Return the value for a near entry, which lives only as long as the entry is fresh.
	 * @param stored the value as read
	 * @param age the age of the entry; {@code null} if it is unknown
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
	 * Return whether an entry is stale: past {@code fresh-for}.
	 */
	boolean isStale(@Nullable EntryAge age) {
		return age != null && this.freshFor != null && age.sinceWritten().compareTo(this.freshFor) >= 0;
	}

	private @Nullable Duration left(EntryAge age) {
		return (this.freshFor != null) ? this.freshFor.minus(age.sinceWritten()) : age.timeLeft();
	}

	/**
	 * Return how many nanoseconds before the end this reader refreshes. The value is
	 * drawn from an exponential distribution.
	 */
	private double ahead() {
		return this.beta * this.loadTime * -Math.log(1 - this.random.getAsDouble());
	}

	/**
	 * Record the duration of a finished load.
	 * @param begin the start of the load, by {@link System#nanoTime()}
	 */
	void loaded(long begin) {
		double time = System.nanoTime() - begin;
		double average = this.loadTime;
		this.loadTime = (average == 0) ? time : average + LATEST * (time - average);
	}

}
