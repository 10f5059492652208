package io.psqache.benchmarks.measure;

import java.util.concurrent.CountDownLatch;

/**
 * Holds all callers back until the last is there, and lets them out at one moment, from
 * which the time of all of them is counted: a caller that gets a processor late has less
 * of it. Thread-safe.
 */
final class Gate {

	private final CountDownLatch ready;

	private final CountDownLatch open = new CountDownLatch(1);

	private volatile long openedAt;

	Gate(int callers) {
		this.ready = new CountDownLatch(callers);
	}

	/**
	 * Wait until it opens.
	 * @return when that was, by {@link System#nanoTime()}
	 */
	long await() throws InterruptedException {
		this.ready.countDown();
		this.open.await();
		return this.openedAt;
	}

	/**
	 * Wait until all callers are there.
	 */
	void awaitCallers() throws InterruptedException {
		this.ready.await();
	}

	/**
	 * Open it.
	 * @return when that was, by {@link System#nanoTime()}
	 */
	long open() {
		this.openedAt = System.nanoTime();
		this.open.countDown();
		return this.openedAt;
	}

}
