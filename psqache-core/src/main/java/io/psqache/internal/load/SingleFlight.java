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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;

import io.psqache.internal.engine.CallMode;
import org.jspecify.annotations.Nullable;

/**
 * Runs one load per key at a time in this JVM:
 * <ol>
 * <li>The first caller of a key loads.</li>
 * <li>Callers that arrive while that load runs wait for its outcome, a value or an
 * exception.</li>
 * <li>If the outcome may be out of date, they start again. From then on they accept any
 * outcome, because its load started after their arrival.</li>
 * <li>A caller that has waited for the limit starts its own load in parallel. Without
 * this, a loader that reads its own key through another thread would never end.</li>
 * </ol>
 * Thread-safe.
 */
final class SingleFlight {

	private final ConcurrentMap<String, Flight> flights = new ConcurrentHashMap<>();

	private final Duration limit;

	private final LoadCounters statistics;

	SingleFlight(Duration limit, LoadCounters statistics) {
		this.limit = limit;
		this.statistics = statistics;
	}

	/**
	 * Load, or wait for the running load.
	 * @param key the stored key
	 * @param loader starts the load; in {@link CallMode#BLOCKING} mode its future is
	 * complete
	 * @param mode whether to wait
	 * @return the value that this or another caller loaded; fails with the exception of
	 * that load
	 */
	CompletableFuture<@Nullable Object> load(String key, Function<Flight, CompletableFuture<Loaded>> loader,
			CallMode mode) {
		Flight own = new Flight(key, (mode == CallMode.BLOCKING) ? Thread.currentThread() : null);
		return loadOrWait(own, loader, mode, (loaded) -> loaded.current()).thenCompose((shared) -> {
			if (shared != null) {
				return CompletableFuture.completedFuture(shared);
			}
			return CallMode.untilPresent(() -> loadOrWait(own, loader, mode, Loaded::any));
		}).thenApply(Loaded::value);
	}

	/**
	 * Load, or wait for the running load.
	 * @param accepts whether the caller accepts the outcome of another load
	 * @return {@code null} if it does not
	 */
	private CompletableFuture<@Nullable Loaded> loadOrWait(Flight own,
			Function<Flight, CompletableFuture<Loaded>> loader, CallMode mode, Predicate<Loaded> accepts) {
		Flight other = this.flights.putIfAbsent(own.key, own);
		if (other == null) {
			return loadAndShare(own, loader);
		}
		if (other.thread != null && other.thread == own.thread) { // nested load
			return call(own, loader).thenApply((loaded) -> loaded);
		}
		return mode.settle(other.outcome, this.limit)
			.thenCompose((settled) -> settled ? other.outcome.thenApply(this::counted)
					: call(own, loader).thenApply((loaded) -> Loaded.current(loaded.value())))
			.thenApply((shared) -> accepts.test(shared) ? shared : null);
	}

	private CompletableFuture<@Nullable Loaded> loadAndShare(Flight flight,
			Function<Flight, CompletableFuture<Loaded>> loader) {
		return call(flight, loader).<@Nullable Loaded>thenApply((loaded) -> loaded).whenComplete((loaded, failure) -> {
			flight.close();
			if (failure == null) {
				flight.outcome.complete(loaded);
			}
			else {
				flight.outcome.completeExceptionally(failure);
			}
		});
	}

	private Loaded counted(Loaded shared) {
		if (shared.current()) {
			this.statistics.shared.increment();
		}
		return shared;
	}

	private static CompletableFuture<Loaded> call(Flight flight, Function<Flight, CompletableFuture<Loaded>> loader) {
		try {
			return loader.apply(flight);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Stop sharing the running load of a key, because its result may be out of date.
	 */
	void forget(String key) {
		this.flights.remove(key);
	}

	/**
	 * As {@link #forget}, for all keys.
	 */
	void forgetAll() {
		this.flights.clear();
	}

	/**
	 * The outcome of a load.
	 *
	 * @param value the value
	 * @param current whether callers that arrived during the load may share the value;
	 * {@code false} if a change during the load is known
	 * @param any whether a value was loaded
	 */
	record Loaded(@Nullable Object value, boolean current, boolean any) {

		/**
		 * The outcome of a refresh that did not load.
		 */
		static final Loaded NOTHING = new Loaded(null, false, false);

		Loaded(@Nullable Object value, boolean current) {
			this(value, current, true);
		}

		static Loaded current(@Nullable Object value) {
			return new Loaded(value, true);
		}

	}

	/**
	 * A running load. The thread is known only for a blocking load.
	 */
	final class Flight {

		private final String key;

		private final @Nullable Thread thread;

		private final CompletableFuture<Loaded> outcome = new CompletableFuture<>();

		private Flight(String key, @Nullable Thread thread) {
			this.key = key;
			this.thread = thread;
		}

		/**
		 * Stop sharing this load. Later callers start a new one.
		 */
		void close() {
			SingleFlight.this.flights.remove(this.key, this);
		}

	}

}
