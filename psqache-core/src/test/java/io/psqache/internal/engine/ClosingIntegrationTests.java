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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests closing the store while operations are running or queued.
 */
class ClosingIntegrationTests extends WorkersFixture {

	@Test
	void closingExecutesQueuedOperations() {
		List<CompletableFuture<?>> queued = new ArrayList<>();
		List<CompletableFuture<?>> closing = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 300; i++) {
				queued.add(get(this.books, "known"));
				queued.add(put(this.books, "key" + i, i));
			}
			closing.add(closing());
		});
		assertThat(queued).allSatisfy((operation) -> assertThat(operation).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(closing.get(0)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(failureOf(() -> this.store.get(this.books, "known", null).await())).isEqualTo(FailureCause.CLOSED);
	}

	/**
	 * A caller and a worker thread each execute an operation, another one is queued, and
	 * the store is closed. The caller finishes first.
	 */
	@Test
	void runningOperationOfACallerIsAnsweredWhileTheStoreCloses() {
		CompletableFuture<?> onTheOtherWorker;
		CompletableFuture<?> queued;
		CompletableFuture<?> closing;
		try (TestDatabase.Lock entries = this.database.lock("psqache.cache_entry")) {
			Future<List<@Nullable Object>> caller;
			try (TestDatabase.Lock caches = this.database.lock("psqache.cache")) {
				caller = Concurrently.start(1, (number) -> this.store.probe("test").await().schemaMissing());
				Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
				onTheOtherWorker = get(this.books, "known");
				Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
				queued = get(this.books, "known");
				closing = closing();
			}
			assertThat(answer(caller)).isEqualTo(false);
			assertThat(onTheOtherWorker).isNotDone();
		}
		assertThat(onTheOtherWorker).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(queued).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
	}

	/**
	 * A caller executes an operation and another operation on the same entry waits for
	 * it. No worker thread is busy when the store is closed.
	 */
	@Test
	void closingWaitsForAnOperationThatACallerExecutes() {
		Future<List<@Nullable Object>> caller;
		CompletableFuture<Boolean> queued;
		CompletableFuture<Void> closing;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			caller = Concurrently.start(1, (number) -> this.store.evict(this.books, "known").await());
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			queued = evict(this.books, "known");
			closing = closing();
			assertThat(closing).isNotDone();
			assertThat(queued).isNotDone();
		}
		assertThat(answer(caller)).isEqualTo(true);
		assertThat(queued).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(false);
		assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
	}

	/**
	 * Begin to close the store, and return when it refuses operations.
	 */
	private CompletableFuture<Void> closing() {
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.store::close);
		List<CompletableFuture<?>> later = new ArrayList<>();
		Concurrently.awaitThat(() -> {
			later.add(get(this.books, "known"));
			return later.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
		});
		return closing;
	}

}
