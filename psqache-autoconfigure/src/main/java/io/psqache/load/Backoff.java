package io.psqache.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.psqache.engine.CallMode;

/**
 * How often a caller looks for the value that another instance loads: it pauses for a
 * tenth of the time that it has waited already, at least 10 ms and at most 250 ms. Waking
 * it by NOTIFY would cost every commit more than these reads do. For one caller.
 */
final class Backoff {

	private static final Duration SHORTEST = Duration.ofMillis(10);

	private static final Duration LONGEST = Duration.ofMillis(250);

	private final long begin = System.nanoTime();

	private final Duration limit;

	Backoff(Duration limit) {
		this.limit = limit;
	}

	/**
	 * Wait until it is time to look again.
	 * @return {@code false} if the limit is reached, or the thread interrupted
	 */
	CompletableFuture<Boolean> pause(CallMode mode) {
		long waited = System.nanoTime() - this.begin;
		if (waited >= this.limit.toNanos()) {
			return CompletableFuture.completedFuture(false);
		}
		return mode.pause(Duration.ofNanos(Math.min(LONGEST.toNanos(), Math.max(SHORTEST.toNanos(), waited / 10))));
	}

}
