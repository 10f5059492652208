package io.psqache;

import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.psqache.codec.CacheKey;
import io.psqache.codec.ValueCodec;
import io.psqache.load.ReadThrough;
import io.psqache.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * A typed view of a cache in PostgreSQL. Whatever it does is done by what
 * {@link PostgresCache} is made of. Thread-safe.
 */
final class PostgresTypedCache<K, V> implements TypedCache<K, V> {

	private final CacheCore core;

	private final EntryTypes types;

	private final Class<?> valueClass;

	private final NearReads near;

	private final CacheReads reads;

	private final CacheWrites writes;

	private final PutsIfAbsent putsIfAbsent;

	private final BulkEntries bulk;

	private final ReadThrough readThrough;

	private final Removals removals;

	PostgresTypedCache(CacheCore core, ValueCodec codec, EntryTypes types) {
		this.core = core;
		this.types = types;
		this.valueClass = types.valueClass();
		this.near = new NearReads(core, codec);
		this.reads = new CacheReads(core, codec, this.near);
		this.writes = new CacheWrites(core, codec);
		this.putsIfAbsent = new PutsIfAbsent(core, codec, this.reads);
		this.bulk = new BulkEntries(core, codec, this.near);
		this.readThrough = new ReadThrough(core.loading(), this.reads, this.writes);
		this.removals = new Removals(core);
	}

	EntryTypes types() {
		return this.types;
	}

	@Override
	public Optional<V> get(K key) {
		Object lookup = lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		return valueOf((copy != null) ? copy : this.readThrough.read(this.core.keys().ofLookup(lookup)));
	}

	@Override
	public CompletableFuture<Optional<V>> getAsync(K key) {
		Object lookup = lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		return (copy != null) ? CompletableFuture.completedFuture(valueOf(copy))
				: this.readThrough.readAsync(this.core.keys().ofLookup(lookup)).thenApply(this::valueOf);
	}

	private Optional<V> valueOf(@Nullable ValueWrapper hit) {
		return (hit != null) ? Optional.ofNullable(value(hit.get())) : Optional.empty();
	}

	@Override
	public @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader) {
		Object lookup = lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		if (copy != null) {
			return value(copy.get());
		}
		CacheKey cacheKey = this.core.keys().ofLookup(lookup);
		Object value = read(cacheKey, key, loader);
		if (isValue(value)) {
			return value(value);
		}
		Fence fence = this.reads.fence();
		V own = loader.apply(key);
		this.writes.loaded(cacheKey.stored(), own, fence);
		return own;
	}

	private @Nullable Object read(CacheKey cacheKey, K key, Function<? super K, ? extends @Nullable V> loader) {
		try {
			return this.readThrough.read(cacheKey, () -> loader.apply(key));
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) { // of a load of someone else's that may throw any
			throw new UndeclaredThrowableException(ex);
		}
	}

	@Override
	public CompletableFuture<@Nullable V> getAsync(K key,
			Function<? super K, ? extends CompletableFuture<? extends @Nullable V>> loader) {
		Object lookup = lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		if (copy != null) {
			return CompletableFuture.<@Nullable V>completedFuture(value(copy.get()));
		}
		CacheKey cacheKey = this.core.keys().ofLookup(lookup);
		return this.readThrough.readAsync(cacheKey, () -> loader.apply(key)).thenCompose((value) -> {
			if (isValue(value)) {
				return CompletableFuture.<@Nullable V>completedFuture(value(value));
			}
			return this.reads.fenceAsync()
				.thenCompose((fence) -> loader.apply(key)
					.thenCompose((own) -> this.writes.loadedAsync(cacheKey.stored(), own, fence)
						.<@Nullable V>thenApply((current) -> own)));
		});
	}

	/**
	 * Not if it was loaded by someone else, for a method of another type.
	 */
	private boolean isValue(@Nullable Object loaded) {
		return loaded == null || this.valueClass.isInstance(loaded);
	}

	@Override
	public void set(K key, V value) {
		this.writes.write(storedKey(key), present(value), this.core.settings().lifetime());
	}

	@Override
	public void set(K key, V value, Duration timeToLive) {
		this.writes.write(storedKey(key), present(value), this.core.settings().lifetime(timeToLive));
	}

	@Override
	public CompletableFuture<@Nullable Void> setAsync(K key, V value) {
		return done(this.writes.writeAsync(storedKey(key), present(value), this.core.settings().lifetime()));
	}

	@Override
	public CompletableFuture<@Nullable Void> setAsync(K key, V value, Duration timeToLive) {
		return done(this.writes.writeAsync(storedKey(key), present(value), this.core.settings().lifetime(timeToLive)));
	}

	@Override
	public boolean setIfAbsent(K key, V value) {
		return this.putsIfAbsent.put(storedKey(key), present(value));
	}

	@Override
	public CompletableFuture<Boolean> setIfAbsentAsync(K key, V value) {
		return this.putsIfAbsent.putAsync(storedKey(key), present(value));
	}

	@Override
	public boolean delete(K key) {
		return this.removals.evictIfPresent(storedKey(key));
	}

	@Override
	public CompletableFuture<Boolean> deleteAsync(K key) {
		return this.removals.evictAsync(storedKey(key));
	}

	@Override
	public boolean has(K key) {
		return timeToLive(key).isPresent();
	}

	@Override
	public CompletableFuture<Boolean> hasAsync(K key) {
		return timeToLiveAsync(key).thenApply(Optional::isPresent);
	}

	@Override
	public Optional<Duration> timeToLive(K key) {
		return this.reads.peek(storedKey(key));
	}

	@Override
	public CompletableFuture<Optional<Duration>> timeToLiveAsync(K key) {
		return this.reads.peekAsync(storedKey(key));
	}

	@Override
	public Map<K, V> getAll(Collection<? extends K> keys) {
		Map<K, CacheKey> cacheKeys = cacheKeys(keys);
		return values(cacheKeys, this.bulk.read(cacheKeys.values()));
	}

	@Override
	public CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys) {
		Map<K, CacheKey> cacheKeys = cacheKeys(keys);
		return this.bulk.readAsync(cacheKeys.values()).thenApply((values) -> values(cacheKeys, values));
	}

	private Map<K, CacheKey> cacheKeys(Collection<? extends K> keys) {
		Map<K, CacheKey> cacheKeys = new LinkedHashMap<>();
		keys.forEach((key) -> cacheKeys.put(key, this.core.keys().of(presentKey(key))));
		return cacheKeys;
	}

	private Map<K, V> values(Map<K, CacheKey> cacheKeys, Map<String, Object> found) {
		Map<K, V> values = new LinkedHashMap<>();
		cacheKeys.forEach((key, cacheKey) -> {
			V value = value(found.get(cacheKey.stored()));
			if (value != null) {
				values.put(key, value);
			}
		});
		return values;
	}

	@Override
	public void setAll(Map<? extends K, ? extends V> entries) {
		this.bulk.write(stored(entries));
	}

	@Override
	public CompletableFuture<@Nullable Void> setAllAsync(Map<? extends K, ? extends V> entries) {
		return this.bulk.writeAsync(stored(entries));
	}

	private Map<String, Object> stored(Map<? extends K, ? extends V> entries) {
		Map<String, Object> stored = new LinkedHashMap<>();
		entries.forEach((key, value) -> stored.put(storedKey(key), present(value)));
		return stored;
	}

	@Override
	public long deleteAll(Collection<? extends K> keys) {
		return this.removals.evictAll(storedKeySet(keys));
	}

	@Override
	public CompletableFuture<Long> deleteAllAsync(Collection<? extends K> keys) {
		return this.removals.evictAllAsync(storedKeySet(keys));
	}

	private Set<String> storedKeySet(Collection<? extends K> keys) {
		Set<String> storedKeys = new LinkedHashSet<>();
		keys.forEach((key) -> storedKeys.add(storedKey(key)));
		return storedKeys;
	}

	@Override
	public void clear() {
		this.removals.clear();
	}

	@Override
	public CompletableFuture<@Nullable Void> clearAsync() {
		return done(this.removals.clearAsync());
	}

	private String storedKey(K key) {
		return this.core.keys().stored(presentKey(key));
	}

	private Object lookup(K key) {
		return this.core.keys().lookup(presentKey(key));
	}

	private Object presentKey(K key) {
		return Objects.requireNonNull(key,
				() -> "A key of cache '%s' is null. Use a value that stands for it.".formatted(this.core.name()));
	}

	private Object present(V value) {
		return Objects.requireNonNull(value,
				() -> "A value for cache '%s' is null. Only a loader may find none: delete the entry instead."
					.formatted(this.core.name()));
	}

	private static CompletableFuture<@Nullable Void> done(CompletableFuture<?> future) {
		return future.thenAccept((any) -> {
		});
	}

	/**
	 * Its class was checked, and its type arguments by the codec that read it.
	 */
	@SuppressWarnings("unchecked")
	private @Nullable V value(@Nullable Object value) {
		return (V) value;
	}

}
