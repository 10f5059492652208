/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import io.psqache.FailureCause;
import io.psqache.StoreException;
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

	/**
	 * Operations that a worker looks past because they must wait.
	 */
	private static final int MAX_PASSED_OVER = 256;

	private final Engine engine;

	private final Workers workers;

	private final Queue<Operation<?>> operations = new ConcurrentLinkedQueue<>();

	/**
	 * Operations that wait, as nearly as two counters in a row can tell. It is set right
	 * whenever the queue is found empty.
	 */
	private final AtomicInteger queued = new AtomicInteger();

	/**
	 * Held by a worker that takes a batch, never by a caller.
	 */
	private final ReentrantLock taking = new ReentrantLock();

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private volatile boolean closed;

	private volatile boolean abandoned;

	RequestQueue(Engine engine, String name, int workers) {
		this.engine = engine;
		this.workers = new Workers(engine, this, name, workers);
	}

	/**
	 * Execute an operation on this thread if all workers are idle, else queue it.
	 */
	void run(Operation<?> operation) {
		boolean alone = this.operations.isEmpty() && !this.closed && this.workers.areIdle()
				&& !VirtualThreads.isVirtual(Thread.currentThread());
		Claim claim = alone ? this.workers.claim(false) : null;
		if (claim == null) {
			send(operation);
			return;
		}
		try {
			Batch batch = Batch.of(operation);
			claim.begin(batch);
			claim.worker().execute(claim, batch);
		}
		finally {
			release(claim);
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
		if (this.queued.get() >= CAPACITY) {
			operation.fail(new StoreException(FailureCause.OVERLOADED, null));
			return;
		}
		this.operations.add(operation);
		this.queued.incrementAndGet();
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
		int sharing = this.workers.sharing();
		if (sharing == 0 || this.queued.get() >= GATHERED * sharing) {
			wake();
		}
	}

	/**
	 * Have another worker take what waits, if there is an idle one.
	 */
	private void wake() {
		Claim claim = this.workers.claim(true);
		if (claim == null) {
			return;
		}
		boolean started = false;
		try {
			claim.worker().start();
			started = true;
		}
		finally {
			if (!started) { // the machine has no thread left
				claim.worker().release(claim);
			}
		}
	}

	/**
	 * Take what a worker is to execute next. Operations that must wait for the batch of
	 * another worker are passed over, and so are those that must keep their order with
	 * them.
	 * @return {@code null} if there is nothing, or all of it must wait
	 */
	@Nullable Batch take(Claim claim) {
		this.taking.lock();
		Batch batch = null;
		try {
			List<Operation<?>> passedOver = List.of();
			Iterator<Operation<?>> waiting = this.operations.iterator();
			boolean full = false;
			while (waiting.hasNext() && !full && passedOver.size() < MAX_PASSED_OVER) {
				Operation<?> next = waiting.next();
				if (!next.isWanted()) {
					remove(waiting);
				}
				else if (mustWait(claim, next, passedOver)) {
					passedOver = passedOver.isEmpty() ? new ArrayList<>() : passedOver;
					passedOver.add(next);
				}
				else if (batch == null || batch.accepts(next)) {
					batch = (batch == null) ? new Batch() : batch;
					batch.add(next);
					remove(waiting);
				}
				else {
					full = true;
				}
			}
			claim.blocked(!passedOver.isEmpty());
			if (this.operations.isEmpty()) {
				this.queued.set(0);
			}
			return batch;
		}
		finally {
			if (batch != null) {
				claim.begin(batch); // even if an Error ends it
			}
			this.taking.unlock();
		}
	}

	private boolean mustWait(Claim claim, Operation<?> operation, List<Operation<?>> passedOver) {
		return !operation.kind().isRead()
				&& (this.workers.mustWait(claim, operation) || Batch.isOrderedWith(passedOver, operation));
	}

	private void remove(Iterator<Operation<?>> waiting) {
		waiting.remove();
		this.queued.decrementAndGet();
	}

	/**
	 * End a claim. Operations that must wait for the batch of another worker are left to
	 * that worker.
	 */
	void release(Claim claim) {
		Worker worker = claim.worker();
		worker.release(claim);
		if (!this.operations.isEmpty()
				&& (this.workers.areIdle() || (!claim.isBlocked() && this.workers.sharing() == 0))) {
			wake();
		}
		if (this.abandoned && worker.session().isConnected()) { // it was busy until now
			worker.disconnectIfIdle();
		}
		completeIfDrained();
	}

	/**
	 * Called now and then: fail operations that are overdue, let go of connections that
	 * are not used, and start another worker if an operation has waited for long.
	 * @param now by {@link System#nanoTime()}
	 * @return whether there is anything to look at again
	 */
	boolean inspect(long now) {
		this.operations.forEach((operation) -> operation.failIfOverdue(now, this.engine.timeout()));
		boolean active = this.workers.inspect(now);
		Operation<?> first = this.operations.peek();
		if (first != null && now - first.askedAt() >= Watchdog.PATIENCE.toNanos()) {
			wake();
		}
		return active || first != null;
	}

	Engine engine() {
		return this.engine;
	}

	/**
	 * Whether operations go on while one worker is taken.
	 * @return whether there are several workers
	 */
	public boolean hasSeveralWorkers() {
		return this.workers.areSeveral();
	}

	/**
	 * Operations that wait.
	 * @return their number now, those included that are not wanted any more
	 */
	public int size() {
		return this.operations.isEmpty() ? 0 : Math.max(0, this.queued.get());
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
		if (this.closed && this.workers.areIdle() && this.operations.isEmpty()) {
			this.drained.complete(null);
		}
	}

	/**
	 * Fail what still waits, and end the workers that are idle.
	 */
	void abandon() {
		this.abandoned = true;
		refuse(FailureCause.CLOSED);
		this.workers.close();
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Fail what waits now, but for what is sent whatever the state of the circuit
	 * breaker.
	 * @param cause why it is not executed
	 */
	void refuse(FailureCause cause) {
		List<Operation<?>> refused = new ArrayList<>();
		this.taking.lock(); // a worker removes what it has looked at
		try {
			Iterator<Operation<?>> waiting = this.operations.iterator();
			while (waiting.hasNext()) {
				Operation<?> next = waiting.next();
				if (cause == FailureCause.CLOSED || next.isGuarded()) {
					remove(waiting);
					refused.add(next);
				}
			}
		}
		finally {
			this.taking.unlock();
		}
		refused.forEach((operation) -> operation.fail(new StoreException(cause, null)));
	}

}
