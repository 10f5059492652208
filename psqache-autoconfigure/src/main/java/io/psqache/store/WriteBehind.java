package io.psqache.store;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes puts that nobody waits for, as many as its bounds allow over all caches, and
 * writes them out when the store closes. Thread-safe.
 * <p>
 * The bounds are what an application loses at most when it dies. A put that was withdrawn
 * holds its place, but not its bytes, until its lane comes by.
 */
final class WriteBehind {

	static final int MAX_ENTRIES = 10_000;

	/**
	 * Of stored form. A value larger than that is taken alone.
	 */
	static final int MAX_BYTES = 32 * 1024 * 1024;

	/**
	 * How long a shutdown may take, where PostgreSQL still stores what it is given.
	 */
	private static final Duration LAST_CALL = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(WriteBehind.class);

	private final EntrySql sql;

	private final LanePool lanes;

	private final Duration timeout;

	private final Executor callbacks;

	private final Guard guard;

	private final Semaphore places = new Semaphore(MAX_ENTRIES, true);

	private final Semaphore bytes = new Semaphore(MAX_BYTES, true); // or large values
																	// would starve

	private final LongAdder stored = new LongAdder();

	private final AtomicBoolean closing = new AtomicBoolean();

	/**
	 * Create it.
	 * @param guard decides whether a put is taken, and is told of each that was sent
	 */
	WriteBehind(EntrySql sql, LanePool lanes, Duration timeout, Executor callbacks, Guard guard) {
		this.sql = sql;
		this.lanes = lanes;
		this.timeout = timeout;
		this.callbacks = callbacks;
		this.guard = guard;
	}

	/**
	 * Take a put.
	 * @param patience how long to wait while the bounds are reached
	 * @throws StoreException if it was not taken
	 */
	void put(CacheHandle cache, String key, NewEntry row, PutListener listener, Duration patience) {
		if (!this.guard.admits(OperationKind.PUT)) {
			throw new StoreException(FailureCause.SUSPENDED, null);
		}
		long deadline = System.nanoTime() + patience.toNanos();
		PendingPut.Content content = new PendingPut.Content(row, (int) Math.min(row.value().bytes(), MAX_BYTES),
				listener, false);
		acquire(this.bytes, content.bytes(), deadline);
		boolean taken = false;
		try {
			taken = cache.pendingPuts().replace(key, content) || add(cache, key, content, deadline);
		}
		finally {
			if (!taken) {
				release(content);
			}
		}
	}

	private boolean add(CacheHandle cache, String key, PendingPut.Content content, long deadline) {
		acquire(this.places, 1, deadline);
		boolean placed = false;
		try {
			placed = cache.pendingPuts()
				.add(key, new PendingPut(this.sql, cache, key, content, this), content, this.lanes.writes(key));
		}
		finally {
			if (!placed) {
				releasePlace();
			}
		}
		return true;
	}

	private void acquire(Semaphore bound, int permits, long deadline) {
		boolean acquired = !this.closing.get() && await(bound, permits, deadline);
		if (acquired && this.closing.get()) {
			bound.release(permits);
		}
		if (this.closing.get()) {
			throw new StoreException(FailureCause.CLOSED, null);
		}
		if (!acquired) {
			throw new StoreException(FailureCause.OVERLOADED, null);
		}
	}

	private static boolean await(Semaphore bound, int permits, long deadline) {
		long patience = Math.max(0, deadline - System.nanoTime());
		try {
			return bound.tryAcquire(permits, patience, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new StoreException(FailureCause.INTERRUPTED, null);
		}
	}

	/**
	 * How many puts hold a place.
	 */
	int pending() {
		return MAX_ENTRIES - this.places.availablePermits();
	}

	void release(PendingPut.Content content) {
		this.bytes.release(content.bytes());
	}

	void releasePlace() {
		this.places.release();
	}

	/**
	 * The database has answered.
	 * @param written whether it was written, or its fence was in the way
	 */
	void answered(PendingPut.Content content, boolean written) {
		this.guard.answered(OperationKind.PUT, null);
		try {
			if (written) {
				content.listener().stored();
			}
			else {
				content.listener().refused();
			}
		}
		finally {
			this.stored.increment();
			release(content);
			releasePlace();
		}
	}

	/**
	 * It is not queued, since another one of its key is.
	 */
	void refused(PendingPut.Content content) {
		release(content);
		content.listener().refused();
	}

	/**
	 * Whoever tells the application may take his time: not on a lane.
	 */
	void failed(PendingPut.Content content, StoreException failure) {
		this.guard.answered(OperationKind.PUT, failure.failureCause());
		release(content);
		releasePlace();
		this.callbacks.execute(() -> content.listener().failed(failure));
	}

	/**
	 * Take no more, and wait until what was taken is stored, as long as anything is. What
	 * is left then fails when the lanes are closed, which is said here: in bulk, and
	 * while the application's log still hears it. A later call does not wait for this
	 * one.
	 */
	void close() {
		if (this.closing.getAndSet(true)) {
			return;
		}
		awaitStored();
		int left = pending();
		if (left > 0) {
			logger.warn("{} values that were put behind (psqache.caches.<name>.writes: behind) are not cached: the"
					+ " application stops, and PostgreSQL did not store them in time. What they were to replace stays"
					+ " until it expires.", left);
		}
	}

	private void awaitStored() {
		long deadline = System.nanoTime() + LAST_CALL.toNanos();
		long patience = Math.min(2 * this.timeout.toNanos(), LAST_CALL.toNanos());
		try {
			long before;
			do {
				before = this.stored.sum();
				long left = Math.min(patience, deadline - System.nanoTime());
				if (this.places.tryAcquire(MAX_ENTRIES, left, TimeUnit.NANOSECONDS)) {
					this.places.release(MAX_ENTRIES);
					return;
				}
			}
			while (this.stored.sum() > before && System.nanoTime() < deadline);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
