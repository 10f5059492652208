package io.psqache.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Lanes to PostgreSQL with one queue before them. A lane is one connection at work:
 * <ol>
 * <li>Who finds a lane free and nobody waiting goes out at once, alone. A caller that
 * waits for the answer anyway drives the lane itself: no other thread need wake up.</li>
 * <li>While all lanes are busy, operations queue, and the next free lane takes up to
 * {@value Batch#MAX_SIZE} of them in one {@link Batch}. The busier it gets the larger the
 * batches grow, and the less each operation costs.</li>
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

	private final DataSource connections;

	private final Executor threads;

	private final Duration timeout;

	private final Queue<Operation<?>> queue = new ConcurrentLinkedQueue<>();

	/**
	 * Counted before it is added and after it is taken, so never less than there are. No
	 * sign of something to do: who counted it may not have added it yet.
	 */
	private final AtomicInteger queued = new AtomicInteger();

	private final AtomicInteger free;

	private volatile boolean closed;

	/**
	 * Create the lanes.
	 * @param connections where a lane gets its connection from
	 * @param count number of lanes
	 * @param threads drive the lanes when no caller does: one each
	 * @param timeout how long a statement may take
	 */
	Lanes(DataSource connections, int count, Executor threads, Duration timeout) {
		this.connections = connections;
		this.threads = threads;
		this.timeout = timeout;
		this.free = new AtomicInteger(count);
	}

	@Override
	public void runOrSend(Operation<?> operation) {
		if (this.queue.isEmpty() && !this.closed && acquire()) {
			try {
				run(operation);
			}
			finally {
				release();
			}
		}
		else {
			send(operation);
		}
	}

	@Override
	public void send(Operation<?> operation) {
		if (this.closed) {
			operation.fail(new StoreException(FailureCause.CLOSED, null));
			return;
		}
		if (this.queued.incrementAndGet() > QUEUE_CAPACITY) {
			this.queued.decrementAndGet();
			operation.fail(new StoreException(FailureCause.OVERLOADED, null));
			return;
		}
		add(operation);
	}

	/**
	 * Queue a put that {@link WriteBehind} has counted, so that it takes no one's place
	 * here.
	 */
	void sendPending(PendingPut put) {
		if (this.closed) {
			throw new StoreException(FailureCause.CLOSED, null);
		}
		add(put);
	}

	private void add(Operation<?> operation) {
		this.queue.add(operation);
		if (acquire()) {
			this.threads.execute(this::drive);
		}
	}

	/**
	 * Take no more; what is queued is still done.
	 */
	void close() {
		this.closed = true;
	}

	/**
	 * Answer what still waits.
	 */
	void abandon() {
		for (Operation<?> waiting = poll(); waiting != null; waiting = poll()) {
			waiting.fail(new StoreException(FailureCause.CLOSED, null));
		}
	}

	private boolean acquire() {
		int lanes = this.free.get();
		while (lanes > 0) {
			if (this.free.compareAndSet(lanes, lanes - 1)) {
				return true;
			}
			lanes = this.free.get();
		}
		return false;
	}

	private void release() {
		this.free.incrementAndGet();
		if (!this.queue.isEmpty() && acquire()) { // it came after the last look
			this.threads.execute(this::drive);
		}
	}

	/**
	 * Drive a lane while anything waits. What did not fit into one batch begins the next.
	 */
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
			if (!(next instanceof PendingPut)) {
				this.queued.decrementAndGet();
			}
			if (next.begin()) {
				return next;
			}
			next = this.queue.poll();
		}
		return null;
	}

	private void run(Operation<?> operation) {
		try (Lane lane = lane()) {
			Batch.run(lane, List.of(operation));
		}
		catch (SQLException | RuntimeException ex) {
			operation.fail(ex);
		}
	}

	private void run(Batch batch) {
		try (Lane lane = lane()) {
			batch.run(lane);
		}
		catch (SQLException | RuntimeException ex) {
			batch.fail(ex);
		}
	}

	private Lane lane() throws SQLException {
		return new Lane(this.connections.getConnection(), this.timeout);
	}

}
