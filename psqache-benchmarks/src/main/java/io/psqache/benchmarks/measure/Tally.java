package io.psqache.benchmarks.measure;

import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one caller counted, and the sum of what all did. Not thread-safe: each caller has
 * its own.
 */
final class Tally {

	private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);

	/**
	 * Two digits: the error of a time is below one percent, and a thousand callers fit
	 * into the heap.
	 */
	private final Histogram nanos = new Histogram(32, LONGEST, 2);

	private long errors;

	private @Nullable String firstError;

	void add(long nanos) {
		this.nanos.recordValue(Math.min(nanos, LONGEST));
	}

	void error(String error) {
		this.errors++;
		if (this.firstError == null) {
			this.firstError = error;
		}
	}

	void add(Tally other) {
		this.nanos.add(other.nanos);
		this.errors += other.errors;
		if (this.firstError == null) {
			this.firstError = other.firstError;
		}
	}

	long calls() {
		return this.nanos.getTotalCount();
	}

	long errors() {
		return this.errors;
	}

	@Nullable String firstError() {
		return this.firstError;
	}

	double micros(double percentile) {
		return this.nanos.getValueAtPercentile(percentile) / 1000.0;
	}

}
