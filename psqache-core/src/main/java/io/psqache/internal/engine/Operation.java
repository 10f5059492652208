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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A request to PostgreSQL. The same object waits in a queue, is executed in a batch, and
 * is the future of its answer. An operation fails only with a {@link StoreException}.
 * <p>
 * The answer or a failure arrives within the engine's timeout. If the caller's thread
 * executes the operation itself, the timeout applies to each statement. An operation is
 * sent once: call one of {@link #await()}, {@link #in} and {@link #send()}, once. A
 * cancelled operation is not executed, unless it is already running.
 *
 * @param <T> the type of the answer
 */
public abstract class Operation<T> extends CompletableFuture<T> implements Call<T> {

	private static final VarHandle SETTLED = settledField();

	private final RequestQueue queue;

	private final OperationKind kind;

	private boolean guarded = true;

	/**
	 * The waiting thread; {@code null} if no thread waits.
	 */
	private @Nullable Thread caller;

	/**
	 * Publishes the answer; {@code null} to publish on the answering thread.
	 */
	private @Nullable Executor publisher;

	private long askedAt;

	/**
	 * Whether the answer is known. It may still be unpublished.
	 */
	@SuppressWarnings("UnusedVariable") // see SETTLED
	private volatile boolean settled;

	/**
	 * The failure; {@code null} if there is none.
	 */
	private @Nullable StoreException failure;

	/**
	 * Create an operation.
	 * @param queue the queue to wait in
	 * @param kind the kind of the operation
	 */
	protected Operation(RequestQueue queue, OperationKind kind) {
		this.queue = queue;
		this.kind = kind;
	}

	/**
	 * Execute this operation and others that share its statement. Each of them must
	 * {@linkplain #succeed succeed} or {@linkplain #fail fail}.
	 * @param session the session to use
	 * @param all this operation and the others, in the order of their arrival
	 * @throws SQLException if PostgreSQL failed; operations without an answer then fail
	 * with it
	 */
	protected abstract void execute(Session session, List<? extends Operation<?>> all) throws SQLException;

	/**
	 * Return whether another operation can share the statement of this one.
	 * @param other an operation in the same queue
	 * @return {@code false} by default
	 */
	protected boolean sharesStatementWith(Operation<?> other) {
		return false;
	}

	/**
	 * Return whether this operation can be executed in a batch with others.
	 * @return {@code false}, the default, if it may take long, because the others would
	 * wait for it
	 */
	protected boolean isBatchable() {
		return false;
	}

	/**
	 * Return whether this operation and another one must keep their order.
	 * @param other an operation in the same queue
	 * @return whether both concern the same entry
	 */
	protected boolean isOrderedWith(Operation<?> other) {
		return false;
	}

	/**
	 * Return the approximate size of the data that is sent to PostgreSQL.
	 * @return the number of bytes
	 */
	public long bytes() {
		return 0;
	}

	/**
	 * Called when the operation has or may have changed its entries, before any caller
	 * knows the answer.
	 * @param isCertain {@code true} if the change has ended; {@code false} if it may
	 * still happen
	 */
	protected void changed(boolean isCertain) {
	}

	/**
	 * Return the kind of the operation.
	 * @return the kind
	 */
	public final OperationKind kind() {
		return this.kind;
	}

	/**
	 * Bypass the circuit breaker.
	 * @return this operation
	 */
	public final Operation<T> unguarded() {
		this.guarded = false;
		return this;
	}

	/**
	 * Send the operation. If all workers are idle, a waiting platform thread executes the
	 * operation itself.
	 */
	@Override
	public final CompletableFuture<T> in(CallMode mode) {
		if (mode == CallMode.BLOCKING) {
			run();
			return this;
		}
		return send(this.queue.engine().callbacks());
	}

	/**
	 * Send the operation without waiting. Dependent actions run on the answering thread:
	 * a worker's, the watchdog's or this one. They must be quick and must not block.
	 * @return this operation
	 */
	public final CompletableFuture<T> send() {
		return send(Runnable::run);
	}

	private CompletableFuture<T> send(Executor publisher) {
		this.publisher = publisher;
		if (begin()) {
			this.queue.send(this);
		}
		return this;
	}

	private void run() {
		this.caller = Thread.currentThread();
		if (begin()) {
			this.queue.run(this);
			waitUntilDone();
		}
		answered();
	}

	/**
	 * Parks without a time limit: the {@link Watchdog} fails operations that are overdue.
	 */
	private void waitUntilDone() {
		while (!isDone()) {
			LockSupport.park(this);
			if (Thread.interrupted()) {
				if (isWanted()) {
					fail(new StoreException(FailureCause.INTERRUPTED, null));
				}
				Thread.currentThread().interrupt();
			}
		}
	}

	private boolean begin() {
		this.askedAt = System.nanoTime();
		if (this.guarded && !this.queue.engine().admits(this.kind)) {
			fail(new StoreException(FailureCause.SUSPENDED, null));
			return false;
		}
		return true;
	}

	/**
	 * Complete the operation with its answer.
	 * @param answer the answer
	 */
	protected void succeed(T answer) {
		changed(true);
		settle(answer, null);
	}

	/**
	 * Complete the operation, which has changed nothing, with its answer.
	 * @param answer the answer
	 */
	protected final void succeedUnchanged(T answer) {
		settle(answer, null);
	}

	/**
	 * Fail the operation. Its change may have happened, or may still happen.
	 * @param failure the cause
	 */
	protected final void fail(Throwable failure) {
		StoreException exception = StoreException.of(failure);
		changed(!exception.failureCause().leavesItOpen());
		settle(null, exception);
	}

	/**
	 * Accept the first answer only, because the watchdog may fail an operation at the
	 * same time as a worker completes it.
	 */
	private void settle(@Nullable T answer, @Nullable StoreException failure) {
		if (!SETTLED.compareAndSet(this, false, true)) {
			return;
		}
		this.failure = failure;
		Executor publisher = this.publisher;
		if (publisher == null) {
			publish(answer, failure);
			if (this.caller != Thread.currentThread()) {
				LockSupport.unpark(this.caller);
			}
		}
		else {
			publisher.execute(() -> {
				if (!isDone()) { // not cancelled by its caller
					answered();
				}
				publish(answer, failure);
			});
		}
	}

	private void answered() {
		StoreException failure = this.failure;
		this.queue.engine().answered(this.kind, this.askedAt, (failure != null) ? failure.failureCause() : null);
	}

	@SuppressWarnings("NullAway") // an answer is null only if there is a failure
	private void publish(@Nullable T answer, @Nullable StoreException failure) {
		if (failure == null) {
			complete(answer);
		}
		else {
			completeExceptionally(failure);
		}
	}

	/**
	 * Return whether the operation is unanswered and not cancelled.
	 */
	final boolean isWanted() {
		return !this.settled && !isDone();
	}

	/**
	 * Return whether the circuit breaker may refuse the operation.
	 */
	final boolean isGuarded() {
		return this.guarded;
	}

	/**
	 * Fail the operation if it has exceeded the timeout.
	 */
	final void failIfOverdue(long now, Duration timeout) {
		if (isOverdue(now, timeout)) {
			fail(new StoreException(FailureCause.TIMEOUT, null));
		}
	}

	/**
	 * Return whether the operation is unanswered and has exceeded the timeout.
	 */
	final boolean isOverdue(long now, Duration timeout) {
		return now - this.askedAt >= timeout.toNanos() && isWanted();
	}

	final long askedAt() {
		return this.askedAt;
	}

	/**
	 * As {@link #execute}, and count the operations.
	 */
	void executeCounted(WorkerSession session, List<? extends Operation<?>> all) throws SQLException {
		session.monitor().batch(this.kind, all.size());
		execute(session, all);
	}

	private static VarHandle settledField() {
		try {
			return MethodHandles.lookup().findVarHandle(Operation.class, "settled", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

}
