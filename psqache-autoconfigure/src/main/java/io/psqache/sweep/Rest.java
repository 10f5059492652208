package io.psqache.sweep;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The rest between two turns of the sweeper, which ends early when there is something to
 * do, or when it is to stop. Thread-safe.
 */
final class Rest {

	private final Semaphore wakes = new Semaphore(0);

	private volatile boolean closed;

	/**
	 * Rest.
	 * @return whether there is to be no other turn
	 */
	boolean isClosedAfter(Duration rest) {
		try {
			if (!this.closed && this.wakes.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS)) {
				this.wakes.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			// An interrupt ends nothing: only close() does.
		}
		return this.closed;
	}

	/**
	 * End this rest, or the next one.
	 */
	void wake() {
		this.wakes.release();
	}

	/**
	 * End this rest and all others.
	 */
	void close() {
		this.closed = true;
		wake();
	}

	boolean isClosed() {
		return this.closed;
	}

}
