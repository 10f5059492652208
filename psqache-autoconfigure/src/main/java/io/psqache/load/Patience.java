package io.psqache.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * How long a caller waits for the load of another instance, and how often he looks: he
 * pauses for a tenth of the time that he has waited already, at least 10 ms and at most
 * 250 ms. To be woken by NOTIFY would cost every commit more than these reads do. For one
 * caller.
 */
final class Patience {

	private static final Duration SHORTEST = Duration.ofMillis(10);

	private static final Duration LONGEST = Duration.ofMillis(250);

	private final long begin = System.nanoTime();

	private final Duration limit;

	Patience(Duration limit) {
		this.limit = limit;
	}

	/**
	 * Wait until it is time to look again.
	 * @return {@code false} if the limit is reached, or the thread interrupted
	 */
	boolean pause() {
		if (isOver()) {
			return false;
		}
		try {
			TimeUnit.NANOSECONDS.sleep(next());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * As {@link #pause}, without waiting.
	 * @return runs what is to be done when it is time, which must not block; {@code null}
	 * if the limit is reached
	 */
	@Nullable Executor afterPause() {
		return isOver() ? null : CompletableFuture.delayedExecutor(next(), TimeUnit.NANOSECONDS, Runnable::run);
	}

	private boolean isOver() {
		return waited() >= this.limit.toNanos();
	}

	private long waited() {
		return System.nanoTime() - this.begin;
	}

	private long next() {
		return Math.min(LONGEST.toNanos(), Math.max(SHORTEST.toNanos(), waited() / 10));
	}

}
