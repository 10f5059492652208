package io.psqache.load;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.codec.CacheKey;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Reads entries of one cache from the database, counts hits and misses, and has what is
 * missing loaded. Thread-safe.
 */
public final class ReadThrough {

	private final EntryReader reader;

	private final Loads loads;

	private final Refreshes refreshes;

	private final boolean shares;

	/**
	 * Create it.
	 * @param loading what all views of the cache share of its loads
	 * @param reader reads the entries
	 * @param writer writes them
	 */
	public ReadThrough(Loading loading, EntryReader reader, EntryWriter writer) {
		this.reader = reader;
		this.loads = new Loads(loading, reader, writer);
		this.refreshes = new Refreshes(loading, reader, writer);
		this.shares = loading.settings().singleFlight() != SingleFlightScope.NONE;
	}

	/**
	 * Read, and load nothing.
	 * @param key the key
	 * @return the value; {@code null} if there is none
	 */
	public @Nullable ValueWrapper read(CacheKey key) {
		return counted(this.reader.read(key));
	}

	/**
	 * As {@link #read(CacheKey)}, without waiting.
	 * @param key the key
	 * @return the value; {@code null} if there is none
	 */
	public CompletableFuture<@Nullable ValueWrapper> readAsync(CacheKey key) {
		return this.reader.readAsync(key).thenApply(this::counted);
	}

	/**
	 * Read, for who is going to load and put what is not there, or what is for him to
	 * refresh.
	 * @param key the key
	 * @return what was found; a miss if it is for him to load
	 */
	public Lookup readOrFence(CacheKey key) {
		Lookup lookup = this.refreshes.orMiss(key, this.reader.readOrFence(key));
		counted(lookup);
		return lookup;
	}

	/**
	 * As {@link #readOrFence}, without waiting.
	 * @param key the key
	 * @return what was found; a miss if it is for him to load
	 */
	public CompletableFuture<Lookup> readOrFenceAsync(CacheKey key) {
		return this.reader.readOrFenceAsync(key)
			.thenCompose((read) -> this.refreshes.orMissAsync(key, read))
			.thenApply((lookup) -> {
				counted(lookup);
				return lookup;
			});
	}

	/**
	 * Who was told by {@link #readOrFence} that there is nothing has put what he loaded.
	 * @param key the stored key
	 */
	public void afterPut(String key) {
		this.refreshes.afterPut(key);
	}

	/**
	 * Read, or load and write. If the value cannot be written it is returned all the
	 * same. What a transaction loads may hold what it has not committed, and it may have
	 * begun before what others load: it shares nothing.
	 * @param key the key
	 * @param loader makes the value if there is none, or a new one if it is old
	 * @return the value, {@code null} if the loader found none
	 * @throws Exception what the loader threw, or that of another caller whose load this
	 * one shares
	 */
	public @Nullable Object read(CacheKey key, Callable<?> loader) throws Exception {
		boolean shared = this.shares && !this.reader.inTransaction();
		Lookup lookup = shared ? this.reader.read(key) : this.reader.readOrFence(key);
		ValueWrapper hit = counted(lookup);
		if (hit != null) {
			this.refreshes.afterRead(key, lookup, loader);
			return hit.get();
		}
		return shared ? this.loads.load(key, lookup, loader) : this.loads.loadAlone(key, lookup.fence(), loader);
	}

	/**
	 * As {@link #read(CacheKey, Callable)}, for a loader that blocks nobody.
	 * @param key the key
	 * @param loader makes the value if there is none, or a new one if it is old
	 * @return the value, {@code null} if the loader found none; fails with what the
	 * loader threw
	 */
	public CompletableFuture<@Nullable Object> readAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		if (this.reader.inTransaction()) {
			return readUncachedAsync(key, loader);
		}
		CompletableFuture<Lookup> read = this.shares ? this.reader.readAsync(key) : this.reader.readOrFenceAsync(key);
		return read.thenCompose((lookup) -> {
			ValueWrapper hit = counted(lookup);
			if (hit != null) {
				this.refreshes.afterReadAsync(key, lookup, loader);
				return CompletableFuture.completedFuture(hit.get());
			}
			return this.shares ? this.loads.loadAsync(key, lookup, loader)
					: this.loads.loadAloneAsync(key, lookup.fence(), loader);
		});
	}

	/**
	 * What a transaction has loaded, on whichever thread, is neither shared nor cached.
	 */
	private CompletableFuture<@Nullable Object> readUncachedAsync(CacheKey key,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		return readAsync(key).thenCompose((hit) -> (hit != null) ? CompletableFuture.completedFuture(hit.get())
				: loader.get().<@Nullable Object>thenApply((value) -> value));
	}

	private @Nullable ValueWrapper counted(Lookup lookup) {
		this.reader.count(lookup);
		return lookup.hit();
	}

}
