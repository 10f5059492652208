package io.psqache.benchmarks.measure;

import java.time.Duration;

/**
 * When a round is over for a caller: after a time, or after a number of calls.
 *
 * @param nanos the time
 * @param calls the number
 */
record Limit(long nanos, long calls) {

	static Limit time(Duration duration) {
		return new Limit(duration.toNanos(), Long.MAX_VALUE);
	}

	static Limit calls(long calls) {
		return new Limit(Long.MAX_VALUE, calls);
	}

}
