package io.psqache.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A queue of operations and the workers that execute them:
 * <ol>
 * <li>If all workers are idle, a platform thread that waits for the answer executes its
 * operation itself, immediately and unbatched: no other thread need wake up.</li>
 * <li>Else operations queue, and the next free worker takes up to {@value Batch#MAX_SIZE}
 * of them in one {@link Batch}. The busier it gets, the larger batches grow and the less
 * an operation costs. For the same reason a further worker starts only when some
 * operations have gathered, or one has waited for long.</li>
 * <li>Two operations of one caller on one entry keep their order: the second one is not
 * taken while a worker executes the first.</li>
 * <li>The queue is bounded: past the bound an operation fails at once.</li>
 * </ol>
 * Thread-safe.
 */
public final class RequestQueue {

	/**
	 * Operations that may wait. More could not be executed within any sane time limit.
	 */
	static final int CAPACITY = 10_000;

	/**
	 * Operations that wait for each busy worker before another one starts. On 2 cores, 3
	 * in place of 12 raised the rate of gets with 8 callers by 20 %, and changed nothing
	 * with 32.
	 */
	private static final int GATHERED = 3;

	private final Engine engine;

	private final Worker[] workers;

	private final Queue<Operation<?>> operations = new ConcurrentLinkedQueue<>();

	/**
	 * Counted before an operation is added and after it is taken, so never too few.
	 */
	private final AtomicInteger queued = new AtomicInteger();

	/**
	 * Workers without work. The one that was busy last comes first: its connection is the
	 * most likely to be open. A worker is added before it is counted as idle, so there is
	 * one for each that is claimed.
	 */
	private final ConcurrentLinkedDeque<Worker> idleWorkers = new ConcurrentLinkedDeque<>();

	private final AtomicInteger busy = new AtomicInteger();

	/**
	 * Workers at work on an operation that may take long: none should gather behind them.
	 */
	private final AtomicInteger engaged = new AtomicInteger();

	/**
	 * Held by a worker that takes a batch, never by a caller.
	 */
	private final ReentrantLock taking = new ReentrantLock();

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private volatile boolean closed;

	private volatile boolean abandoned;

	RequestQueue(Engine engine, String name, int workers) {
		this.engine = engine;
		this.workers = new Worker[workers];
		for (int i = 0; i < workers; i++) {
			this.workers[i] = new Worker(engine, this, "psqache-%s-%d".formatted(name, i + 1));
			this.idleWorkers.add(this.workers[i]);
		}
	}

	/**
	 * Execute an operation on this thread if all workers are idle, else queue it.
	 */
	void run(Operation<?> operation) {
		if (this.operations.isEmpty() && !this.closed && !VirtualThreads.isVirtual(Thread.currentThread())
				&& this.busy.compareAndSet(0, 1)) {
			Worker worker = idleWorker();
			try {
				Batch batch = new Batch(operation);
				worker.begin(batch);
				worker.execute(batch);
			}
			finally {
				release(worker);
			}
		}
		else {
			send(operation);
		}
	}

	/**
	 * Queue an operation.
	 */
	void send(Operation<?> operation) {
		if (this.closed) {
			operation.fail(new StoreException(FailureCause.CLOSED, null));
			return;
		}
		if (this.queued.incrementAndGet() > CAPACITY) {
			this.queued.decrementAndGet();
			operation.fail(new StoreException(FailureCause.OVERLOADED, null));
			return;
		}
		this.operations.add(operation);
		if (this.abandoned) { // after the first look
			abandon();
		}
		this.engine.watchdog().wake();
		wakeIfGathered();
	}

	/**
	 * A further worker pays only if it takes several operations: a read of one entry took
	 * the server 16 us, and one of 16 entries 54 us.
	 */
	private void wakeIfGathered() {
		int sharing = this.busy.get() - this.engaged.get();
		if (sharing <= 0 || this.queued.get() >= GATHERED * sharing) {
			wake();
		}
	}

	/**
	 * Have another worker take what waits, if there is an idle one.
	 */
	private void wake() {
		int present = this.busy.get();
		while (present < this.workers.length) {
			if (this.busy.compareAndSet(present, present + 1)) {
				start(idleWorker());
				return;
			}
			present = this.busy.get();
		}
	}

	private void start(Worker worker) {
		boolean started = false;
		try {
			worker.start();
			started = true;
		}
		finally {
			if (!started) { // the machine has no thread left
				this.idleWorkers.push(worker);
				this.busy.decrementAndGet();
			}
		}
	}

	/**
	 * Called by those who have counted a worker as busy: then an idle one is there, or
	 * about to be.
	 */
	private Worker idleWorker() {
		Worker worker = this.idleWorkers.poll();
		while (worker == null) {
			Thread.onSpinWait();
			worker = this.idleWorkers.poll();
		}
		return worker;
	}

	/**
	 * Take what a worker is to execute next.
	 * @return {@code null} if there is nothing, or it must wait for another worker
	 */
	@Nullable Batch take(Worker worker) {
		this.taking.lock();
		try {
			Operation<?> first = next();
			boolean blocked = first != null && isUnderWayElsewhere(worker, first);
			worker.blocked(blocked);
			if (first == null || blocked) {
				return null;
			}
			Batch batch = new Batch(first);
			remove();
			Operation<?> next = next();
			while (next != null && batch.accepts(next) && !isUnderWayElsewhere(worker, next)) {
				batch.add(next);
				remove();
				next = next();
			}
			worker.begin(batch);
			return batch;
		}
		finally {
			this.taking.unlock();
		}
	}

	/**
	 * The next operation that is still wanted.
	 */
	private @Nullable Operation<?> next() {
		Operation<?> next = this.operations.peek();
		while (next != null && !next.isWanted()) {
			remove();
			next = this.operations.peek();
		}
		return next;
	}

	private void remove() {
		this.operations.poll();
		this.queued.decrementAndGet();
	}

	private boolean isUnderWayElsewhere(Worker worker, Operation<?> operation) {
		for (Worker other : this.workers) {
			Batch underWay = (other != worker) ? other.underWay() : null;
			if (underWay != null && underWay.isOrderedWith(operation)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A worker has nothing to do. Operations that must wait for the batch of another
	 * worker are left to that worker.
	 */
	void release(Worker worker) {
		boolean blocked = worker.isBlocked();
		this.idleWorkers.push(worker);
		int present = this.busy.decrementAndGet();
		if (!this.operations.isEmpty() && (present == 0 || (!blocked && present <= this.engaged.get()))) {
			wake();
		}
		if (this.abandoned && worker.session().isConnected()) { // it was busy when the queue was
														// abandoned
			disconnectIfIdle(worker);
		}
		completeIfDrained();
	}

	void engaged(int change) {
		this.engaged.addAndGet(change);
	}

	/**
	 * Called now and then: fail operations that are overdue, let go of connections that
	 * are not used, and start another worker if an operation has waited for long.
	 * @param now by {@link System#nanoTime()}
	 * @return whether there is anything to look at again
	 */
	boolean inspect(long now) {
		this.operations.forEach((operation) -> failIfOverdue(operation, now));
		Operation<?> first = this.operations.peek();
		if (first != null && now - first.askedAt() >= Watchdog.PATIENCE.toNanos()) {
			wake();
		}
		boolean active = first != null;
		for (Worker worker : this.workers) {
			Batch underWay = worker.underWay();
			if (underWay != null) {
				underWay.forEach((operation) -> failIfOverdue(operation, now));
			}
			worker.session().cancelIfOverdue(now);
			active |= underWay != null || worker.session().isConnected();
		}
		closeIdleConnections(now);
		return active;
	}

	private void failIfOverdue(Operation<?> operation, long now) {
		if (now - operation.askedAt() >= this.engine.timeout().toNanos() && operation.isWanted()) {
			operation.fail(new StoreException(FailureCause.TIMEOUT, null));
		}
	}

	/**
	 * A worker is claimed before its connection is closed, so that no caller uses it.
	 */
	private void closeIdleConnections(long now) {
		for (Worker worker : this.workers) {
			if (worker.isUnused(now)) {
				disconnectIfIdle(worker);
			}
		}
	}

	private void disconnectIfIdle(Worker worker) {
		if (!this.idleWorkers.remove(worker)) {
			return;
		}
		if (claimed()) {
			worker.session().disconnect();
			release(worker);
		}
		else {
			this.idleWorkers.push(worker);
		}
	}

	private boolean claimed() {
		int present = this.busy.get();
		return present < this.workers.length && this.busy.compareAndSet(present, present + 1);
	}

	Engine engine() {
		return this.engine;
	}

	/**
	 * Whether operations go on while one worker is taken.
	 * @return whether there are several workers
	 */
	public boolean hasSeveralWorkers() {
		return this.workers.length > 1;
	}

	/**
	 * Operations that wait.
	 * @return their number now, those included that are not wanted any more
	 */
	public int size() {
		return this.queued.get();
	}

	/**
	 * Take no more operations. Those that wait are still executed.
	 * @return completes when all are
	 */
	CompletableFuture<Void> close() {
		this.closed = true;
		if (this.operations.isEmpty()) {
			completeIfDrained();
		}
		else {
			wake();
		}
		return this.drained;
	}

	private void completeIfDrained() {
		if (this.closed && this.busy.get() == 0 && this.operations.isEmpty()) {
			this.drained.complete(null);
		}
	}

	/**
	 * Fail what still waits, and end the workers that are idle.
	 */
	void abandon() {
		this.abandoned = true;
		refuse(FailureCause.CLOSED);
		for (Worker worker : this.workers) {
			worker.close();
			disconnectIfIdle(worker);
		}
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Fail what waits now.
	 * @param cause why it is not executed
	 */
	void refuse(FailureCause cause) {
		List<Operation<?>> refused = new ArrayList<>();
		this.taking.lock(); // a worker removes what it has looked at
		try {
			for (Operation<?> next = this.operations.poll(); next != null; next = this.operations.poll()) {
				this.queued.decrementAndGet();
				refused.add(next);
			}
		}
		finally {
			this.taking.unlock();
		}
		refused.forEach((operation) -> operation.fail(new StoreException(cause, null)));
	}

}
