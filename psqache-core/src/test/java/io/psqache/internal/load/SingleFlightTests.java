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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.psqache.test.Concurrently;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.SingleFlight.Loaded;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SingleFlightTests {

	private final SingleFlight flights = new SingleFlight(Duration.ofMinutes(5), new LoadCounters());

	@Test
	void callerDuringALoadReceivesItsException() throws Exception {
		CountDownLatch loading = new CountDownLatch(1);
		CompletableFuture<Void> release = new CompletableFuture<>();
		Future<?> leader = Concurrently.start(1, (number) -> catching(() -> load(this.flights, "key", () -> {
			loading.countDown();
			release.join();
			throw new IllegalStateException("no");
		})));
		loading.await();
		Thread[] waiting = new Thread[1];
		Future<?> follower = Concurrently.start(1, (number) -> {
			waiting[0] = Thread.currentThread();
			return catching(() -> load(this.flights, "key", () -> Loaded.current("own load")));
		});
		Concurrently.awaitThat(() -> waiting[0] != null && waiting[0].getState() == Thread.State.TIMED_WAITING);
		release.complete(null);
		assertThat(leader.get(30, TimeUnit.SECONDS)).asString().contains("no");
		assertThat(follower.get(30, TimeUnit.SECONDS)).asString().contains("no");
	}

	@Test
	void nextLoadAfterAnErrorRuns() throws Exception {
		assertThatIllegalStateException().isThrownBy(() -> load(this.flights, "key", () -> {
			throw new IllegalStateException("no");
		}));
		assertThat(load(this.flights, "key", () -> Loaded.current("yes"))).isEqualTo("yes");
	}

	@Test
	void differentKeysLoadAtTheSameTime() throws Exception {
		AtomicInteger loading = new AtomicInteger();
		Concurrently.run(4, (number) -> load(this.flights, "key" + number, () -> {
			loading.incrementAndGet();
			Concurrently.awaitThat(() -> loading.get() == 4);
			return Loaded.current(number);
		}));
		assertThat(loading).hasValue(4);
	}

	@Test
	void interruptedFollowerLoadsAndStaysInterrupted() throws Exception {
		CompletableFuture<Loaded> never = new CompletableFuture<>();
		CompletableFuture<?> leader = this.flights.load("key", (flight) -> never, CallMode.ASYNC);
		Thread.currentThread().interrupt();
		assertThat(load(this.flights, "key", () -> Loaded.current("own load"))).isEqualTo("own load");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(leader).isNotDone();
	}

	@Test
	void loaderThatWaitsForItselfThroughAnotherThreadEnds() throws Exception {
		SingleFlight impatient = new SingleFlight(Duration.ofMillis(50), new LoadCounters());
		assertThat(load(impatient, "key",
				() -> Loaded
					.current(CompletableFuture.supplyAsync(() -> loaded(impatient, "inner")).join() + " in outer")))
			.isEqualTo("inner in outer");
		assertThat(impatient
			.load("key",
					(flight) -> impatient.load("key", (inner) -> completed("inner"), CallMode.ASYNC)
						.thenApply(Loaded::current),
					CallMode.ASYNC)
			.get(30, TimeUnit.SECONDS)).isEqualTo("inner");
	}

	private static Object loaded(SingleFlight flights, String value) {
		try {
			return String.valueOf(load(flights, "key", () -> Loaded.current(value)));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void asynchronousLoaderThatThrowsFailsItsFuture() {
		CompletableFuture<?> result = this.flights.load("key", (flight) -> {
			throw new IllegalStateException("no");
		}, CallMode.ASYNC);
		assertThatExceptionOfType(Exception.class).isThrownBy(result::join)
			.withCauseInstanceOf(IllegalStateException.class);
		assertThat(this.flights.load("key", (flight) -> completed("yes"), CallMode.ASYNC).join()).isEqualTo("yes");
	}

	/**
	 * A refresh that did not load has no value for callers that miss the key.
	 */
	@Test
	void callerDuringARefreshWithoutALoadLoads() throws Exception {
		List<CompletableFuture<Loaded>> refreshes = List.of(new CompletableFuture<>(), new CompletableFuture<>());
		AtomicInteger begun = new AtomicInteger();
		Runnable refresh = () -> this.flights.load("key", (flight) -> refreshes.get(begun.getAndIncrement()),
				CallMode.ASYNC);
		refresh.run();
		CompletableFuture<?> follower = this.flights.load("key", (flight) -> completed("own load"), CallMode.ASYNC);
		AtomicLong thread = new AtomicLong();
		Future<?> blocked = Concurrently.start(1, (number) -> {
			thread.set(Thread.currentThread().getId());
			return load(this.flights, "key", () -> Loaded.current("own load"));
		});
		Concurrently.awaitThat(() -> thread.get() != 0 && isWaiting(thread.get()));
		long waits = waits(thread.get());
		this.flights.forget("key"); // as for an eviction
		refresh.run();
		refreshes.get(0).complete(Loaded.NOTHING);
		Concurrently.awaitThat(() -> waits(thread.get()) > waits && isWaiting(thread.get()));
		assertThat(follower).isNotDone();
		refreshes.get(1).complete(Loaded.NOTHING);
		assertThat(follower.get(30, TimeUnit.SECONDS)).isEqualTo("own load");
		assertThat(blocked.get(30, TimeUnit.SECONDS)).isEqualTo(List.of("own load"));
	}

	private static boolean isWaiting(long thread) {
		return ManagementFactory.getThreadMXBean().getThreadInfo(thread).getThreadState() == Thread.State.TIMED_WAITING;
	}

	/**
	 * Return how often a thread has begun to wait.
	 */
	private static long waits(long thread) {
		return ManagementFactory.getThreadMXBean().getThreadInfo(thread).getWaitedCount();
	}

	/**
	 * Load in blocking mode.
	 */
	private static Object load(SingleFlight flights, String key, Callable<Loaded> loader) throws Exception {
		return CallMode.get(flights.load(key, (flight) -> {
			try {
				return CompletableFuture.completedFuture(loader.call());
			}
			catch (Exception ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}, CallMode.BLOCKING));
	}

	private static String catching(Callable<?> call) {
		try {
			return String.valueOf(call.call());
		}
		catch (Exception ex) {
			return ex.toString();
		}
	}

	private static CompletableFuture<Loaded> completed(String value) {
		return CompletableFuture.completedFuture(Loaded.current(value));
	}

}
