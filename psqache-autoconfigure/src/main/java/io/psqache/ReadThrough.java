package io.psqache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Reads entries of one cache from the database, counts hits and misses, and loads what is
 * missing, once for all who miss it together. Thread-safe.
 */
final class ReadThrough {

	private final CacheEntries entries;

	private final SingleFlight loads;

	private final CacheStatistics statistics;

	ReadThrough(CacheEntries entries, SingleFlight loads, CacheStatistics statistics) {
		this.entries = entries;
		this.loads = loads;
		this.statistics = statistics;
	}

	@Nullable ValueWrapper read(CacheKey key) {
		return counted(this.entries.read(key));
	}

	CompletableFuture<@Nullable ValueWrapper> readAsync(CacheKey key) {
		return this.entries.readAsync(key).thenApply(this::counted);
	}

	/**
	 * Read, for who is going to load and put what is not there.
	 */
	Lookup readOrFence(CacheKey key) {
		Lookup lookup = this.entries.readOrFence(key);
		counted(lookup);
		return lookup;
	}

	CompletableFuture<Lookup> readOrFenceAsync(CacheKey key) {
		return this.entries.readOrFenceAsync(key).thenApply((lookup) -> {
			counted(lookup);
			return lookup;
		});
	}

	/**
	 * Read, or load and write. If the value cannot be written it is returned all the
	 * same.
	 * @throws Exception what the loader threw
	 */
	@Nullable Object read(CacheKey key, Callable<?> loader) throws Exception {
		if (this.entries.inTransaction()) {
			return readAlone(key, loader);
		}
		Lookup lookup = this.entries.read(key);
		ValueWrapper hit = counted(lookup);
		return (hit != null) ? hit.get()
				: this.loads.load(key.stored(), (flight) -> loadUnlessPresent(flight, key, lookup, loader));
	}

	/**
	 * What a transaction loads may hold what it has not committed, and it may have begun
	 * before what others load: nothing is shared.
	 */
	private @Nullable Object readAlone(CacheKey key, Callable<?> loader) throws Exception {
		Lookup lookup = readOrFence(key);
		ValueWrapper hit = lookup.hit();
		if (hit != null) {
			return hit.get();
		}
		Object value = loader.call();
		this.entries.loaded(key.stored(), value, lookup.fence());
		return value;
	}

	/**
	 * Another load may have ended between the miss and the start of this one. Whoever
	 * comes once the value is being written must not share it: he may know of a change
	 * that it comes too late for.
	 */
	private SingleFlight.Loaded loadUnlessPresent(SingleFlight.Flight flight, CacheKey key, Lookup miss,
			Callable<?> loader) throws Exception {
		Lookup lookup = miss.failed() ? miss : this.entries.readOrFence(key);
		ValueWrapper present = lookup.hit();
		if (present != null) {
			return SingleFlight.Loaded.current(present.get());
		}
		Object value = loader.call();
		flight.close();
		return new SingleFlight.Loaded(value, this.entries.loaded(key.stored(), value, lookup.fence()));
	}

	/**
	 * As {@link #read(CacheKey, Callable)}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> readAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		if (this.entries.inTransaction()) {
			return readAloneAsync(key, loader);
		}
		return this.entries.readAsync(key).thenCompose((lookup) -> {
			ValueWrapper hit = counted(lookup);
			return (hit != null) ? CompletableFuture.completedFuture(hit.get()) : this.loads.loadAsync(key.stored(),
					(flight) -> loadUnlessPresentAsync(flight, key, lookup, loader));
		});
	}

	/**
	 * Nor is anything cached that is loaded on whichever thread.
	 */
	private CompletableFuture<@Nullable Object> readAloneAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		return readAsync(key).thenCompose((hit) -> (hit != null) ? CompletableFuture.completedFuture(hit.get())
				: loader.get().<@Nullable Object>thenApply((value) -> value));
	}

	private CompletableFuture<SingleFlight.Loaded> loadUnlessPresentAsync(SingleFlight.Flight flight, CacheKey key,
			Lookup miss, Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		CompletableFuture<Lookup> again = miss.failed() ? CompletableFuture.completedFuture(miss)
				: this.entries.readOrFenceAsync(key);
		return again.thenCompose((lookup) -> {
			ValueWrapper present = lookup.hit();
			if (present != null) {
				return CompletableFuture.completedFuture(SingleFlight.Loaded.current(present.get()));
			}
			return loader.get().thenCompose((value) -> {
				flight.close();
				return this.entries.loadedAsync(key.stored(), value, lookup.fence())
					.thenApply((current) -> new SingleFlight.Loaded(value, current));
			});
		});
	}

	private @Nullable ValueWrapper counted(Lookup lookup) {
		if (lookup.hit() != null) {
			this.statistics.hit();
		}
		else {
			this.statistics.miss();
		}
		return lookup.hit();
	}

}
