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

package io.psqache.internal.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.CallMode;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls after {@link UnfinishedWrites}. Thread-safe.
 */
final class DeferredCalls {

	private final Duration timeout;

	private final Executor callbacks;

	DeferredCalls(Duration timeout, Executor callbacks) {
		this.timeout = timeout;
		this.callbacks = callbacks;
	}

	/**
	 * Make a call, after writes that no other caller waits for. Both have the time limit
	 * of one call. If the writes take all of it the call fails.
	 * @param writes completes when they are done; {@code null} if there are none
	 * @param call makes the call
	 */
	<T> Call<T> after(@Nullable CompletableFuture<?> writes, Supplier<Call<T>> call) {
		if (writes == null) {
			return call.get();
		}
		return (mode) -> {
			long end = System.nanoTime() + this.timeout.toNanos();
			return compose(settle(writes, end, mode), mode, (settled) -> {
				CompletableFuture<T> answer = (settled ? call.get() : Call.<T>unanswered()).in(CallMode.ASYNC);
				return compose(settle(answer, end, mode), mode,
						(answered) -> answered ? answer : Call.<T>unanswered().in(mode));
			});
		};
	}

	private static CompletableFuture<Boolean> settle(CompletableFuture<?> future, long end, CallMode mode) {
		return mode.settle(future, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
	}

	/**
	 * What follows a wait that no thread waits for does not run on the JVM's timer.
	 */
	private <T> CompletableFuture<T> compose(CompletableFuture<Boolean> stage, CallMode mode,
			Function<Boolean, CompletableFuture<T>> next) {
		return (mode == CallMode.BLOCKING) ? stage.thenCompose(next) : stage.thenComposeAsync(next, this.callbacks);
	}

}
