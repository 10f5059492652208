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

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.CacheMonitor;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.CallerThreads;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests which thread executes an operation, in which order, and which operations are not
 * executed. The operations execute no statement. They wait until the test releases them,
 * so that every interleaving can be forced.
 */
class RequestQueueIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final Queue<String> log = new ConcurrentLinkedQueue<>();

	private final Queue<Integer> sizes = new ConcurrentLinkedQueue<>();

	private final CountDownLatch gate = new CountDownLatch(1);

	private Engine engine = engine(Duration.ofSeconds(30));

	@AfterEach
	void close() {
		this.gate.countDown();
		this.engine.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void callerExecutesItsOperationIfAllWorkersAreIdle() {
		Set<String> before = workerThreads();
		Thread executing = new Step("step").await();
		if (CallerThreads.ofCurrent() == CallerThreads.VIRTUAL) {
			assertThat(executing.getName()).startsWith("psqache-writer");
		}
		else {
			assertThat(executing).isSameAs(Thread.currentThread());
			assertThat(before).containsAll(workerThreads());
		}
	}

	@Test
	void asynchronousCallerExecutesNothing() throws Exception {
		Thread executing = new Step("step").in(CallMode.ASYNC).get(30, TimeUnit.SECONDS);
		assertThat(executing.getName()).startsWith("psqache-writer");
	}

	@Test
	void operationIsQueuedIfAWorkerIsBusy() {
		occupyOneWorker();
		assertThat(new Step("step").await().getName()).startsWith("psqache-writer");
	}

	@Test
	void dependentActionsDoNotRunOnAWorker() throws Exception {
		CompletableFuture<String> dependent = new Step("step").behindTheGate()
			.in(CallMode.ASYNC)
			.thenApply((executing) -> Thread.currentThread().getName());
		this.gate.countDown();
		assertThat(dependent.get(30, TimeUnit.SECONDS)).startsWith("psqache-callback");
	}

	/**
	 * The second worker takes the operations before the second operation on the key. It
	 * leaves that one to the worker that executes the first.
	 */
	@ParameterizedTest
	@CsvSource({ "put, put", "put, evict", "evict, put" })
	void operationsOnOneEntryKeepTheirOrder(String first, String second) {
		List<CompletableFuture<?>> answers = new ArrayList<>();
		answers.add(new Step("first").of(first, "key").behindTheGate().in(CallMode.ASYNC));
		awaitLog("first");
		for (int i = 0; i < 6; i++) {
			answers.add(new Step("before").of("put", "key" + i).in(CallMode.ASYNC));
		}
		answers.add(new Step("second").of(second, "key").in(CallMode.ASYNC));
		for (int i = 6; i < 12; i++) {
			answers.add(new Step("after").of("put", "key" + i).in(CallMode.ASYNC));
		}
		Concurrently.awaitThat(() -> this.log.stream().filter("before"::equals).count() == 6);
		Awaitility.await().during(Duration.ofMillis(100)).until(() -> !this.log.contains("second"));
		this.gate.countDown();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(this.log).containsSubsequence("first", "second").hasSize(14);
	}

	@Test
	void operationsOnDifferentEntriesDoNotWaitForEachOther() {
		CompletableFuture<?> first = new Step("first").of("put", "a").behindTheGate().in(CallMode.ASYNC);
		awaitLog("first");
		assertThat(new Step("second").of("put", "b").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(first).isNotDone();
	}

	@Test
	void workerSkipsOperationsThatMustWait() {
		CompletableFuture<?> first = new Step("first").of("put", "a").behindTheGate().in(CallMode.ASYNC);
		awaitLog("first");
		CompletableFuture<?> second = new Step("second").of("put", "a").in(CallMode.ASYNC);
		CompletableFuture<?> third = new Step("third").of("evict", "a").in(CallMode.ASYNC);
		assertThat(new Step("other").of("evict", "b").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(first).isNotDone();
		this.gate.countDown();
		assertThat(List.of(first, second, third))
			.allSatisfy((answer) -> assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(this.log).containsSubsequence("other", "second", "third");
	}

	@Test
	void operationIsNotExecutedAfterItsTimeout() {
		this.engine.close();
		this.engine = new Engine(this.pool, 2, TestCaches.SCHEMA::in, Duration.ofMillis(200), CacheMonitor.NONE,
				new NothingToRecover());
		CountDownLatch started = new CountDownLatch(1);
		CompletableFuture<?> occupying = new Step("occupying").first(() -> await(started)).in(CallMode.ASYNC);
		awaitLog("occupying");
		CompletableFuture<?> slow = new Step("slow").of("put", "a").behindTheGate().in(CallMode.ASYNC);
		CompletableFuture<?> late = new Step("late").of("evict", "b").in(CallMode.ASYNC);
		started.countDown();
		assertThat(failure(late)).isEqualTo(FailureCause.TIMEOUT);
		this.gate.countDown();
		assertThat(failure(slow)).isEqualTo(FailureCause.TIMEOUT);
		assertThat(occupying).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(new Step("next").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(this.log).contains("slow").doesNotContain("late");
	}

	@Test
	void refusalSparesOperationsThatBypassTheCircuitBreaker() {
		occupyOneWorker();
		occupyOneWorker();
		CompletableFuture<?> guarded = new Step("guarded").in(CallMode.ASYNC);
		CompletableFuture<?> unguarded = new Step("unguarded").unguarded().in(CallMode.ASYNC);
		this.engine.refuse();
		assertThat(failure(guarded)).isEqualTo(FailureCause.SUSPENDED);
		assertThat(unguarded).isNotDone();
		this.gate.countDown();
		assertThat(unguarded).succeedsWithin(30, TimeUnit.SECONDS);
	}

	@Test
	void errorWhileABatchIsTakenLosesNoOperation() {
		CountDownLatch started = new CountDownLatch(1);
		occupyBothWorkersUntil(started);
		CompletableFuture<?> taken = new Step("taken").in(CallMode.ASYNC);
		CompletableFuture<?> failing = new Step("failing").withoutBytes(3).in(CallMode.ASYNC);
		CompletableFuture<?> last = new Step("last").in(CallMode.ASYNC);
		started.countDown();
		assertThat(List.of(taken, failing, last)).allSatisfy(
				(answer) -> assertThat(answer.handle((thread, failure) -> true)).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(new Step("next").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
	}

	/**
	 * The ending thread releases its worker and claims it again for the queued
	 * operations. Otherwise the worker would be unavailable until the watchdog replaces
	 * the thread.
	 */
	@RepeatedTest(5)
	void errorWhileABatchIsTakenLosesNoWorker() {
		CountDownLatch started = new CountDownLatch(1);
		occupyBothWorkersUntil(started);
		new Step("failing").withoutBytes(3).in(CallMode.ASYNC);
		CompletableFuture<?> last = new Step("last").in(CallMode.ASYNC);
		started.countDown();
		assertThat(last.handle((thread, failure) -> true)).succeedsWithin(30, TimeUnit.SECONDS);
		CountDownLatch both = new CountDownLatch(2);
		List<CompletableFuture<?>> answers = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			answers.add(new Step("meeting").alone().first(() -> {
				both.countDown();
				await(both);
			}).in(CallMode.ASYNC));
		}
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(10, TimeUnit.SECONDS));
	}

	private void occupyBothWorkersUntil(CountDownLatch latch) {
		for (int i = 0; i < 2; i++) {
			new Step("busy").alone().first(() -> await(latch)).in(CallMode.ASYNC);
		}
		Concurrently.awaitThat(() -> this.log.size() == 2);
	}

	@Test
	void errorDuringAStatementReplacesTheConnection() {
		List<Integer> backends = new ArrayList<>();
		for (boolean fails : new boolean[] { true, false }) {
			try {
				new SingleOperation<>(this.engine.writes(), OperationKind.PUT, (session) -> {
					try (ResultSet rows = session.query("select pg_backend_pid()").executeQuery()) {
						rows.next();
						backends.add(rows.getInt(1));
					}
					if (fails) {
						throw new StackOverflowError("An error of the test");
					}
					return true;
				}).await();
			}
			catch (StoreException ex) {
				assertThat(ex.failureCause()).isEqualTo(FailureCause.OTHER);
			}
		}
		assertThat(backends).hasSize(2).doesNotHaveDuplicates();
	}

	/**
	 * HikariCP closes a connection that reaches a standby. No later operation may use it.
	 */
	@Test
	void connectionClosedByThePoolIsReplaced() {
		for (int i = 0; i < 2; i++) {
			SingleOperation<Boolean> meetsAStandby = new SingleOperation<>(this.engine.writes(), OperationKind.PUT,
					(session) -> session.query("do $$ begin raise exception 'standby' using errcode = '0A000'; end $$")
						.execute());
			assertThatExceptionOfType(StoreException.class).isThrownBy(meetsAStandby::await)
				.extracting(StoreException::failureCause)
				.isEqualTo(FailureCause.READ_ONLY);
		}
	}

	/**
	 * The connection is returned to the pool although the thread does not return.
	 */
	@Test
	void stuckThreadOfAWorkerIsReplaced() {
		this.engine.close();
		this.engine = engine(Duration.ofMillis(200));
		occupyOneWorker();
		occupyOneWorker();
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.ignoreExceptions()
			.until(() -> new Step("next").unguarded().await() != null);
		Concurrently.awaitThat(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
		assertThat(this.gate.getCount()).isEqualTo(1);
	}

	/**
	 * An overflow may happen anywhere, even between two related steps. The watchdog
	 * repairs the state.
	 */
	@Test
	void stackOverflowsOfCallersLeaveTheEngineUsable() throws Exception {
		this.engine.close();
		this.engine = engine(Duration.ofMillis(200));
		AtomicInteger overflows = new AtomicInteger();
		Thread deep = new Thread(null, () -> {
			int deepest = 100;
			while (callAt(deepest) == 0) {
				deepest += 100;
			}
			overflows.incrementAndGet();
			// compiled code needs less stack
			for (int depth = deepest + 200; depth > deepest - 200; depth--) {
				overflows.addAndGet(callAt(depth));
			}
		}, "deep", 256 * 1024);
		deep.start();
		deep.join();
		assertThat(overflows).hasPositiveValue();
		for (int i = 0; i < 10; i++) {
			Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
				occupyAndCall();
				return true;
			});
		}
	}

	/**
	 * Requires that both workers are available.
	 */
	private void occupyAndCall() {
		CompletableFuture<?> one = new Step("step").alone().in(CallMode.ASYNC);
		CompletableFuture<?> other = new Step("step").alone().in(CallMode.ASYNC);
		assertThat(new Step("step").await()).isNotNull();
		assertThat(List.of(one, other)).allSatisfy((answer) -> assertThat(answer).succeedsWithin(1, TimeUnit.SECONDS));
	}

	/**
	 * Call at a given depth of the stack.
	 * @return 1 if the stack overflowed, 0 otherwise
	 */
	private int callAt(int depth) {
		try {
			descend(depth);
			return 0;
		}
		catch (StackOverflowError ex) {
			return 1;
		}
	}

	private void descend(int depth) {
		if (depth > 0) {
			descend(depth - 1);
			return;
		}
		try {
			new Step("step").await();
		}
		catch (StoreException ex) {
			// A worker is temporarily missing.
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void operationsThatWaitAreExecutedTogether() {
		occupyOneWorker();
		occupyOneWorker();
		List<CompletableFuture<Thread>> answers = IntStream.range(0, 20)
			.mapToObj((i) -> new Step("together").of("put", "key" + i).in(CallMode.ASYNC))
			.toList();
		this.gate.countDown();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(this.sizes).contains(20);
	}

	/**
	 * The thread parks without a limit, so the watchdog must fail the operation.
	 */
	@Test
	void operationTimesOutWhileItsWorkerHangs() {
		this.engine.close();
		this.engine = engine(Duration.ofMillis(200));
		CompletableFuture<?> hanging = occupyOneWorker();
		occupyOneWorker();
		long begin = System.nanoTime();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> new Step("late").await())
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.TIMEOUT));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(200),
				Duration.ofSeconds(5));
		assertThat(failure(hanging)).isEqualTo(FailureCause.TIMEOUT);
		this.gate.countDown();
		Concurrently.awaitThat(() -> this.engine.writes().size() == 0);
		assertThat(new Step("next").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(this.log).doesNotContain("late");
	}

	@Test
	void operationBeyondTheCapacityFailsAtOnce() {
		occupyOneWorker();
		occupyOneWorker();
		List<CompletableFuture<?>> waiting = new ArrayList<>();
		for (int i = 0; i < RequestQueue.CAPACITY; i++) {
			waiting.add(new Step("waiting").of("put", "key" + i).in(CallMode.ASYNC));
		}
		assertThat(waiting).noneMatch(CompletableFuture::isDone);
		assertThat(failure(new Step("too many").in(CallMode.ASYNC))).isEqualTo(FailureCause.OVERLOADED);
		this.gate.countDown();
		assertThat(waiting).allSatisfy((answer) -> assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(this.engine.writes().size()).isZero();
		assertThat(this.log).doesNotContain("too many");
	}

	@Test
	void cancelledOperationIsNotExecuted() {
		occupyOneWorker();
		occupyOneWorker();
		CompletableFuture<?> cancelled = new Step("cancelled").in(CallMode.ASYNC);
		CompletableFuture<?> wanted = new Step("wanted").in(CallMode.ASYNC);
		assertThat(cancelled.cancel(false)).isTrue();
		this.gate.countDown();
		assertThat(wanted).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(this.log).doesNotContain("cancelled");
	}

	@Test
	void interruptedCallerIsAnsweredAndItsOperationIsNotExecuted() {
		occupyOneWorker();
		occupyOneWorker();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> new Step("interrupted").await())
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.INTERRUPTED));
		assertThat(Thread.interrupted()).isTrue();
		this.gate.countDown();
		assertThat(new Step("wanted").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(this.log).doesNotContain("interrupted");
	}

	/**
	 * The interrupt wakes the thread, which may find the answer or not.
	 */
	@Test
	void interruptAtTheTimeOfTheAnswerIsKept() {
		occupyOneWorker();
		Thread caller = Thread.currentThread();
		for (int i = 0; i < 2_000; i++) {
			try {
				new Step("step").first(caller::interrupt).await();
			}
			catch (StoreException ex) {
				assertThat(ex.failureCause()).isEqualTo(FailureCause.INTERRUPTED);
			}
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void operationThatFailsWhileItIsAnsweredIsCountedOnce() {
		AtomicInteger answered = new AtomicInteger();
		this.engine.close();
		this.engine = new Engine(this.pool, 4, TestCaches.SCHEMA::in, Duration.ofSeconds(30), new CacheMonitor() {

			@Override
			public void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
				answered.incrementAndGet();
			}

		}, new NothingToRecover());
		for (int i = 0; i < 2_000; i++) {
			Step step = new Step("step");
			step.first(() -> step.fail(new StoreException(FailureCause.CONFLICT, null)));
			assertThat(failure(step.in(CallMode.ASYNC))).isEqualTo(FailureCause.CONFLICT);
		}
		Awaitility.await().during(Duration.ofMillis(100)).until(() -> answered.get() == 2_000);
	}

	/**
	 * The watchdog has the long period, because no connection is open.
	 */
	@Test
	void connectionThatArrivedLateIsReturnedToThePool() throws Exception {
		this.pool.getConnection().close();
		this.engine.close();
		this.engine = new Engine(new DelegatingDataSource(this.pool) {

			@Override
			public Connection getConnection() throws SQLException {
				// Longer than two periods of 25 ms, after which the watchdog has the long
				// period.
				LockSupport.parkNanos(Duration.ofMillis(60).toNanos());
				return super.getConnection();
			}

		}, 4, TestCaches.SCHEMA::in, Duration.ofSeconds(30), CacheMonitor.NONE, new NothingToRecover());
		new Step("step").await();
		Concurrently.awaitThat(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

	@Test
	void errorAnswersItsCallerAndLosesNoWorker() {
		for (CallMode mode : CallMode.values()) {
			for (int i = 0; i < 10; i++) {
				assertThat(failure(new Step("failing").failing().in(mode))).isEqualTo(FailureCause.OTHER);
			}
		}
		occupyOneWorker();
		assertThat(new Step("next").in(CallMode.ASYNC)).succeedsWithin(30, TimeUnit.SECONDS);
	}

	@Test
	void refusalLosesNoOperationThatAWorkerIsAboutToTake() {
		List<CompletableFuture<?>> answers = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			answers.add(new Step("step").in(CallMode.ASYNC).handle((answer, failure) -> true));
			if (i % 5 == 0) {
				this.engine.refuse();
			}
		}
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS));
	}

	@Test
	void closedEngineFailsQueuedOperations() {
		this.engine.close();
		this.engine = engine(Duration.ofMillis(200));
		occupyOneWorker();
		occupyOneWorker();
		CompletableFuture<?> waiting = new Step("waiting").in(CallMode.ASYNC);
		this.engine.close();
		assertThat(failure(waiting)).isIn(FailureCause.CLOSED, FailureCause.TIMEOUT);
		assertThat(failure(new Step("later").in(CallMode.ASYNC))).isEqualTo(FailureCause.CLOSED);
		this.gate.countDown();
		Concurrently.awaitThat(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
		assertThat(this.log).doesNotContain("waiting", "later");
	}

	private Engine engine(Duration timeout) {
		return new Engine(this.pool, 4, TestCaches.SCHEMA::in, timeout, CacheMonitor.NONE, new NothingToRecover());
	}

	/**
	 * Let a worker thread wait at the gate.
	 */
	private CompletableFuture<?> occupyOneWorker() {
		long before = this.log.stream().filter("occupying"::equals).count();
		CompletableFuture<?> occupying = new Step("occupying").alone().behindTheGate().in(CallMode.ASYNC);
		Concurrently.awaitThat(() -> this.log.stream().filter("occupying"::equals).count() > before);
		return occupying;
	}

	private void awaitLog(String name) {
		Concurrently.awaitThat(() -> this.log.contains(name));
	}

	private static FailureCause failure(CompletableFuture<?> operation) {
		Throwable failure = operation.handle((answer, failed) -> failed).orTimeout(30, TimeUnit.SECONDS).join();
		return StoreException.of(failure).failureCause();
	}

	private static Set<String> workerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("psqache-writer"))
			.map((thread) -> thread.getName() + " " + thread.getId())
			.collect(Collectors.toSet());
	}

	/**
	 * A write that executes no statement and returns the executing thread.
	 */
	private final class Step extends Operation<Thread> {

		private final String name;

		private String statement = "put";

		private @Nullable String key;

		private boolean waits;

		private boolean fails;

		private boolean batchable = true;

		private Runnable first = () -> {
		};

		private int errors;

		Step(String name) {
			super(RequestQueueIntegrationTests.this.engine.writes(), OperationKind.PUT);
			this.name = name;
		}

		Step of(String statement, String key) {
			this.statement = statement;
			this.key = key;
			return this;
		}

		Step behindTheGate() {
			this.waits = true;
			return this;
		}

		/**
		 * Run an action on the worker before the answer.
		 */
		Step first(Runnable action) {
			this.first = action;
			return this;
		}

		/**
		 * Throw an error for the first calls of {@link #bytes()}.
		 */
		Step withoutBytes(int errors) {
			this.errors = errors;
			return this;
		}

		@Override
		public long bytes() {
			if (this.errors > 0) {
				this.errors--;
				throw new OutOfMemoryError("An error of the test");
			}
			return 0;
		}

		Step failing() {
			this.fails = true;
			return this;
		}

		Step alone() {
			this.batchable = false;
			return this;
		}

		@Override
		protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
			all.forEach((operation) -> RequestQueueIntegrationTests.this.log.add(((Step) operation).name));
			RequestQueueIntegrationTests.this.sizes.add(all.size());
			this.first.run();
			if (this.fails) {
				throw new AssertionError("An error of the test");
			}
			if (this.waits) {
				RequestQueueIntegrationTests.await(RequestQueueIntegrationTests.this.gate);
			}
			all.forEach((operation) -> ((Step) operation).succeed(Thread.currentThread()));
		}

		@Override
		protected boolean isBatchable() {
			return this.batchable;
		}

		@Override
		protected boolean sharesStatementWith(Operation<?> other) {
			return this.key != null && ((Step) other).key != null && ((Step) other).statement.equals(this.statement);
		}

		@Override
		protected boolean isOrderedWith(Operation<?> other) {
			return this.key != null && this.key.equals(((Step) other).key);
		}

	}

	private static final class NothingToRecover implements Recoverable {

		@Override
		public void probe(Session session) {
		}

		@Override
		public void repairSchema() {
		}

		@Override
		public long pendingEvictions() {
			return 0;
		}

		@Override
		public long repeatEvictions() {
			return 0;
		}

	}

}
