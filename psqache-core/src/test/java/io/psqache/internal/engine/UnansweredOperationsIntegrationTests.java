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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.test.TestStores;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Lifetime;
import io.psqache.internal.store.StoredValue;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests operations without an answer: cancelled, interrupted, overdue, or on a broken
 * connection. Other operations are answered, and no worker is lost.
 */
class UnansweredOperationsIntegrationTests extends WorkersFixture {

	/**
	 * The failures of unanswered operations. The last ones are refused after the first
	 * have timed out.
	 */
	private static final Set<FailureCause> UNANSWERED = Set.of(FailureCause.TIMEOUT, FailureCause.SUSPENDED);

	@Test
	void cancelledOperationIsNotExecuted() {
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			puts.add(put(this.books, "cancelled", 1));
			puts.get(0).cancel(false);
			puts.add(put(this.books, "wanted", 2));
		});
		assertThat(puts.get(1).join()).isTrue();
		assertThat(get(this.books, "cancelled").join()).isNull();
	}

	@Test
	void interruptedCallerFailsAndStaysInterrupted() {
		whileWorkersAreBusy(() -> {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> this.store.get(this.books, "known", null).await())
				.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.INTERRUPTED));
			assertThat(Thread.interrupted()).isTrue();
		});
	}

	@Test
	void callerInterruptedDuringItsWaitFailsAndItsOperationIsNotExecuted() {
		whileWorkersAreBusy(() -> {
			AtomicReference<Thread> waiting = new AtomicReference<>();
			Future<List<@Nullable Object>> caller = Concurrently.start(1, (number) -> {
				waiting.set(Thread.currentThread());
				FailureCause cause = failureOf(
						() -> this.store.put(this.books, "interrupted", TestStores.entry(StoredValue.NULL)).await());
				return cause + " " + Thread.interrupted();
			});
			Concurrently.awaitThat(() -> isWaiting(waiting.get()));
			Objects.requireNonNull(waiting.get()).interrupt();
			assertThat(answer(caller)).isEqualTo("INTERRUPTED true");
		});
		assertThatNoWorkerIsLost();
		assertThat(get(this.books, "interrupted").join()).isNull();
	}

	/**
	 * A platform thread that reads from a socket ignores the interrupt. A virtual thread
	 * waits for a worker and fails.
	 */
	@Test
	void callerInterruptedDuringItsOperationStaysInterruptedAndLosesNoWorker() {
		AtomicReference<Thread> driving = new AtomicReference<>();
		Future<List<@Nullable Object>> caller;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			caller = Concurrently.start(1, (number) -> {
				driving.set(Thread.currentThread());
				try {
					this.store.get(this.books, "known", null).await();
				}
				catch (StoreException ex) {
					assertThat(ex.failureCause()).isEqualTo(FailureCause.INTERRUPTED);
				}
				return Thread.interrupted();
			});
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			Objects.requireNonNull(driving.get()).interrupt();
		}
		assertThat(answer(caller)).isEqualTo(true);
		assertThatNoWorkerIsLost();
	}

	@Test
	void cancelledOperationsLeaveNothingInTheQueueAndNothingInTheDatabase() {
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < RequestQueue.CAPACITY / 2; i++) {
				assertThat(get(this.books, "known").cancel(false)).isTrue();
				assertThat(put(this.books, "cancelled" + i % 10, i).cancel(false)).isTrue();
			}
		});
		assertThatNoWorkerIsLost();
		assertThatTheQueueIsEmpty();
		assertThat(this.database.query("select count(*) from psqache.cache_entry where key like 'cancelled%'"))
			.isEqualTo("0");
	}

	@Test
	void cancelledRunningOperationsLoseNoWorker() {
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			busyWorkers().forEach((underWay) -> underWay.cancel(false));
		}
		assertThatNoWorkerIsLost();
	}

	@Test
	void brokenConnectionFailsItsOwnBatchAlone() {
		CompletableFuture<@Nullable String> other;
		CompletableFuture<@Nullable String> next;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			CompletableFuture<@Nullable String> broken = get(this.books, "known");
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			String backend = this.database.query("select pid from pg_stat_activity "
					+ "where datname = current_database() and wait_event_type = 'Lock'");
			other = get(this.books, "known");
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
			next = get(this.users, "known");
			this.database.query("select pg_terminate_backend(" + backend + ")");
			assertThat(failureOf(broken::join)).isEqualTo(FailureCause.UNAVAILABLE);
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2); // again
			assertThat(other).isNotDone();
			assertThat(next).isNotDone();
		}
		assertThat(other.join()).isEqualTo("0");
		assertThat(next.join()).isEqualTo("1");
		assertThatNoWorkerIsLost();
	}

	@Test
	void operationThatWaitsTooLongInTheQueueFailsAndIsNotExecuted() {
		EntryStore impatient = TestStores.open(this.pool, 2, Duration.ofMillis(200));
		CacheHandle cache = TestStores.cache(impatient, "test", "books");
		Concurrently.awaitThat(() -> impatient.get(cache, "known", null).await().present() != null);
		List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			for (int i = 0; i < 50; i++) { // each needs its own statement
				waiting.add(impatient.putIfAbsent(cache, "late" + i, StoredValue.NULL, Lifetime.FOREVER)
					.in(CallMode.ASYNC));
			}
			assertThat(failureOf(() -> impatient.put(cache, "late", TestStores.entry(StoredValue.NULL)).await()))
				.isIn(UNANSWERED);
			assertThat(waiting).allSatisfy((operation) -> assertThat(failureOf(operation::join)).isIn(UNANSWERED));
			// one may have been taken from the queue just before its timeout
			Concurrently.awaitThat(
					() -> impatient.queuedWrites() == 0 && this.pool.getHikariPoolMXBean().getActiveConnections() == 0
							&& this.database.locksWaitedFor() == 0);
		}
		impatient.close();
		assertThat(this.database.query("select count(*) from psqache.cache_entry where key like 'late%'"))
			.isEqualTo("0");
	}

	@Test
	void overdueStatementIsCancelledAndNotExecutedLater() throws Exception {
		EntryStore impatient = TestStores.open(this.pool, 2, Duration.ofMillis(200));
		CacheHandle cache = TestStores.cache(impatient, "test", "books");
		impatient.get(cache, "known", null).await();
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> impatient.put(cache, "late", TestStores.entry(StoredValue.NULL)).await())
				.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.TIMEOUT));
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 0);
		}
		impatient.close();
		assertThat(get(this.books, "late").get(30, TimeUnit.SECONDS)).isNull();
	}

	/**
	 * Assert that the queue has its full capacity, except for the operations that keep
	 * the workers busy.
	 */
	private void assertThatTheQueueIsEmpty() {
		List<CompletableFuture<?>> operations = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < RequestQueue.CAPACITY - 500; i++) {
				operations.add(get(this.books, "known"));
			}
		});
		assertThat(operations).allSatisfy((operation) -> assertThat(operation).succeedsWithin(30, TimeUnit.SECONDS));
	}

	private static boolean isWaiting(@Nullable Thread thread) {
		return thread != null && thread.getState() == Thread.State.WAITING;
	}

}
