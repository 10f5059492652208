package io.psqache.store;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Something asked of the store and not yet sent: wait for its answer, or be told.
 * <p>
 * Either way the answer comes within the store's time limit, or a {@link StoreException}
 * does, and what nobody waits for any more is not run. A request is sent once: call one
 * of its methods, one time.
 *
 * @param <T> the type of the answer
 */
public final class Request<T> {

	private static final Duration PATIENCE = Duration.ofMillis(20);

	private final Way way;

	private final Operation<T> operation;

	private final Duration timeout;

	private final Executor callbacks;

	private final StoreMonitor monitor;

	private final Guard guard;

	Request(Way way, Operation<T> operation, Duration timeout, Executor callbacks, StoreMonitor monitor, Guard guard) {
		this.way = way;
		this.operation = operation;
		this.timeout = timeout;
		this.callbacks = callbacks;
		this.monitor = monitor;
		this.guard = guard;
	}

	/**
	 * Send it and wait. Where a lane is free this thread drives it.
	 * @return the answer
	 * @throws StoreException if it failed, took longer than the time limit, or the thread
	 * was interrupted (its interrupt flag is set again)
	 */
	public T await() {
		long asked = this.monitor.asked();
		try {
			T answer = sendAndWait();
			answered(asked, null);
			return answer;
		}
		catch (StoreException ex) {
			answered(asked, ex.failureCause());
			throw ex;
		}
	}

	/**
	 * Send it.
	 * @param mode whether to wait
	 * @return the answer, complete in {@link CallMode#BLOCKING} mode; fails with a
	 * {@link StoreException}
	 */
	public CompletableFuture<T> in(CallMode mode) {
		if (mode == CallMode.ASYNC) {
			return async();
		}
		try {
			await();
			return this.operation.answer();
		}
		catch (StoreException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void answered(long asked, @Nullable FailureCause failure) {
		this.guard.answered(this.operation.kind(), failure);
		this.monitor.answered(this.operation.kind(), asked, failure);
	}

	private boolean isAdmitted() {
		if (this.guard.admits(this.operation.kind())) {
			return true;
		}
		this.operation.fail(new StoreException(FailureCause.SUSPENDED, null));
		return false;
	}

	private T sendAndWait() {
		CompletableFuture<T> answer = this.operation.answer();
		if (isAdmitted()) {
			this.way.runOrSend(this.operation);
		}
		try {
			return answer(answer);
		}
		catch (ExecutionException ex) {
			throw toStoreException(ex);
		}
		catch (TimeoutException ex) {
			giveUp();
			throw new StoreException(FailureCause.TIMEOUT, null);
		}
		catch (InterruptedException ex) {
			giveUp();
			Thread.currentThread().interrupt();
			throw new StoreException(FailureCause.INTERRUPTED, null);
		}
	}

	/**
	 * It may be under way.
	 */
	private void giveUp() {
		this.operation.answer().cancel(false);
		this.operation.changed(false);
	}

	/**
	 * Answers come within milliseconds, or something is slow on the lane that was to take
	 * this one: then another lane may.
	 */
	private T answer(CompletableFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
		long patience = Math.min(PATIENCE.toNanos(), this.timeout.toNanos());
		try {
			return answer.get(patience, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			this.way.hurry();
			return answer.get(this.timeout.toNanos() - patience, TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Send it and return at once.
	 * @return a future of the answer; it fails with a {@link StoreException}. It
	 * completes on a thread that is there for this, never on a lane: what its user does
	 * next cannot hold up the store. To cancel it keeps the request from being run, if it
	 * is not running yet
	 */
	public CompletableFuture<T> async() {
		long asked = this.monitor.asked();
		CompletableFuture<T> answer = this.operation.answer();
		CompletableFuture<T> result = new CompletableFuture<>();
		answer.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS).whenCompleteAsync((value, failure) -> {
			StoreException exception = (failure != null) ? toStoreException(failure) : null;
			if (!result.isDone()) { // else it was cancelled
				answered(asked, (exception != null) ? exception.failureCause() : null);
			}
			if (exception == null) {
				result.complete(value);
			}
			else {
				this.operation.changed(!exception.failureCause().leavesItOpen());
				result.completeExceptionally(exception);
			}
		}, this.callbacks);
		result.whenComplete((value, failure) -> answer.cancel(false));
		if (isAdmitted()) {
			this.way.send(this.operation);
		}
		return result;
	}

	/**
	 * Send it and return at once, for the store's own use.
	 * @return a future of the answer. It completes on the lane: nothing of the
	 * application may hang on it, so that it waits for no thread that the application
	 * keeps
	 */
	CompletableFuture<T> send() {
		long asked = this.monitor.asked();
		CompletableFuture<T> answer = this.operation.answer();
		CompletableFuture<T> told = answer.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
			.whenComplete((value, failure) -> {
				FailureCause cause = (failure != null) ? toStoreException(failure).failureCause() : null;
				answered(asked, cause);
				if (cause != null) {
					this.operation.changed(!cause.leavesItOpen());
				}
			});
		if (isAdmitted()) {
			this.way.send(this.operation);
		}
		return told;
	}

	private static StoreException toStoreException(Throwable failure) {
		boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
		Throwable cause = (wrapped && failure.getCause() != null) ? failure.getCause() : failure;
		if (cause instanceof TimeoutException || cause instanceof CancellationException) {
			return new StoreException(FailureCause.TIMEOUT, null);
		}
		return StoreException.of(cause);
	}

}
