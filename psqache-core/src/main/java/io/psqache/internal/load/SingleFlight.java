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
 * <li>Callers that come while that load runs wait for its outcome, a value or an
 * error.</li>
 * <li>If the outcome may be out of date, they begin again. From then on any outcome is
 * new enough, since its load began after they came.</li>
 * <li>A caller that has waited for the limit loads for itself, beside the other: a loader
 * that asks for its own key by way of another thread would otherwise never end.</li>
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
	 * Load, or wait for the load that is under way.
	 * @param key what is loaded
	 * @param loader how; in {@link CallMode#BLOCKING} mode its future is complete
	 * @param mode whether to wait
	 * @return what this caller, or the one before it, loaded; fails with what that threw
	 */
	CompletableFuture<@Nullable Object> load(String key, Function<Flight, CompletableFuture<Loaded>> loader,
			CallMode mode) {
		Flight own = new Flight(key, (mode == CallMode.BLOCKING) ? Thread.currentThread() : null);
		return leadOrFollow(own, loader, mode, (loaded) -> loaded.current()).thenCompose((shared) -> {
			if (shared != null) {
				return CompletableFuture.completedFuture(shared);
			}
			return CallMode.untilPresent(() -> leadOrFollow(own, loader, mode, Loaded::any));
		}).thenApply(Loaded::value);
	}

	/**
	 * Load, or wait.
	 * @param suits whether the outcome of another load will do
	 * @return {@code null} if it will not
	 */
	private CompletableFuture<@Nullable Loaded> leadOrFollow(Flight own,
			Function<Flight, CompletableFuture<Loaded>> loader, CallMode mode, Predicate<Loaded> suits) {
		Flight other = this.flights.putIfAbsent(own.key, own);
		if (other == null) {
			return lead(own, loader);
		}
		if (other.pilot != null && other.pilot == own.pilot) { // the loader asks for its
																// own key
			return call(own, loader).thenApply((loaded) -> loaded);
		}
		return mode.settle(other.outcome, this.limit)
			.thenCompose((settled) -> settled ? other.outcome.thenApply(this::counted)
					: call(own, loader).thenApply((loaded) -> Loaded.current(loaded.value())))
			.thenApply((shared) -> suits.test(shared) ? shared : null);
	}

	private CompletableFuture<@Nullable Loaded> lead(Flight flight,
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
	 * Have the next caller load: the result of the load under way may be out of date.
	 */
	void forget(String key) {
		this.flights.remove(key);
	}

	/**
	 * As {@link #forget}, for every key.
	 */
	void forgetAll() {
		this.flights.clear();
	}

	/**
	 * What was loaded.
	 *
	 * @param value the value
	 * @param current whether callers that came during the load may share it: not if a
	 * change during the load is known
	 * @param any whether anything was loaded
	 */
	record Loaded(@Nullable Object value, boolean current, boolean any) {

		/**
		 * The outcome of a refresh that was not necessary.
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
	 * A load under way. The pilot is the thread that runs it, if it is one thread.
	 */
	final class Flight {

		private final String key;

		private final @Nullable Thread pilot;

		private final CompletableFuture<Loaded> outcome = new CompletableFuture<>();

		private Flight(String key, @Nullable Thread pilot) {
			this.key = key;
			this.pilot = pilot;
		}

		/**
		 * Let no more callers board.
		 */
		void close() {
			SingleFlight.this.flights.remove(this.key, this);
		}

	}

}
