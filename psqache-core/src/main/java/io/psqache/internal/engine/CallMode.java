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

import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Determines how the caller of an operation receives its answer. Code that takes a mode
 * and returns a future serves both kinds of caller. In {@link #BLOCKING} mode each
 * returned future is complete, so that dependent actions run on the caller's thread.
 */
public enum CallMode {

	/**
	 * The caller's thread waits, and executes the operation itself if possible.
	 */
	BLOCKING {

		@Override
		public <T> CompletableFuture<T> settle(CompletableFuture<T> future) {
			try {
				future.get();
			}
			catch (ExecutionException | CancellationException ex) {
				return future;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return CompletableFuture.failedFuture(ex);
			}
			return future;
		}

		@Override
		public CompletableFuture<Boolean> settle(CompletableFuture<?> future, Duration limit) {
			try {
				future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (ExecutionException | CancellationException ex) {
				return CompletableFuture.completedFuture(true);
			}
			catch (TimeoutException ex) {
				return CompletableFuture.completedFuture(false);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return CompletableFuture.completedFuture(false);
			}
			return CompletableFuture.completedFuture(true);
		}

		@Override
		public CompletableFuture<Boolean> pause(Duration duration) {
			try {
				TimeUnit.NANOSECONDS.sleep(duration.toNanos());
				return CompletableFuture.completedFuture(true);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return CompletableFuture.completedFuture(false);
			}
		}

	},

	/**
	 * No thread waits. The future completes with the answer.
	 */
	ASYNC {

		@Override
		public <T> CompletableFuture<T> settle(CompletableFuture<T> future) {
			return future;
		}

		@Override
		public CompletableFuture<Boolean> settle(CompletableFuture<?> future, Duration limit) {
			return future.handle((value, failure) -> true)
				.completeOnTimeout(false, limit.toNanos(), TimeUnit.NANOSECONDS);
		}

		@Override
		public CompletableFuture<Boolean> pause(Duration duration) {
			return new CompletableFuture<Boolean>().completeOnTimeout(true, duration.toNanos(), TimeUnit.NANOSECONDS);
		}

	};

	/**
	 * Wait for a future that another thread completes.
	 * @param <T> the type of the answer
	 * @param future the future
	 * @return the future; fails with an {@link InterruptedException} if the waiting
	 * thread is interrupted (its interrupt flag is set again)
	 */
	public abstract <T> CompletableFuture<T> settle(CompletableFuture<T> future);

	/**
	 * Wait for a future that another thread completes, for a limited time.
	 * @param future the future
	 * @param limit the longest wait
	 * @return whether the future is complete, normally or with a failure; {@code false}
	 * also if the waiting thread is interrupted (its interrupt flag is set again). Never
	 * fails
	 */
	public abstract CompletableFuture<Boolean> settle(CompletableFuture<?> future, Duration limit);

	/**
	 * Wait for some time.
	 * @param duration how long to wait
	 * @return {@code false} if the waiting thread is interrupted (its interrupt flag is
	 * set again). What follows in {@link #ASYNC} mode must not block
	 */
	public abstract CompletableFuture<Boolean> pause(Duration duration);

	/**
	 * Compose as {@link CompletableFuture#thenCompose}, but faster for a complete stage,
	 * because each hit passes several stages.
	 * @param <T> the type of the answer
	 * @param <R> the type of the result
	 * @param stage the answer
	 * @param next the dependent action
	 * @return the result of the action, or the failure of either
	 */
	public static <T, R> CompletableFuture<R> then(CompletableFuture<T> stage,
			Function<? super T, CompletableFuture<R>> next) {
		if (!stage.isDone() || stage.isCompletedExceptionally()) {
			return stage.thenCompose(next);
		}
		try {
			return next.apply(stage.join());
		}
		catch (Throwable ex) { // as a stage would
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * As {@link #then(CompletableFuture, Function)}, whether the stage has failed or not.
	 * @param <T> the type of the answer
	 * @param <R> the type of the result
	 * @param stage the answer
	 * @param next the dependent action; one of its arguments is {@code null}
	 * @return the result of the action
	 */
	public static <T, R> CompletableFuture<R> then(CompletableFuture<T> stage,
			BiFunction<? super T, @Nullable Throwable, CompletableFuture<R>> next) {
		if (!stage.isDone() || stage.isCompletedExceptionally()) {
			return stage.handle(next).thenCompose(Function.identity());
		}
		try {
			return next.apply(stage.join(), null);
		}
		catch (Throwable ex) { // as a stage would
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Repeat an action until it has a result.
	 * @param <T> the type of the result
	 * @param attempt the action; a future with {@code null} requests another attempt
	 * @return the first result, or the first failure
	 */
	public static <T> CompletableFuture<T> untilPresent(Supplier<CompletableFuture<@Nullable T>> attempt) {
		CompletableFuture<@Nullable T> last = attempt.get();
		while (last.isDone() && !last.isCompletedExceptionally()) { // avoids recursion
			T result = last.join();
			if (result != null) {
				return CompletableFuture.completedFuture(result);
			}
			last = attempt.get();
		}
		return last.thenCompose(
				(result) -> (result != null) ? CompletableFuture.completedFuture(result) : untilPresent(attempt));
	}

	/**
	 * Return the answer of a complete future, such as {@link #BLOCKING} mode returns.
	 * @param <T> the type of the answer
	 * @param answer the future
	 * @return the answer
	 * @throws RuntimeException the failure of the future; a checked exception is wrapped
	 * in an {@link UndeclaredThrowableException}
	 */
	public static <T> T join(CompletableFuture<T> answer) {
		try {
			return get(answer);
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new UndeclaredThrowableException(ex);
		}
	}

	/**
	 * As {@link #join}, for futures that may fail with a checked exception.
	 * @param <T> the type of the answer
	 * @param answer the future
	 * @return the answer
	 * @throws Exception the failure of the future
	 */
	public static <T> T get(CompletableFuture<T> answer) throws Exception {
		try {
			return answer.join();
		}
		catch (CompletionException ex) {
			Throwable cause = cause(ex);
			if (cause instanceof Error error) {
				throw error;
			}
			throw (cause instanceof Exception exception) ? exception : ex;
		}
	}

	/**
	 * Unwrap the failure of a future. Stages wrap it in one {@link CompletionException}.
	 * @param failure the failure as passed to a stage
	 * @return the original failure
	 */
	public static Throwable cause(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

}
