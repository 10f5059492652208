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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallModeTests {

	@ParameterizedTest
	@EnumSource
	void futureThatCompletesOrFailsIsSettled(CallMode mode) {
		assertThat(mode.settle(CompletableFuture.completedFuture("value"), Duration.ofMinutes(1)).join()).isTrue();
		assertThat(
				mode.settle(CompletableFuture.failedFuture(new IllegalStateException()), Duration.ofMinutes(1)).join())
			.isTrue();
		assertThat(mode.settle(CompletableFuture.completedFuture("value")).join()).isEqualTo("value");
	}

	@ParameterizedTest
	@EnumSource
	void futurePastTheLimitIsNotSettled(CallMode mode) {
		CompletableFuture<String> never = new CompletableFuture<>();
		assertThat(mode.settle(never, Duration.ofMillis(1))).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(false);
		assertThat(never).isNotDone();
	}

	@Test
	void interruptedThreadStopsWaitingAndStaysInterrupted() {
		CompletableFuture<String> never = new CompletableFuture<>();
		Thread.currentThread().interrupt();
		assertThat(CallMode.BLOCKING.settle(never, Duration.ofMinutes(5)).join()).isFalse();
		assertThat(CallMode.BLOCKING.pause(Duration.ofMinutes(5)).join()).isFalse();
		assertThatThrownBy(() -> CallMode.get(CallMode.BLOCKING.settle(never)))
			.isInstanceOf(InterruptedException.class);
		assertThat(Thread.interrupted()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void pauseEnds(CallMode mode) {
		assertThat(mode.pause(Duration.ofMillis(1))).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(true);
	}

	@Test
	void actionAfterACompleteStageRunsAtOnce() {
		CompletableFuture<String> ready = CompletableFuture.completedFuture("value");
		assertThat(CallMode.then(ready, (value) -> CompletableFuture.completedFuture(value + "!")))
			.isCompletedWithValue("value!");
		assertThat(CallMode.then(ready, (value, failure) -> CompletableFuture.completedFuture(value + failure)))
			.isCompletedWithValue("valuenull");
	}

	@Test
	void actionAfterAnIncompleteStageRunsLater() {
		CompletableFuture<String> open = new CompletableFuture<>();
		CompletableFuture<String> result = CallMode.then(open,
				(value, failure) -> CompletableFuture.completedFuture(value + failure));
		assertThat(result).isNotDone();
		open.complete("value");
		assertThat(result).isCompletedWithValue("valuenull");
	}

	@Test
	void failureIsPassedOnOrHandled() {
		IllegalStateException failure = new IllegalStateException("no");
		CompletableFuture<String> failed = CompletableFuture.failedFuture(failure);
		assertThatThrownBy(() -> CallMode.join(CallMode.then(failed, CompletableFuture::completedFuture)))
			.isSameAs(failure);
		assertThat(CallMode.<String, Throwable>then(failed, (value, ex) -> CompletableFuture.completedFuture(ex)))
			.isCompletedWithValue(failure);
	}

	@Test
	void exceptionOfAnActionFailsTheFuture() {
		IllegalStateException failure = new IllegalStateException("no");
		CompletableFuture<String> result = CallMode.then(CompletableFuture.completedFuture("value"), (value) -> {
			throw failure;
		});
		assertThatThrownBy(() -> CallMode.join(result)).isSameAs(failure);
	}

	/**
	 * Each attempt waits for the previous one, and the stack does not grow.
	 */
	@Test
	void attemptIsRepeatedUntilItHasAResult() {
		AtomicInteger attempts = new AtomicInteger();
		assertThat(CallMode
			.untilPresent(
					() -> CompletableFuture.completedFuture((attempts.incrementAndGet() == 100_000) ? "result" : null))
			.join()).isEqualTo("result");
		assertThat(attempts).hasValue(100_000);
		assertThat(CallMode.untilPresent(
				() -> CompletableFuture.supplyAsync(() -> (attempts.incrementAndGet() == 100_003) ? "later" : null)))
			.succeedsWithin(30, TimeUnit.SECONDS)
			.isEqualTo("later");
	}

	@Test
	void exceptionOfTheApplicationIsNotWrapped() {
		CompletionException own = new CompletionException(new IllegalStateException());
		assertThatThrownBy(() -> CallMode.get(CompletableFuture.failedFuture(new CompletionException(own))))
			.isSameAs(own);
		AssertionError error = new AssertionError();
		assertThatThrownBy(() -> CallMode.join(CompletableFuture.failedFuture(error))).isSameAs(error);
		Exception checked = new Exception();
		assertThatThrownBy(() -> CallMode.get(CompletableFuture.failedFuture(checked))).isSameAs(checked);
		assertThatExceptionOfType(UndeclaredThrowableException.class)
			.isThrownBy(() -> CallMode.join(CompletableFuture.failedFuture(checked)))
			.withCause(checked);
	}

}
