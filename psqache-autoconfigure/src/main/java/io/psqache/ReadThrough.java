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
	 * Read, or load and write. If the value cannot be written it is returned all the
	 * same.
	 * @throws Exception what the loader threw
	 */
	@Nullable Object read(CacheKey key, Callable<?> loader) throws Exception {
		Lookup lookup = this.entries.read(key);
		ValueWrapper hit = counted(lookup);
		return (hit != null) ? hit.get() : this.loads.load(key.stored(), () -> loadUnlessPresent(key, lookup, loader));
	}

	/**
	 * Another load may have ended between the miss and the start of this one.
	 */
	private @Nullable Object loadUnlessPresent(CacheKey key, Lookup miss, Callable<?> loader) throws Exception {
		ValueWrapper present = miss.failed() ? null : this.entries.read(key).hit();
		if (present != null) {
			return present.get();
		}
		Object value = loader.call();
		if (miss.failed()) {
			this.entries.loadedAsync(key.stored(), value); // one time limit is enough
		}
		else {
			this.entries.loaded(key.stored(), value);
		}
		return value;
	}

	/**
	 * As {@link #read(CacheKey, Callable)}, for a loader that blocks nobody.
	 */
	CompletableFuture<@Nullable Object> readAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		return this.entries.readAsync(key).thenCompose((lookup) -> {
			ValueWrapper hit = counted(lookup);
			return (hit != null) ? CompletableFuture.completedFuture(hit.get())
					: this.loads.loadAsync(key.stored(), () -> loadUnlessPresentAsync(key, lookup, loader));
		});
	}

	private CompletableFuture<? extends @Nullable Object> loadUnlessPresentAsync(CacheKey key, Lookup miss,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		CompletableFuture<Lookup> again = miss.failed() ? CompletableFuture.completedFuture(miss)
				: this.entries.readAsync(key);
		return again.thenCompose((lookup) -> {
			ValueWrapper present = lookup.hit();
			if (present != null) {
				return CompletableFuture.<@Nullable Object>completedFuture(present.get());
			}
			return loader.get()
				.thenCompose((value) -> this.entries.loadedAsync(key.stored(), value)
					.<@Nullable Object>thenApply((written) -> value));
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
