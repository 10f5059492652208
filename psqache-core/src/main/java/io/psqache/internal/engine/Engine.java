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
 * Executes operations on a few connections: half of its workers serve the queue of reads,
 * and half the queue of writes. A single worker serves both. Thread-safe. Closing it
 * leaves the {@code DataSource} open.
 */
public final class Engine implements AutoCloseable {

	/**
	 * How long an answer may take past the time limit, until its connection is broken.
	 */
	public static final Duration GRACE = WorkerSession.GRACE;

	private final DataSource pool;

	private final UnaryOperator<String> schema;

	private final Duration timeout;

	private final CacheMonitor monitor;

	private final Executor callbacks = Callbacks.create();

	/**
	 * To tell a server to cancel something takes long if it does not answer.
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
	 * @param pool a pool of as many connections as there are workers, in auto-commit mode
	 * @param workers number of statements that are executed at a time
	 * @param schema puts the name of the schema into the text of a statement
	 * @param timeout how long a caller waits for an answer
	 * @param monitor observes the operations
	 * @param recoverable what has to be done when PostgreSQL answers again
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
	 * Where reads wait, and operations of the background that take long. Those delay no
	 * caller if there are several workers.
	 * @return the queue
	 */
	public RequestQueue reads() {
		return this.reads;
	}

	/**
	 * Where operations wait that write. Those on one entry keep their order.
	 * @return the queue, that of the reads if there is a single worker
	 */
	public RequestQueue writes() {
		return this.writes;
	}

	/**
	 * How many writes wait, where they do not wait among the reads.
	 * @return their number now
	 */
	public int queuedWrites() {
		return (this.writes != this.reads) ? this.writes.size() : 0;
	}

	/**
	 * How long a caller waits for an answer.
	 * @return the time limit
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * What brings the engine back after a failure of PostgreSQL.
	 * @return the recovery of this engine
	 */
	public Recovery recovery() {
		return this.recovery;
	}

	/**
	 * Where whatever depends on asynchronous answers runs.
	 * @return threads that exist for this
	 */
	public Executor callbacks() {
		return this.callbacks;
	}

	boolean admits(OperationKind kind) {
		return this.recovery.breaker().admits(kind);
	}

	/**
	 * An operation has its answer.
	 */
	void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
		this.recovery.breaker().answered(kind, failure);
		this.monitor.answered(kind, askedAt, failure);
	}

	/**
	 * The failure of an operation that has waited in vain for a connection.
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
	 * Fail what waits.
	 */
	void refuse() {
		queues().forEach((queue) -> queue.refuse(FailureCause.SUSPENDED));
	}

	/**
	 * Let what is under way and what waits finish for as long as a caller would wait for
	 * it. What still waits then fails. Has no effect if the engine is closed already.
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
			// What still waits fails below.
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
