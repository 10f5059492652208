package io.psqache.benchmarks.compare;

import org.jspecify.annotations.Nullable;

/**
 * What one contender did in one round. Times are in microseconds unless named otherwise.
 *
 * @param calls number of calls
 * @param seconds from the first call to the last answer
 * @param p50 median time of a call
 * @param p99 99th percentile
 * @param p999 99.9th percentile
 * @param jvmCpu CPU time of this process a call
 * @param serverCpu CPU time of the server a call; not a number if unknown
 * @param errors calls that failed or had a wrong answer
 * @param firstError the first error, {@code null} without errors
 */
record Measurement(long calls, double seconds, double p50, double p99, double p999, double jvmCpu, double serverCpu,
		long errors, @Nullable String firstError) {

	double rate() {
		return this.calls / this.seconds;
	}

	double cpu() {
		return this.jvmCpu + this.serverCpu;
	}

	Measurement withErrors(long further, String error) {
		return (further == 0) ? this
				: new Measurement(this.calls, this.seconds, this.p50, this.p99, this.p999, this.jvmCpu, this.serverCpu,
						this.errors + further, (this.firstError != null) ? this.firstError : error);
	}

}
