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
 * Something asked of PostgreSQL: the one object of a call, which waits in a queue, is
 * executed in a batch, and is the future of its own answer. It fails with a
 * {@link StoreException} and with nothing else.
 * <p>
 * The answer comes within the engine's time limit, or a failure does. If the caller's
 * thread executes the operation itself, the limit holds for each statement. An operation
 * is sent once: call {@link #await()}, {@link #in} or {@link #send()}, one time. An
 * operation that is cancelled is not executed, unless it is under way.
 *
 * @param <T> the type of the answer
 */
public abstract class Operation<T> extends CompletableFuture<T> implements Call<T> {

	private static final VarHandle SETTLED = settledField();

	private final RequestQueue queue;

	private final OperationKind kind;

	private boolean guarded = true;

	/**
	 * The thread that waits for the answer, if one does.
	 */
	private @Nullable Thread caller;

	/**
	 * Where the answer is published, if not on the thread that has it.
	 */
	private @Nullable Executor publisher;

	private long askedAt;

	/**
	 * Whether the answer is known. It may not be published yet.
	 */
	@SuppressWarnings("UnusedVariable") // see SETTLED
	private volatile boolean settled;

	/**
	 * Why it failed, if it did.
	 */
	private @Nullable StoreException failure;

	/**
	 * Create an operation.
	 * @param queue where it waits
	 * @param kind what it does
	 */
	protected Operation(RequestQueue queue, OperationKind kind) {
		this.queue = queue;
		this.kind = kind;
	}

	/**
	 * Execute this operation and others that share its statement. Each of them must
	 * {@linkplain #succeed succeed} or {@linkplain #fail fail}.
	 * @param session what to execute it on
	 * @param all this operation and the others, in the order they came
	 * @throws SQLException if PostgreSQL failed: those without an answer fail with it
	 */
	protected abstract void execute(Session session, List<? extends Operation<?>> all) throws SQLException;

	/**
	 * Whether another operation can share the statement of this one.
	 * @param other waits in the same queue
	 * @return {@code false} for an operation that shares its statement with none
	 */
	protected boolean sharesStatementWith(Operation<?> other) {
		return false;
	}

	/**
	 * Whether it can be executed in one batch with others.
	 * @return {@code false} if it may take long: the others would wait for it
	 */
	protected boolean isBatchable() {
		return false;
	}

	/**
	 * Whether this operation and another one must keep their order.
	 * @param other waits in the same queue
	 * @return whether both concern the same entry
	 */
	protected boolean isOrderedWith(Operation<?> other) {
		return false;
	}

	/**
	 * About what it sends to PostgreSQL.
	 * @return bytes
	 */
	public long bytes() {
		return 0;
	}

	/**
	 * What it was to change has changed, or may have. Called before the answer is known
	 * to any caller.
	 * @param isCertain whether the change is over; else it may still come
	 */
	protected void changed(boolean isCertain) {
	}

	/**
	 * What it does.
	 * @return the kind
	 */
	public final OperationKind kind() {
		return this.kind;
	}

	/**
	 * Send it whatever the state of the circuit breaker.
	 * @return this
	 */
	public final Operation<T> unguarded() {
		this.guarded = false;
		return this;
	}

	/**
	 * If all workers are idle, a platform thread that waits executes the operation
	 * itself.
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
	 * Send it, and do not wait. What depends on the answer runs on the thread that has
	 * it, be that a worker's, the watchdog's or this one: it must be quick and not block.
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
	 * Answer it.
	 * @param answer the answer
	 */
	protected void succeed(T answer) {
		changed(true);
		settle(answer, null);
	}

	/**
	 * Answer it, having changed nothing.
	 * @param answer the answer
	 */
	protected final void succeedUnchanged(T answer) {
		settle(answer, null);
	}

	/**
	 * Fail it. What it was to change may have changed, or may yet.
	 * @param failure why
	 */
	protected final void fail(Throwable failure) {
		StoreException exception = StoreException.of(failure);
		changed(!exception.failureCause().leavesItOpen());
		settle(null, exception);
	}

	/**
	 * The first answer counts: the watchdog may fail an operation just when a worker has
	 * its answer.
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
				if (!isDone()) { // its caller has not cancelled it
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
	 * Whether it has no answer yet, and its caller still wants one.
	 */
	final boolean isWanted() {
		return !this.settled && !isDone();
	}

	/**
	 * Whether the circuit breaker decides if it is sent.
	 */
	final boolean isGuarded() {
		return this.guarded;
	}

	/**
	 * Fail it if it has waited for longer than it may.
	 */
	final void failIfOverdue(long now, Duration timeout) {
		if (isOverdue(now, timeout)) {
			fail(new StoreException(FailureCause.TIMEOUT, null));
		}
	}

	/**
	 * Whether it has waited for longer than it may.
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
