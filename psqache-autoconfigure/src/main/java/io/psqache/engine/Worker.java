package io.psqache.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Executes batches on its {@link WorkerSession}. Its own thread drives it, or a caller
 * that finds all workers idle.
 */
final class Worker {

	private static final Duration THREAD_KEEP_ALIVE = Duration.ofSeconds(10);

	private final RequestQueue queue;

	private final String name;

	private final WorkerSession session;

	private volatile @Nullable Batch underWay;

	private boolean blocked;

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	private volatile boolean started;

	private volatile boolean closed;

	Worker(Engine engine, RequestQueue queue, String name) {
		this.session = new WorkerSession(engine);
		this.queue = queue;
		this.name = name;
	}

	/**
	 * Drive it on its own thread. It is counted as busy.
	 */
	void start() {
		this.started = true;
		Thread present = this.thread.get();
		if (present == null) {
			Thread made = new Thread(this::drive, this.name);
			made.setDaemon(true);
			if (this.thread.compareAndSet(null, made)) {
				startThread(made);
				return;
			}
			present = this.thread.get();
		}
		LockSupport.unpark(present);
	}

	private void startThread(Thread made) {
		boolean running = false;
		try {
			made.start();
			running = true;
		}
		finally {
			if (!running) {
				this.started = false;
				this.thread.set(null);
			}
		}
	}

	private void drive() {
		do {
			while (awaitStart()) {
				executeAll();
				this.started = false;
				this.queue.release(this);
			}
		}
		while (!tryToEnd());
	}

	/**
	 * Wait until it is started.
	 * @return {@code false} if that takes so long that the thread may end
	 */
	private boolean awaitStart() {
		long begin = System.nanoTime();
		while (!this.started && !this.closed) {
			long left = begin + THREAD_KEEP_ALIVE.toNanos() - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			LockSupport.parkNanos(this, left);
		}
		return this.started;
	}

	/**
	 * The thread ends, unless the worker was started just now.
	 */
	private boolean tryToEnd() {
		Thread current = Thread.currentThread();
		this.thread.set(null);
		return !this.started || !this.thread.compareAndSet(null, current);
	}

	@SuppressWarnings("ThreadPriorityCheck") // only the size of batches relies on it
	private void executeAll() {
		Batch batch = this.queue.take(this);
		while (batch != null) {
			execute(batch);
			// The callers just answered may ask again, and go with the next batch: 17 %
			// more gets with 8 callers on 2 cores.
			Thread.yield();
			batch = this.queue.take(this);
		}
	}

	/**
	 * Execute a batch that it has {@linkplain #begin begun}.
	 */
	void execute(Batch batch) {
		int engaged = batch.isLong() ? 1 : 0;
		this.queue.engaged(engaged);
		try {
			this.session.connect();
			batch.execute(this.session);
		}
		catch (Throwable ex) { // every caller is answered, whatever happens
			Throwable failure = closedInstead(ex);
			batch.forEach((operation) -> failIfWanted(operation, failure));
		}
		finally {
			this.session.disconnectIfDue();
			this.underWay = null;
			this.queue.engaged(-engaged);
		}
	}

	private static void failIfWanted(Operation<?> operation, Throwable failure) {
		if (operation.isWanted()) {
			operation.fail(failure);
		}
	}

	/**
	 * The pool may be closed before a worker asks it for a connection.
	 */
	private Throwable closedInstead(Throwable failure) {
		return this.queue.isAbandoned() ? new StoreException(FailureCause.CLOSED, failure) : failure;
	}

	void begin(Batch batch) {
		this.underWay = batch;
	}

	WorkerSession session() {
		return this.session;
	}

	boolean isUnused(long now) {
		return this.underWay == null && this.session.isUnused(now);
	}

	@Nullable Batch underWay() {
		return this.underWay;
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

	/**
	 * End the thread when it is idle.
	 */
	void close() {
		this.closed = true;
		LockSupport.unpark(this.thread.get());
	}

}
