package io.psqache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Reads entries of one cache, keys as stored, counts hits and misses, and has what is
 * missing loaded. Thread-safe.
 */
final class ReadThrough {

	private final CacheEntries entries;

	private final Loads loads;

	private final CacheStatistics statistics;

	private final boolean shares;

	ReadThrough(CacheCore cache, CacheEntries entries) {
		this.entries = entries;
		this.loads = new Loads(cache, entries);
		this.statistics = cache.statistics();
		this.shares = cache.settings().loading().singleFlight() != SingleFlightScope.NONE;
	}

	@Nullable ValueWrapper read(String key) {
		return counted(this.entries.read(key));
	}

	CompletableFuture<@Nullable ValueWrapper> readAsync(String key) {
		return this.entries.readAsync(key).thenApply(this::counted);
	}

	/**
	 * Read, for who is going to load and put what is not there.
	 */
	Lookup readOrFence(String key) {
		Lookup lookup = this.entries.readOrFence(key);
		counted(lookup);
		return lookup;
	}

	CompletableFuture<Lookup> readOrFenceAsync(String key) {
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
	@Nullable Object read(String key, Callable<?> loader) throws Exception {
		if (!isShared()) {
			Lookup lookup = readOrFence(key);
			ValueWrapper hit = lookup.hit();
			return (hit != null) ? hit.get() : this.loads.loadAlone(key, lookup.fence(), loader);
		}
		Lookup lookup = this.entries.read(key);
		ValueWrapper hit = counted(lookup);
		return (hit != null) ? hit.get() : this.loads.load(key, lookup, loader);
	}

	/**
	 * What a transaction loads may hold what it has not committed, and it may have begun
	 * before what others load: nothing is shared.
	 */
	private boolean isShared() {
		return this.shares && !this.entries.inTransaction();
	}

	/**
	 * As {@link #read(String, Callable)}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> readAsync(String key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		if (this.entries.inTransaction()) {
			return readUncachedAsync(key, loader);
		}
		if (!isShared()) {
			return readOrFenceAsync(key).thenCompose((lookup) -> {
				ValueWrapper hit = lookup.hit();
				return (hit != null) ? CompletableFuture.completedFuture(hit.get())
						: this.loads.loadAloneAsync(key, lookup.fence(), loader);
			});
		}
		return this.entries.readAsync(key).thenCompose((lookup) -> {
			ValueWrapper hit = counted(lookup);
			return (hit != null) ? CompletableFuture.completedFuture(hit.get())
					: this.loads.loadAsync(key, lookup, loader);
		});
	}

	/**
	 * Nor is anything cached that a transaction loads on whichever thread.
	 */
	private CompletableFuture<@Nullable Object> readUncachedAsync(String key,
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
