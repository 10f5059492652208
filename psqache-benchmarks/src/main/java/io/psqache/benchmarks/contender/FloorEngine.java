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

package io.psqache.benchmarks.contender;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The least that coalescing over plain pgjdbc needs:
 * <ol>
 * <li>If no worker is busy, a platform thread executes its operation immediately,
 * unbatched, on a connection for that purpose.</li>
 * <li>Otherwise the operation goes to the request queue and its caller parks.</li>
 * <li>A worker is woken if none is busy, or if {@value #OPERATIONS_A_WORKER} operations
 * wait for each busy worker: small batches cost the most.</li>
 * <li>Each worker takes up to {@value #MAX_BATCH} operations and executes them in one
 * statement for gets and one for puts.</li>
 * </ol>
 */
final class FloorEngine implements AutoCloseable {

	private static final int WORKERS = 2;

	private static final int MAX_BATCH = 128;

	private static final int OPERATIONS_A_WORKER = 3;

	private static final @Nullable Class<?> VIRTUAL_THREAD = virtualThreadClass();

	private final Queue<Operation> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger queued = new AtomicInteger();

	private final AtomicInteger busy = new AtomicInteger();

	private final AtomicReferenceArray<@Nullable Thread> parked = new AtomicReferenceArray<>(WORKERS);

	private final ReentrantLock callerLock = new ReentrantLock();

	private final FloorConnection callerConnection;

	private final List<Thread> workers = new ArrayList<>();

	private volatile boolean closed;

	FloorEngine(String url, boolean jsonb) throws SQLException {
		this.callerConnection = new FloorConnection(url, jsonb);
		for (int number = 0; number < WORKERS; number++) {
			int place = number;
			FloorConnection connection = new FloorConnection(url, jsonb);
			Thread worker = new Thread(() -> work(connection, place), "floor-worker-" + number);
			worker.setDaemon(true);
			this.workers.add(worker);
			worker.start();
		}
	}

	private static @Nullable Class<?> virtualThreadClass() {
		try {
			return Class.forName("java.lang.BaseVirtualThread");
		}
		catch (ClassNotFoundException ex) {
			return null; // Before Java 21.
		}
	}

	/**
	 * Execute an operation of the current thread.
	 * @param operation the operation
	 * @return the value, {@code null} for a miss or a put
	 */
	byte @Nullable [] execute(Operation operation) throws SQLException {
		if (this.busy.get() == 0 && this.queue.isEmpty() && isPlatformThread(operation.caller)
				&& this.callerLock.tryLock()) {
			executeUnbatched(operation);
		}
		else {
			this.queue.add(operation);
			int waiting = this.queued.incrementAndGet();
			int working = this.busy.get();
			if (working == 0 || waiting >= OPERATIONS_A_WORKER * working) {
				wakeWorker();
			}
		}
		return operation.await();
	}

	/**
	 * Queue the operation of a virtual thread: its own I/O could pin its carrier.
	 */
	private static boolean isPlatformThread(Thread thread) {
		return VIRTUAL_THREAD == null || !VIRTUAL_THREAD.isInstance(thread);
	}

	private void executeUnbatched(Operation operation) {
		this.busy.incrementAndGet();
		try {
			this.callerConnection.execute(List.of(operation));
		}
		finally {
			this.busy.decrementAndGet();
			this.callerLock.unlock();
		}
		if (!this.queue.isEmpty()) {
			wakeWorker(); // Operations queued in the meantime saw a busy worker.
		}
	}

	private void wakeWorker() {
		for (int place = 0; place < WORKERS; place++) {
			Thread worker = this.parked.get(place);
			if (worker != null && this.parked.compareAndSet(place, worker, null)) {
				LockSupport.unpark(worker);
				return;
			}
		}
	}

	@SuppressWarnings("ThreadPriorityCheck") // A yield affects only the batch size.
	private void work(FloorConnection connection, int place) {
		List<Operation> gets = new ArrayList<>(MAX_BATCH);
		List<Operation> puts = new ArrayList<>(MAX_BATCH);
		while (!this.closed) {
			take(gets, puts);
			if (gets.isEmpty() && puts.isEmpty()) {
				park(place);
				continue;
			}
			this.busy.incrementAndGet();
			connection.execute(gets);
			connection.execute(puts);
			this.busy.decrementAndGet();
			gets.clear();
			puts.clear();
			Thread.yield(); // Callers queue their next operations.
		}
		connection.close();
	}

	private void take(List<Operation> gets, List<Operation> puts) {
		for (int taken = 0; taken < MAX_BATCH; taken++) {
			Operation operation = this.queue.poll();
			if (operation == null) {
				return;
			}
			this.queued.decrementAndGet();
			((operation.value != null) ? puts : gets).add(operation);
		}
	}

	private void park(int place) {
		this.parked.set(place, Thread.currentThread());
		if (this.queue.isEmpty() && !this.closed) {
			LockSupport.park(this);
		}
		this.parked.set(place, null);
	}

	@Override
	public void close() {
		this.closed = true;
		this.workers.forEach(LockSupport::unpark);
		try {
			for (Thread worker : this.workers) {
				worker.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.callerConnection.close();
	}

	/**
	 * A call and its result: one object per call, without a lock or timer.
	 */
	static final class Operation {

		/**
		 * The result of an operation without a value: a miss, or a completed put.
		 */
		private static final Object NOTHING = new Object();

		final long hash;

		final String key;

		final byte @Nullable [] value;

		/**
		 * An operation of the same batch and key, which completes with this one.
		 */
		@Nullable Operation sameKey;

		private final Thread caller = Thread.currentThread();

		private volatile @Nullable Object result;

		/**
		 * Create an operation of the current thread.
		 * @param hash hash of the key
		 * @param key the key
		 * @param value the value to put, {@code null} to get
		 */
		Operation(long hash, String key, byte @Nullable [] value) {
			this.hash = hash;
			this.key = key;
			this.value = value;
		}

		/**
		 * Complete the operation and wake its caller.
		 * @param outcome the value, an {@code SQLException}, or {@code null} for a miss
		 * or a put
		 */
		void complete(@Nullable Object outcome) {
			Operation operation = this;
			while (operation != null) {
				Operation next = operation.sameKey; // Read before the caller continues.
				operation.result = (outcome != null) ? outcome : NOTHING;
				if (operation.caller != Thread.currentThread()) {
					LockSupport.unpark(operation.caller);
				}
				operation = next;
			}
		}

		private byte @Nullable [] await() throws SQLException {
			Object outcome = this.result;
			while (outcome == null) {
				LockSupport.park(this);
				outcome = this.result;
			}
			if (outcome instanceof SQLException failure) {
				throw failure;
			}
			return (outcome instanceof byte[] found) ? found : null;
		}

	}

}
