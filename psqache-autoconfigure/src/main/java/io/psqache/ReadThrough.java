package io.psqache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Reads entries of one cache from the database, counts hits and misses, and has what is
 * missing loaded. Thread-safe.
 */
final class ReadThrough {

	private final CacheEntries entries;

	private final Loads loads;

	private final Refreshes refreshes;

	private final CacheStatistics statistics;

	private final boolean shares;

	ReadThrough(CacheCore cache, CacheEntries entries) {
		this.entries = entries;
		this.loads = new Loads(cache, entries);
		this.refreshes = new Refreshes(cache, entries);
		this.statistics = cache.statistics();
		this.shares = cache.settings().loading().singleFlight() != SingleFlightScope.NONE;
	}

	@Nullable ValueWrapper read(CacheKey key) {
		return counted(this.entries.read(key));
	}

	CompletableFuture<@Nullable ValueWrapper> readAsync(CacheKey key) {
		return this.entries.readAsync(key).thenApply(this::counted);
	}

	/**
	 * Read, for who is going to load and put what is not there, or what is for him to
	 * refresh.
	 */
	Lookup readOrFence(CacheKey key) {
		Lookup lookup = this.refreshes.orMiss(key, this.entries.readOrFence(key));
		counted(lookup);
		return lookup;
	}

	CompletableFuture<Lookup> readOrFenceAsync(CacheKey key) {
		return this.entries.readOrFenceAsync(key)
			.thenCompose((read) -> this.refreshes.orMissAsync(key, read))
			.thenApply((lookup) -> {
				counted(lookup);
				return lookup;
			});
	}

	/**
	 * Who was told by {@link #readOrFence} that there is nothing has put what he loaded.
	 */
	void afterPut(String key) {
		this.refreshes.afterPut(key);
	}

	/**
	 * Read, or load and write. If the value cannot be written it is returned all the
	 * same.
	 * @throws Exception what the loader threw
	 */
	@Nullable Object read(CacheKey key, Callable<?> loader) throws Exception {
		boolean shared = isShared();
		Lookup lookup = shared ? this.entries.read(key) : this.entries.readOrFence(key);
		ValueWrapper hit = counted(lookup);
		if (hit != null) {
			this.refreshes.afterRead(key, lookup, loader);
			return hit.get();
		}
		return shared ? this.loads.load(key, lookup, loader) : this.loads.loadAlone(key, lookup.fence(), loader);
	}

	/**
	 * What a transaction loads may hold what it has not committed, and it may have begun
	 * before what others load: nothing is shared.
	 */
	private boolean isShared() {
		return this.shares && !this.entries.inTransaction();
	}

	/**
	 * As {@link #read(CacheKey, Callable)}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> readAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		if (this.entries.inTransaction()) {
			return readUncachedAsync(key, loader);
		}
		boolean shared = isShared();
		CompletableFuture<Lookup> read = shared ? this.entries.readAsync(key) : this.entries.readOrFenceAsync(key);
		return read.thenCompose((lookup) -> {
			ValueWrapper hit = counted(lookup);
			if (hit != null) {
				this.refreshes.afterReadAsync(key, lookup, loader);
				return CompletableFuture.completedFuture(hit.get());
			}
			return shared ? this.loads.loadAsync(key, lookup, loader)
					: this.loads.loadAloneAsync(key, lookup.fence(), loader);
		});
	}

	/**
	 * Nor is anything cached that a transaction loads on whichever thread.
	 */
	private CompletableFuture<@Nullable Object> readUncachedAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		return readAsync(key).thenCompose((hit) -> (hit != null) ? CompletableFuture.completedFuture(hit.get())
				: loader.get().<@Nullable Object>thenApply((value) -> value));
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
