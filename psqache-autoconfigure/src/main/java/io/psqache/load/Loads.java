package io.psqache.load;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.psqache.codec.CacheKey;
import io.psqache.load.LoadTurns.Turn;
import io.psqache.load.SingleFlight.Flight;
import io.psqache.load.SingleFlight.Loaded;
import io.psqache.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Loads what is missing in one cache, and writes it. Who misses a key while it is being
 * loaded waits for that, in this instance of the application or in all of them, as the
 * cache is set. Thread-safe.
 */
final class Loads {

	/**
	 * How long a caller waits for a load that another one began.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(30);

	private final EntryReader reader;

	private final EntryWriter writer;

	private final SingleFlight flights;

	private final LoadTurns turns;

	private final LoadStatistics statistics;

	private final LoaderCalls loaders;

	private final LoadThreads threads;

	private final StaleValues staleValues;

	private final LoadTimeLimit timeLimit;

	Loads(Loading loading, EntryReader reader, EntryWriter writer) {
		this.reader = reader;
		this.writer = writer;
		this.flights = loading.flights();
		this.turns = loading.turns();
		this.statistics = loading.statistics();
		this.loaders = new LoaderCalls(loading);
		this.threads = loading.threads();
		this.staleValues = new StaleValues(loading, reader);
		this.timeLimit = new LoadTimeLimit(loading, this.staleValues);
	}

	/**
	 * Load after a miss, unless someone else does.
	 * @throws Exception what the loader threw, this one or that of another caller in this
	 * JVM
	 */
	@Nullable Object load(CacheKey key, Lookup miss, Callable<?> loader) throws Exception {
		Patience patience = new Patience(PATIENCE);
		if (this.timeLimit.isSet()) {
			return await(this.timeLimit.on(key, this.flights.loadAsync(key.stored(),
					(flight) -> elsewhere(() -> loadInTurn(flight, key, miss, loader, patience)))));
		}
		return this.flights.load(key.stored(), (flight) -> loadInTurn(flight, key, miss, loader, patience));
	}

	/**
	 * On a thread that goes on when the caller does not wait any more; on his own if
	 * there is none to be had.
	 */
	private <T> CompletableFuture<T> elsewhere(Callable<T> load) {
		CompletableFuture<T> loaded = new CompletableFuture<>();
		Runnable task = () -> {
			try {
				loaded.complete(load.call());
			}
			catch (Throwable ex) {
				loaded.completeExceptionally(ex);
			}
		};
		if (!this.threads.run(task)) {
			task.run();
		}
		return loaded;
	}

	private static @Nullable Object await(CompletableFuture<@Nullable Object> load) throws Exception {
		try {
			return load.get();
		}
		catch (ExecutionException ex) {
			Throwable cause = LoadFailure.unwrapped(ex);
			if (cause instanceof Error error) {
				throw error;
			}
			throw (cause instanceof Exception exception) ? exception : ex;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ex;
		}
	}

	/**
	 * Whoever waited looks before he takes his turn, and again after it: the value may
	 * have been stored in between.
	 */
	private Loaded loadInTurn(Flight flight, CacheKey key, Lookup miss, Callable<?> loader, Patience patience)
			throws Exception {
		Turn turn = turn(key, miss);
		if (turn == null) {
			this.statistics.leaseWait();
		}
		while (turn == null) {
			boolean patient = patience.pause();
			Lookup lookup = this.reader.read(key);
			ValueWrapper present = lookup.hit();
			if (present != null) {
				this.statistics.shared();
				return mayBeOld(present);
			}
			turn = patient ? turn(key, lookup) : Turn.FREE;
		}
		try (Turn taken = turn) {
			return loadUnlessPresent(flight, key, miss, loader);
		}
	}

	/**
	 * What was read while others came: one of them may know of a change that is later.
	 * They read once more.
	 */
	private static Loaded mayBeOld(ValueWrapper present) {
		return new Loaded(present.get(), false);
	}

	private @Nullable Turn turn(CacheKey key, Lookup lookup) {
		return lookup.failed() ? Turn.FREE : this.turns.take(key.stored());
	}

	/**
	 * Another load may have ended between the miss and the start of this one. Whoever
	 * comes once the value is being written must not share it: he may know of a change
	 * that it comes too late for.
	 */
	private Loaded loadUnlessPresent(Flight flight, CacheKey key, Lookup miss, Callable<?> loader) throws Exception {
		Lookup lookup = miss.failed() ? miss : this.reader.readOrFence(key);
		ValueWrapper present = lookup.hit();
		if (present != null) {
			this.statistics.shared();
			return mayBeOld(present);
		}
		Object value;
		try {
			value = this.loaders.call(loader);
		}
		catch (Exception ex) {
			flight.close();
			return Loaded.current(this.staleValues.orThrow(key, ex).get());
		}
		flight.close();
		return new Loaded(value, this.writer.loaded(key.stored(), value, lookup.fence()));
	}

	/**
	 * Load whatever others do.
	 */
	@Nullable Object loadAlone(CacheKey key, @Nullable Fence fence, Callable<?> loader) throws Exception {
		if (this.timeLimit.isSet() && !this.reader.inTransaction()) {
			return await(this.timeLimit.on(key, elsewhere(() -> loadHere(key, fence, loader))));
		}
		return loadHere(key, fence, loader);
	}

	private @Nullable Object loadHere(CacheKey key, @Nullable Fence fence, Callable<?> loader) throws Exception {
		Object value;
		try {
			value = this.loaders.call(loader);
		}
		catch (Exception ex) {
			return this.staleValues.orThrow(key, ex).get();
		}
		this.writer.loaded(key.stored(), value, fence);
		return value;
	}

	/**
	 * As {@link #load}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> loadAsync(CacheKey key, Lookup miss,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		Patience patience = new Patience(PATIENCE);
		return limited(key,
				this.flights.loadAsync(key.stored(), (flight) -> turnAsync(key, miss).thenCompose((turn) -> {
					if (turn == null) {
						this.statistics.leaseWait();
					}
					return loadInTurnAsync(flight, key, miss, loader, turn, patience);
				})));
	}

	private CompletableFuture<@Nullable Object> limited(CacheKey key, CompletableFuture<@Nullable Object> load) {
		return this.timeLimit.isSet() ? this.timeLimit.on(key, load) : load;
	}

	private CompletableFuture<Loaded> loadInTurnAsync(Flight flight, CacheKey key, Lookup miss,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader, @Nullable Turn turn,
			Patience patience) {
		if (turn != null) {
			return CompletableFuture.completedFuture(null)
				.thenCompose((any) -> loadUnlessPresentAsync(flight, key, miss, loader))
				.whenComplete((loaded, failure) -> turn.close()); // whatever is thrown
		}
		Executor later = patience.afterPause();
		return CompletableFuture.completedFuture(null)
			.thenComposeAsync((any) -> this.reader.readAsync(key), (later != null) ? later : Runnable::run)
			.thenCompose((lookup) -> {
				ValueWrapper present = lookup.hit();
				if (present != null) {
					this.statistics.shared();
					return CompletableFuture.completedFuture(mayBeOld(present));
				}
				CompletableFuture<@Nullable Turn> next = (later != null) ? turnAsync(key, lookup)
						: CompletableFuture.completedFuture(Turn.FREE);
				return next.thenCompose((taken) -> loadInTurnAsync(flight, key, miss, loader, taken, patience));
			});
	}

	private CompletableFuture<@Nullable Turn> turnAsync(CacheKey key, Lookup lookup) {
		return lookup.failed() ? CompletableFuture.completedFuture(Turn.FREE) : this.turns.takeAsync(key.stored());
	}

	private CompletableFuture<Loaded> loadUnlessPresentAsync(Flight flight, CacheKey key, Lookup miss,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		CompletableFuture<Lookup> again = miss.failed() ? CompletableFuture.completedFuture(miss)
				: this.reader.readOrFenceAsync(key);
		return again.thenCompose((lookup) -> {
			ValueWrapper present = lookup.hit();
			if (present != null) {
				this.statistics.shared();
				return CompletableFuture.completedFuture(mayBeOld(present));
			}
			return this.loaders.callAsync(loader).thenCompose((value) -> {
				flight.close();
				return this.writer.loadedAsync(key.stored(), value, lookup.fence())
					.thenApply((current) -> new Loaded(value, current));
			}).exceptionallyCompose((failure) -> {
				flight.close();
				return this.staleValues.orFailAsync(key, failure).thenApply(Loaded::current);
			});
		});
	}

	/**
	 * As {@link #loadAlone}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> loadAloneAsync(CacheKey key, @Nullable Fence fence,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		return limited(key,
				this.loaders.callAsync(loader)
					.thenCompose((value) -> this.writer.loadedAsync(key.stored(), value, fence)
						.<@Nullable Object>thenApply((current) -> value))
					.exceptionallyCompose((failure) -> this.staleValues.orFailAsync(key, failure)));
	}

}
