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

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.psqache.CacheMonitor;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Executes operations on a few connections. Half of the workers serve the queue of reads,
 * and half the queue of writes. A single worker serves both. Thread-safe. Closing the
 * engine does not close the {@code DataSource}.
 */
public final class Engine implements AutoCloseable {

	/**
	 * How long an answer may take after the timeout before its connection is broken.
	 */
	public static final Duration GRACE = WorkerSession.GRACE;

	private final DataSource pool;

	private final UnaryOperator<String> schema;

	private final Duration timeout;

	private final CacheMonitor monitor;

	private final Executor callbacks = Callbacks.create();

	/**
	 * Sends cancel signals on separate threads, because a signal takes long if the server
	 * does not answer.
	 */
	private final ExecutorService signals = Executors.newCachedThreadPool((signal) -> {
		Thread thread = new Thread(null, signal, "psqache-signal", 0, false);
		thread.setDaemon(true);
		return thread;
	});

	private final OrphanedSessions orphanedSessions;

	private final Watchdog watchdog;

	private final Recovery recovery;

	private final RequestQueue reads;

	private final RequestQueue writes;

	private final AtomicBoolean closed = new AtomicBoolean();

	/**
	 * Create an engine.
	 * @param pool a pool with one connection per worker, in auto-commit mode
	 * @param workers the number of statements that are executed concurrently
	 * @param schema inserts the name of the schema into a statement
	 * @param timeout how long a caller waits for an answer
	 * @param monitor observes the operations
	 * @param recoverable called when PostgreSQL may answer again
	 */
	public Engine(DataSource pool, int workers, UnaryOperator<String> schema, Duration timeout, CacheMonitor monitor,
			Recoverable recoverable) {
		this.pool = pool;
		this.schema = schema;
		this.timeout = timeout;
		this.monitor = monitor;
		this.orphanedSessions = new OrphanedSessions(timeout);
		this.watchdog = new Watchdog(timeout);
		this.recovery = new Recovery(this, recoverable);
		int writers = workers / 2;
		this.reads = new RequestQueue(this, (writers > 0) ? "reader" : "worker", workers - writers);
		this.writes = (writers > 0) ? new RequestQueue(this, "writer", writers) : this.reads;
		this.watchdog.watch(queues());
	}

	private List<RequestQueue> queues() {
		return (this.writes != this.reads) ? List.of(this.reads, this.writes) : List.of(this.reads);
	}

	/**
	 * Return the queue of reads and of long background operations. If there are several
	 * workers, a long operation delays no caller.
	 * @return the queue
	 */
	public RequestQueue reads() {
		return this.reads;
	}

	/**
	 * Return the queue of writes. Operations on the same entry keep their order.
	 * @return the queue; the queue of reads if there is a single worker
	 */
	public RequestQueue writes() {
		return this.writes;
	}

	/**
	 * Return the number of queued writes, 0 if reads and writes share a queue.
	 * @return the current number
	 */
	public int queuedWrites() {
		return (this.writes != this.reads) ? this.writes.size() : 0;
	}

	/**
	 * Return how long a caller waits for an answer.
	 * @return the timeout
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return the recovery, which resumes operation after a failure of PostgreSQL.
	 * @return the recovery of this engine
	 */
	public Recovery recovery() {
		return this.recovery;
	}

	/**
	 * Return the executor of the actions that depend on asynchronous answers.
	 * @return an executor with its own threads
	 */
	public Executor callbacks() {
		return this.callbacks;
	}

	boolean admits(OperationKind kind) {
		return this.recovery.breaker().admits(kind);
	}

	/**
	 * Record the outcome of an operation.
	 */
	void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
		this.recovery.breaker().answered(kind, failure);
		this.monitor.answered(kind, askedAt, failure);
	}

	/**
	 * Create the failure of an operation that received no connection within the timeout.
	 */
	StoreException notConnected() {
		SQLException failure = lastConnectFailure();
		return new StoreException((failure != null) ? FailureCause.ofConnecting(failure) : FailureCause.TIMEOUT,
				failure);
	}

	private @Nullable SQLException lastConnectFailure() {
		try {
			return this.pool.isWrapperFor(ConnectAttempts.class) ? this.pool.unwrap(ConnectAttempts.class).lastFailure()
					: null;
		}
		catch (SQLException ex) {
			return null; // the pool is closed
		}
	}

	Executor signals() {
		return this.signals;
	}

	DataSource pool() {
		return this.pool;
	}

	String withSchema(String sql) {
		return this.schema.apply(sql);
	}

	CacheMonitor monitor() {
		return this.monitor;
	}

	OrphanedSessions orphanedSessions() {
		return this.orphanedSessions;
	}

	Watchdog watchdog() {
		return this.watchdog;
	}

	/**
	 * Fail the queued operations.
	 */
	void refuse() {
		queues().forEach((queue) -> queue.refuse(FailureCause.SUSPENDED));
	}

	/**
	 * Wait up to the timeout for running and queued operations. Operations that are still
	 * queued then fail. Has no effect if the engine is already closed.
	 */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.recovery.close();
		CompletableFuture<?>[] drained = queues().stream()
			.map(RequestQueue::close)
			.toArray(CompletableFuture<?>[]::new);
		try {
			CompletableFuture.allOf(drained).get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			// Queued operations fail below.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		queues().forEach(RequestQueue::abandon);
		this.watchdog.close();
		this.signals.shutdown();
		this.recovery.breaker().retire();
	}

}
