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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.psqache.FailureCause;
import io.psqache.StoreException;

/**
 * A request to PostgreSQL that has not been sent. It is sent at most once.
 *
 * @param <T> the type of the answer
 */
@FunctionalInterface
public interface Call<T> {

	/**
	 * Send the request.
	 * @param mode whether the calling thread waits
	 * @return the answer, complete if the thread has waited; fails with a
	 * {@link StoreException}
	 */
	CompletableFuture<T> in(CallMode mode);

	/**
	 * Send the request and wait for the answer.
	 * @return the answer
	 * @throws StoreException if the request failed or exceeded the timeout, or the thread
	 * was interrupted (its interrupt flag is set again)
	 */
	default T await() {
		try {
			return in(CallMode.BLOCKING).join();
		}
		catch (CompletionException ex) {
			throw StoreException.of((ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	/**
	 * Create a call whose answer is already known.
	 * @param <T> the type of the answer
	 * @param answer the answer
	 * @return a call that sends nothing
	 */
	static <T> Call<T> answered(T answer) {
		return (mode) -> CompletableFuture.completedFuture(answer);
	}

	/**
	 * Create a call that has already failed.
	 * @param <T> the type of the answer
	 * @param cause the cause
	 * @return a call that sends nothing
	 */
	static <T> Call<T> failed(FailureCause cause) {
		return (mode) -> CompletableFuture.failedFuture(new StoreException(cause, null));
	}

	/**
	 * Create a call that has exceeded the timeout, or whose thread was interrupted.
	 * @param <T> the type of the answer
	 * @return a call that sends nothing
	 */
	static <T> Call<T> unanswered() {
		return failed(Thread.currentThread().isInterrupted() ? FailureCause.INTERRUPTED : FailureCause.TIMEOUT);
	}

}
