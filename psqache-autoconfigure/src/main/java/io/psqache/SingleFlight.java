package io.psqache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

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

	SingleFlight(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Load in this thread, or wait for the thread that already does.
	 * @param key what is loaded
	 * @param loader how
	 * @return what it, or the one before it, loaded
	 * @throws Exception what it, or the one before it, threw
	 */
	@Nullable Object load(String key, Callable<?> loader) throws Exception {
		Flight own = new Flight(Thread.currentThread());
		Flight other = this.flights.putIfAbsent(key, own);
		if (other == null) {
			return lead(key, own, loader);
		}
		if (other.pilot == Thread.currentThread()) { // the loader asks for its own key
			return loader.call();
		}
		return follow(other, loader);
	}

	private @Nullable Object lead(String key, Flight flight, Callable<?> loader) throws Exception {
		try {
			Object value = loader.call();
			this.flights.remove(key, flight);
			flight.outcome.complete(value);
			return value;
		}
		catch (Throwable ex) {
			this.flights.remove(key, flight);
			flight.outcome.completeExceptionally(ex);
			throw ex;
		}
	}

	private @Nullable Object follow(Flight flight, Callable<?> loader) throws Exception {
		try {
			return flight.outcome.get(this.patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		catch (TimeoutException ex) {
			return loader.call();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return loader.call();
		}
	}

	/**
	 * As {@link #load}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> loadAsync(String key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		Flight own = new Flight(null);
		Flight other = this.flights.putIfAbsent(key, own);
		if (other != null) {
			return followAsync(other, loader);
		}
		call(loader).whenComplete((value, failure) -> {
			this.flights.remove(key, own);
			if (failure == null) {
				own.outcome.complete(value);
			}
			else {
				own.outcome.completeExceptionally(failure);
			}
		});
		return own.outcome.copy();
	}

	private CompletableFuture<@Nullable Object> followAsync(Flight flight,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		return flight.outcome.copy()
			.orTimeout(this.patience.toNanos(), TimeUnit.NANOSECONDS)
			.exceptionallyCompose((failure) -> {
				boolean impatient = failure instanceof TimeoutException && !flight.outcome.isDone();
				return impatient ? call(loader).thenApply((value) -> (Object) value)
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

	private static CompletableFuture<? extends @Nullable Object> call(
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		try {
			return loader.get();
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * A load under way. The pilot is the thread that runs it, if it is one thread.
	 */
	private static final class Flight {

		private final @Nullable Thread pilot;

		private final CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();

		Flight(@Nullable Thread pilot) {
			this.pilot = pilot;
		}

	}

}
