package io.psqache.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * One load per key at a time in this JVM: whoever comes while it runs waits for its
 * outcome, be it a value or an error. Thread-safe.
 * <p>
 * Nobody waits for ever: a loader may ask for its own key by way of another thread, and
 * would wait for itself. Whose patience ends loads for itself.
 */
final class SingleFlight {

	private final ConcurrentMap<String, Flight> flights = new ConcurrentHashMap<>();

	private final Duration patience;

	private final LoadStatistics statistics;

	SingleFlight(Duration patience, LoadStatistics statistics) {
		this.patience = patience;
		this.statistics = statistics;
	}

	/**
	 * Load in this thread, or wait for the thread that already does.
	 * @param key what is loaded
	 * @param loader how
	 * @return what it, or the one before it, loaded
	 * @throws Exception what it, or the one before it, threw
	 */
	@Nullable Object load(String key, Loader loader) throws Exception {
		Flight own = new Flight(key, Thread.currentThread());
		Flight other = this.flights.putIfAbsent(key, own);
		if (other == null) {
			return lead(own, loader).value();
		}
		if (other.pilot == Thread.currentThread()) { // the loader asks for its own key
			return loader.load(own).value();
		}
		Loaded shared = follow(other, own, loader);
		return shared.current() ? shared.value() : loadAnew(key, own, loader);
	}

	/**
	 * Whatever load is under way now began after the caller came.
	 */
	private @Nullable Object loadAnew(String key, Flight own, Loader loader) throws Exception {
		Flight other = this.flights.putIfAbsent(key, own);
		if (other == null) {
			return lead(own, loader).value();
		}
		Loaded shared = follow(other, own, loader);
		return shared.any() ? shared.value() : loadAnew(key, own, loader);
	}

	private Loaded lead(Flight flight, Loader loader) throws Exception {
		try {
			Loaded loaded = loader.load(flight);
			flight.close();
			flight.outcome.complete(loaded);
			return loaded;
		}
		catch (Throwable ex) {
			flight.close();
			flight.outcome.completeExceptionally(ex);
			throw ex;
		}
	}

	private Loaded follow(Flight flight, Flight own, Loader loader) throws Exception {
		try {
			return counted(flight.outcome.get(this.patience.toNanos(), TimeUnit.NANOSECONDS));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		catch (TimeoutException ex) {
			return Loaded.current(loader.load(own).value());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Loaded.current(loader.load(own).value());
		}
	}

	private Loaded counted(Loaded shared) {
		if (shared.current()) {
			this.statistics.shared();
		}
		return shared;
	}

	/**
	 * As {@link #load}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> loadAsync(String key, AsyncLoader loader) {
		Flight own = new Flight(key, null);
		Flight other = this.flights.putIfAbsent(key, own);
		if (other == null) {
			return leadAsync(own, loader).thenApply(Loaded::value);
		}
		return followAsync(other, own, loader).thenCompose((shared) -> shared.current()
				? CompletableFuture.completedFuture(shared.value()) : loadAnewAsync(key, own, loader));
	}

	private CompletableFuture<@Nullable Object> loadAnewAsync(String key, Flight own, AsyncLoader loader) {
		Flight other = this.flights.putIfAbsent(key, own);
		if (other == null) {
			return leadAsync(own, loader).thenApply(Loaded::value);
		}
		return followAsync(other, own, loader).thenCompose((shared) -> shared.any()
				? CompletableFuture.completedFuture(shared.value()) : loadAnewAsync(key, own, loader));
	}

	private CompletableFuture<Loaded> leadAsync(Flight flight, AsyncLoader loader) {
		call(flight, loader).whenComplete((loaded, failure) -> {
			flight.close();
			if (failure == null) {
				flight.outcome.complete(loaded);
			}
			else {
				flight.outcome.completeExceptionally(failure);
			}
		});
		return flight.outcome.copy();
	}

	private CompletableFuture<Loaded> followAsync(Flight flight, Flight own, AsyncLoader loader) {
		return flight.outcome.thenApply(this::counted)
			.orTimeout(this.patience.toNanos(), TimeUnit.NANOSECONDS)
			.exceptionallyCompose((failure) -> {
				boolean impatient = failure instanceof TimeoutException && !flight.outcome.isDone();
				return impatient ? call(own, loader).thenApply((loaded) -> Loaded.current(loaded.value()))
						: CompletableFuture.failedFuture(failure);
			});
	}

	/**
	 * Have the next to come load anew: what is being loaded may be out of date already.
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

	private static CompletableFuture<Loaded> call(Flight flight, AsyncLoader loader) {
		try {
			return loader.load(flight);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Loads a value.
	 */
	@FunctionalInterface
	interface Loader {

		/**
		 * Load.
		 * @param flight what those who wait have boarded
		 */
		Loaded load(Flight flight) throws Exception;

	}

	/**
	 * Loads a value and blocks nobody.
	 */
	@FunctionalInterface
	interface AsyncLoader {

		CompletableFuture<Loaded> load(Flight flight);

	}

	/**
	 * What was loaded.
	 *
	 * @param value the value
	 * @param current whether those may share it who came while it was loaded: not if it
	 * is known that something has changed meanwhile
	 * @param any whether anything was loaded
	 */
	record Loaded(@Nullable Object value, boolean current, boolean any) {

		/**
		 * Of whoever loads only if need be, and found that it need not.
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
		 * Let nobody board any more.
		 */
		void close() {
			SingleFlight.this.flights.remove(this.key, this);
		}

	}

}
