package io.psqache.store;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Lanes to PostgreSQL with one queue before them. A lane is one connection at work:
 * <ol>
 * <li>Who finds all lanes free goes out at once, alone. A caller that waits for the
 * answer anyway drives the lane itself: no other thread need wake up.</li>
 * <li>Else operations queue, and the next free lane takes up to {@value Batch#MAX_SIZE}
 * of them in one {@link Batch}. The busier it gets the larger the batches grow, and the
 * less each operation costs. For the same reason another lane opens only when some have
 * gathered, or one has waited for long.</li>
 * <li>The queue is bounded: past the bound an operation fails at once.</li>
 * </ol>
 * No code of the application runs on a lane: what followed an answer there might call the
 * cache, and would wait for the lane it stands on.
 */
final class Lanes implements Way {

	/**
	 * Operations that may wait. More could not be worked off within any sane time limit.
	 */
	static final int QUEUE_CAPACITY = 10_000;

	/**
	 * Operations that wait for each lane at work before another one opens. Measured on 2
	 * cores with 8 callers: 14 in place of 4 took CPU a get from 67 to 43 us and its p99
	 * from 810 to 570 us. With 32 callers two lanes must open: one did 31,000 gets a
	 * second, two 41,000.
	 */
	private static final int GATHERED = 12;

	private final Connections connections;

	private final Executor threads;

	private final Queue<Operation<?>> queue = new ConcurrentLinkedQueue<>();

	/**
	 * Counted before it is added and after it is taken, so never less than there are. No
	 * sign of something to do: who counted it may not have added it yet.
	 */
	private final AtomicInteger queued = new AtomicInteger();

	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private final int count;

	private final AtomicInteger busy = new AtomicInteger();

	/**
	 * Lanes at work on what goes alone and may take long: nobody should gather behind
	 * them.
	 */
	private final AtomicInteger engaged = new AtomicInteger();

	private volatile boolean closed;

	private volatile boolean abandoned;

	/**
	 * Create the lanes.
	 * @param connections where a lane gets its connection from
	 * @param count number of lanes
	 * @param threads drive the lanes when no caller does: one each
	 */
	Lanes(Connections connections, int count, Executor threads) {
		this.connections = connections;
		this.threads = threads;
		this.count = count;
	}

	@Override
	public void runOrSend(Operation<?> operation) {
		if (this.queue.isEmpty() && !this.closed && this.busy.compareAndSet(0, 1)) {
			try {
				run(operation);
			}
			finally {
				release();
			}
		}
		else if (enqueue(operation)) {
			openIfGathered();
		}
	}

	@Override
	public void send(Operation<?> operation) {
		if (enqueue(operation)) {
			open();
		}
	}

	private boolean enqueue(Operation<?> operation) {
		if (this.closed) {
			operation.fail(new StoreException(FailureCause.CLOSED, null));
			return false;
		}
		if (this.queued.incrementAndGet() > QUEUE_CAPACITY) {
			this.queued.decrementAndGet();
			operation.fail(new StoreException(FailureCause.OVERLOADED, null));
			return false;
		}
		this.queue.add(operation);
		if (this.abandoned) { // since it was not closed
			abandon();
		}
		return true;
	}

	@Override
	public void hurry() {
		if (somethingWaits()) {
			open();
		}
	}

	/**
	 * How many take a place.
	 */
	int queued() {
		return this.queued.get();
	}

	/**
	 * Take no more; what is queued is still done.
	 * @return completes when it is
	 */
	CompletableFuture<Void> close() {
		this.closed = true;
		if (somethingWaits()) {
			open();
		}
		else {
			tellIfIdle();
		}
		return this.idle;
	}

	private boolean somethingWaits() {
		return !this.queue.isEmpty();
	}

	private void tellIfIdle() {
		if (this.closed && this.busy.get() == 0 && !somethingWaits()) {
			this.idle.complete(null);
		}
	}

	/**
	 * Answer what still waits.
	 */
	void abandon() {
		this.abandoned = true;
		refuse(FailureCause.CLOSED);
	}

	/**
	 * Answer what waits now.
	 * @param cause why it is not done
	 */
	void refuse(FailureCause cause) {
		for (Operation<?> waiting = poll(); waiting != null; waiting = poll()) {
			waiting.fail(new StoreException(cause, null));
		}
	}

	/**
	 * A lane more than those at work pays only when it takes several operations: a read
	 * of one entry took the server 65 us, and one of 16 entries 323 us.
	 */
	private void openIfGathered() {
		int lanes = this.busy.get() - this.engaged.get();
		if (lanes <= 0 || this.queued.get() >= GATHERED * lanes) {
			open();
		}
	}

	private void open() {
		int lanes = this.busy.get();
		while (lanes < this.count) {
			if (this.busy.compareAndSet(lanes, lanes + 1)) {
				startDriving();
				return;
			}
			lanes = this.busy.get();
		}
	}

	/**
	 * No thread can be had when the store is closed or the machine has none left: then
	 * whoever comes next to this lane takes what waits.
	 */
	private void startDriving() {
		boolean started = false;
		try {
			this.threads.execute(this::drive);
			started = true;
		}
		catch (RejectedExecutionException ex) {
			// The store is closed.
		}
		finally {
			if (!started) {
				this.busy.decrementAndGet();
			}
		}
	}

	private void release() {
		this.busy.decrementAndGet();
		if (somethingWaits()) { // it came after the last look
			openIfGathered();
		}
		tellIfIdle();
	}

	/**
	 * Drive a lane while anything waits. What did not fit into one batch begins the next.
	 */
	@SuppressWarnings("ThreadPriorityCheck") // only the size of batches relies on it
	private void drive() {
		try {
			Operation<?> next = poll();
			while (next != null) {
				Batch batch = new Batch(next);
				next = poll();
				while (next != null && batch.add(next)) {
					next = poll();
				}
				run(batch);
				// Those just answered may ask again and go with the next batch:
				// 17 % more gets with 8 callers on 2 cores.
				Thread.yield();
				next = (next != null) ? next : poll();
			}
		}
		finally {
			release();
		}
	}

	/**
	 * The next that somebody still waits for.
	 */
	private @Nullable Operation<?> poll() {
		Operation<?> next = this.queue.poll();
		while (next != null) {
			this.queued.decrementAndGet();
			if (next.begin()) {
				return next;
			}
			next = this.queue.poll();
		}
		return null;
	}

	private void run(Operation<?> operation) {
		engage(operation.key() == null, () -> {
			try (Lane lane = this.connections.lane()) {
				Batch.run(lane, List.of(operation));
			}
			catch (Throwable ex) { // whoever waits is answered whatever happens
				operation.fail(closedInstead(ex));
			}
		});
	}

	private void run(Batch batch) {
		engage(batch.goesAlone(), () -> {
			try (Lane lane = this.connections.lane()) {
				batch.run(lane);
			}
			catch (Throwable ex) {
				batch.fail(closedInstead(ex));
			}
		});
	}

	/**
	 * The pool may be closed before a lane that is still driven asks it for a connection.
	 */
	private Throwable closedInstead(Throwable failure) {
		return this.abandoned ? new StoreException(FailureCause.CLOSED, failure) : failure;
	}

	private void engage(boolean alone, Runnable work) {
		if (!alone) {
			work.run();
			return;
		}
		this.engaged.incrementAndGet();
		try {
			work.run();
		}
		finally {
			this.engaged.decrementAndGet();
		}
	}

}
