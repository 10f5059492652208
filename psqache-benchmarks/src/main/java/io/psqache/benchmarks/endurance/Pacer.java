package io.psqache.benchmarks.endurance;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Says when one caller is to call next, whatever its last call took, and how long a call
 * took from when it was to begin: a caller that is held up does not spare the others who
 * would have come meanwhile (no coordinated omission). Not thread-safe.
 */
public final class Pacer {

	private final LongSupplier nanoTime;

	private final LongConsumer sleep;

	private final double interval;

	private final long first;

	private long calls;

	private long intended;

	/**
	 * Begin.
	 * @param nanoTime the clock
	 * @param sleep waits for some nanoseconds, or less
	 * @param first when the first call is to begin, in nanoseconds of that clock
	 * @param interval nanoseconds between the beginnings of calls
	 */
	Pacer(LongSupplier nanoTime, LongConsumer sleep, long first, double interval) {
		this.nanoTime = nanoTime;
		this.sleep = sleep;
		this.first = first;
		this.interval = interval;
	}

	/**
	 * One of several callers that share a rate and take turns.
	 * @param caller its number
	 * @param callers how many there are
	 * @param perSecond calls of all of them together
	 * @return the pacer of that caller
	 */
	public static Pacer of(int caller, int callers, double perSecond) {
		double interval = TimeUnit.SECONDS.toNanos(1) * callers / perSecond;
		return new Pacer(System::nanoTime, LockSupport::parkNanos,
				System.nanoTime() + (long) (interval * caller / callers), interval);
	}

	/**
	 * Wait until the next call is due; not at all if it is late.
	 */
	public void await() {
		this.intended = this.first + (long) (this.calls++ * this.interval);
		long left = this.intended - this.nanoTime.getAsLong();
		while (left > 0 && !Thread.currentThread().isInterrupted()) {
			this.sleep.accept(left);
			left = this.intended - this.nanoTime.getAsLong();
		}
	}

	/**
	 * Nanoseconds since the call was due.
	 * @return their number
	 */
	public long sinceDue() {
		return this.nanoTime.getAsLong() - this.intended;
	}

}
