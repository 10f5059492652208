package io.psqache.sweep;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rest between two turns of the sweeper, which ends early when there is something to
 * do, or when it is to stop. Thread-safe.
 */
final class Rest {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition ended = this.lock.newCondition();

	private volatile boolean closed;

	private boolean woken;

	/**
	 * Rest.
	 * @return whether there is to be no other turn
	 */
	boolean isClosedAfter(Duration rest) {
		this.lock.lock();
		try {
			long nanos = rest.toNanos();
			while (!this.closed && !this.woken && nanos > 0) {
				nanos = this.ended.awaitNanos(nanos);
			}
			this.woken = false;
			return this.closed;
		}
		catch (InterruptedException ex) {
			return this.closed; // an interrupt ends nothing: only close() does
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * End this rest, or the next one.
	 */
	void wake() {
		this.lock.lock();
		try {
			this.woken = true;
			this.ended.signal();
		}
		finally {
			this.lock.unlock();
		}
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
