package io.psqache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.codec.KeyCodec;
import io.psqache.store.EntryStore;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * A cache in PostgreSQL behind Spring's {@link Cache} contract, its asynchronous part
 * included. Thread-safe.
 * <p>
 * It fails open: a read that fails or takes too long is a miss, a write that fails leaves
 * the value uncached, and both are counted and logged. A removal that fails throws a
 * {@link CacheEvictionException}, since whoever removes an entry relies on it. On a
 * thread that must not wait (Reactor's), writes and removals are sent and not waited for:
 * their failures are logged. A key that has no stored form is an
 * {@link IllegalArgumentException} in every operation.
 */
public final class PostgresCache implements Cache {

	/**
	 * How long a caller waits for a load that another caller began.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final String name;

	private final CacheSettings settings;

	private final KeyCodec keys;

	private final CacheEntries entries;

	private final EntryStore store;

	private final CacheStatistics statistics;

	private final SingleFlight loads = new SingleFlight(PATIENCE);

	PostgresCache(String name, CacheSettings settings, KeyCodec keys, CacheEntries entries, EntryStore store,
			CacheStatistics statistics) {
		this.name = name;
		this.settings = settings;
		this.keys = keys;
		this.entries = entries;
		this.store = store;
		this.statistics = statistics;
	}

	@Override
	public String getName() {
		return this.name;
	}

	/**
	 * The store that holds the entries of this cache and of all others.
	 */
	@Override
	public EntryStore getNativeCache() {
		return this.store;
	}

	/**
	 * What this cache was set to.
	 * @return the settings
	 */
	public CacheSettings getSettings() {
		return this.settings;
	}

	/**
	 * What happened to this cache in this instance of the application.
	 * @return the live counts
	 */
	public CacheStatistics getStatistics() {
		return this.statistics;
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		return counted(this.entries.read(this.keys.encode(key)));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		ValueWrapper hit = get(key);
		Object value = (hit != null) ? hit.get() : null;
		if (value != null && type != null && !type.isInstance(value)) {
			throw new IllegalStateException("Cache '%s' holds a %s under this key, not the required %s"
				.formatted(this.name, value.getClass().getName(), type.getName()));
		}
		return (T) value;
	}

	/**
	 * Callers that miss the same key at the same time share one load, its value and its
	 * error. If the value cannot be stored it is returned all the same.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		String storedKey = this.keys.encode(key);
		Lookup lookup = this.entries.read(storedKey);
		ValueWrapper hit = counted(lookup);
		if (hit != null) {
			return (T) hit.get();
		}
		try {
			return (T) this.loads.load(storedKey, () -> loadUnlessPresent(storedKey, lookup, valueLoader));
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(key, valueLoader, ex);
		}
	}

	/**
	 * Another load may have ended between the miss and the start of this one.
	 */
	private @Nullable Object loadUnlessPresent(String storedKey, Lookup miss, Callable<?> valueLoader)
			throws Exception {
		ValueWrapper present = miss.failed() ? null : this.entries.read(storedKey).hit();
		if (present != null) {
			return present.get();
		}
		Object value = valueLoader.call();
		if (miss.failed()) {
			this.entries.loadedAsync(storedKey, value); // one time limit is enough
		}
		else {
			this.entries.loaded(storedKey, value);
		}
		return value;
	}

	@Override
	public CompletableFuture<?> retrieve(Object key) {
		return this.entries.readAsync(this.keys.encode(key)).thenApply(this::counted);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		String storedKey = this.keys.encode(key);
		return this.entries.readAsync(storedKey).thenCompose((lookup) -> {
			ValueWrapper hit = counted(lookup);
			return (CompletableFuture<T>) ((hit != null) ? CompletableFuture.completedFuture(hit.get())
					: this.loads.loadAsync(storedKey, () -> loadUnlessPresentAsync(storedKey, lookup, valueLoader)));
		});
	}

	private <T> CompletableFuture<? extends @Nullable Object> loadUnlessPresentAsync(String storedKey, Lookup miss,
			Supplier<CompletableFuture<T>> valueLoader) {
		CompletableFuture<Lookup> again = miss.failed() ? CompletableFuture.completedFuture(miss)
				: this.entries.readAsync(storedKey);
		return again.thenCompose((lookup) -> {
			ValueWrapper present = lookup.hit();
			if (present != null) {
				return CompletableFuture.completedFuture(present.get());
			}
			return valueLoader.get()
				.thenCompose((value) -> this.entries.loadedAsync(storedKey, value).thenApply((written) -> value));
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

	/**
	 * Where {@code null} values are not cached, putting one removes the entry.
	 */
	@Override
	public void put(Object key, @Nullable Object value) {
		this.entries.write(this.keys.encode(key), value);
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		return this.entries.writeIfAbsent(this.keys.encode(key), value).hit();
	}

	/**
	 * Remove an entry.
	 * @throws CacheEvictionException if it cannot be removed
	 */
	@Override
	public void evict(Object key) {
		evictIfPresent(key);
	}

	/**
	 * Remove an entry.
	 * @throws CacheEvictionException if it cannot be removed
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		String storedKey = this.keys.encode(key);
		this.loads.forget(storedKey);
		return this.entries.evict(storedKey);
	}

	/**
	 * Remove all entries, at a cost that does not depend on their number.
	 * @throws CacheEvictionException if they cannot be removed
	 */
	@Override
	public void clear() {
		this.loads.forgetAll();
		this.entries.clear();
	}

	/**
	 * As {@link #clear()}, and tell whether there was any entry.
	 * @throws CacheEvictionException if they cannot be removed
	 */
	@Override
	public boolean invalidate() {
		this.loads.forgetAll();
		return this.entries.invalidate();
	}

}
