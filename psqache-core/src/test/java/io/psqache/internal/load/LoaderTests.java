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

package io.psqache.internal.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.psqache.internal.engine.CallMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoaderTests {

	@Test
	void blockingLoaderRunsOnTheThreadOfItsCaller() {
		assertThat(Loader.of(Thread::currentThread).load().join()).isSameAs(Thread.currentThread());
	}

	@Test
	void exceptionOfABlockingLoaderIsNotWrapped() {
		assertNotWrapped(new Exception("checked"));
		assertNotWrapped(new CompletionException(new IllegalStateException("inside")));
	}

	private static void assertNotWrapped(Exception thrown) {
		assertThatThrownBy(() -> CallMode.get(Loader.of(() -> {
			throw thrown;
		}).load().thenApply((value) -> value))).isSameAs(thrown);
	}

	@Test
	void failureOfAFutureIsUnwrappedFromItsStages() {
		IllegalStateException failure = new IllegalStateException("no");
		CompletableFuture<Object> failed = CompletableFuture
			.failedFuture(new CompletionException(new ExecutionException(failure)));
		assertThatThrownBy(() -> CallMode.get(Loader.async(() -> failed).load())).isSameAs(failure);
	}

	@Test
	void asynchronousLoaderThatThrowsFailsItsFuture() {
		IllegalStateException failure = new IllegalStateException("no");
		assertThatThrownBy(() -> CallMode.get(Loader.async(() -> {
			throw failure;
		}).load())).isSameAs(failure);
	}

}
