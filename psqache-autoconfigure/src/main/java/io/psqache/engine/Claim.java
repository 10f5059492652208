package io.psqache.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The use of a worker by one thread, from when it claims the worker until it releases it.
 * Read by the {@link Watchdog}.
 */
final class Claim {

	private final Worker worker;

	private final WorkerSession session;

	private final boolean ownThread;

	private volatile @Nullable Batch underWay;

	private volatile long progressAt = System.nanoTime();

	private boolean blocked;

	/**
	 * Create a claim.
	 * @param session what its thread alone may use
	 * @param ownThread whether it is for the worker's own thread, which takes batches
	 * from the queue, or for the thread that makes it
	 */
	Claim(Worker worker, WorkerSession session, boolean ownThread) {
		this.worker = worker;
		this.session = session;
		this.ownThread = ownThread;
	}

	Worker worker() {
		return this.worker;
	}

	WorkerSession session() {
		return this.session;
	}

	boolean isOfOwnThread() {
		return this.ownThread;
	}

	void begin(Batch batch) {
		this.progressAt = System.nanoTime();
		this.underWay = batch;
	}

	void end() {
		this.underWay = null;
	}

	@Nullable Batch underWay() {
		return this.underWay;
	}

	/**
	 * Whether it executes an operation that may take long.
	 */
	boolean isLong() {
		Batch batch = this.underWay;
		return batch != null && batch.isLong();
	}

	/**
	 * Whether its thread has neither begun a batch nor a statement for some time.
	 */
	boolean isStalled(long now, Duration limit) {
		return now - this.progressAt > limit.toNanos() && now - this.session.usedAt() > limit.toNanos();
	}

	/**
	 * Whether the next operation must wait for the batch of another worker.
	 */
	void blocked(boolean blocked) {
		this.blocked = blocked;
	}

	boolean isBlocked() {
		return this.blocked;
	}

}
