/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.cache;

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

import io.psqache.PostgresCache;
import io.psqache.TypedCache;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.Loader;
import io.psqache.internal.load.ReadThrough;
import io.psqache.internal.store.Lifetime;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * A typed view of a cache in PostgreSQL, with the same components as
 * {@link PostgresCache}. Thread-safe.
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

	private final Evictions evictions;

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
		this.evictions = new Evictions(core);
	}

	EntryTypes types() {
		return this.types;
	}

	@Override
	public Optional<V> get(K key) {
		Object lookup = lookup(key);
		ValueWrapper nearEntry = this.near.get(lookup);
		return valueOf((nearEntry != null) ? nearEntry : CallMode.join(read(lookup, CallMode.BLOCKING)));
	}

	@Override
	public CompletableFuture<Optional<V>> getAsync(K key) {
		Object lookup = lookup(key);
		ValueWrapper nearEntry = this.near.get(lookup);
		return (nearEntry != null) ? CompletableFuture.completedFuture(valueOf(nearEntry))
				: read(lookup, CallMode.ASYNC).thenApply(this::valueOf);
	}

	private CompletableFuture<@Nullable ValueWrapper> read(Object lookup, CallMode mode) {
		return this.readThrough.read(this.core.keys().ofLookup(lookup), mode);
	}

	private Optional<V> valueOf(@Nullable ValueWrapper hit) {
		return (hit != null) ? Optional.ofNullable(value(hit.get())) : Optional.empty();
	}

	@Override
	public @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader) {
		Object lookup = lookup(key);
		ValueWrapper nearEntry = this.near.get(lookup);
		return (nearEntry != null) ? value(nearEntry.get())
				: CallMode.join(read(lookup, Loader.of(() -> loader.apply(key)), CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<@Nullable V> getAsync(K key,
			Function<? super K, ? extends CompletableFuture<? extends @Nullable V>> loader) {
		Object lookup = lookup(key);
		ValueWrapper nearEntry = this.near.get(lookup);
		return (nearEntry != null) ? CompletableFuture.<@Nullable V>completedFuture(value(nearEntry.get()))
				: read(lookup, Loader.async(() -> loader.apply(key)), CallMode.ASYNC);
	}

	/**
	 * Read or load. A shared load of another view may return a value of another type;
	 * this caller then loads too.
	 */
	private CompletableFuture<@Nullable V> read(Object lookup, Loader loader, CallMode mode) {
		CacheKey key = this.core.keys().ofLookup(lookup);
		return this.readThrough.read(key, loader, mode).thenCompose((value) -> {
			if (isValue(value)) {
				return CompletableFuture.<@Nullable V>completedFuture(value(value));
			}
			return this.reads.fence(mode)
				.thenCompose((fence) -> loader.load()
					.thenCompose((loaded) -> this.writes.loaded(key.stored(), loaded, fence, mode)
						.<@Nullable V>thenApply((current) -> value(loaded))));
		});
	}

	private boolean isValue(@Nullable Object loaded) {
		return loaded == null || this.valueClass.isInstance(loaded);
	}

	@Override
	public void set(K key, V value) {
		CallMode.join(set(key, value, this.core.lifetimes().next(), CallMode.BLOCKING));
	}

	@Override
	public void set(K key, V value, Duration timeToLive) {
		CallMode.join(set(key, value, this.core.lifetimes().of(timeToLive), CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<@Nullable Void> setAsync(K key, V value) {
		return done(set(key, value, this.core.lifetimes().next(), CallMode.ASYNC));
	}

	@Override
	public CompletableFuture<@Nullable Void> setAsync(K key, V value, Duration timeToLive) {
		return done(set(key, value, this.core.lifetimes().of(timeToLive), CallMode.ASYNC));
	}

	private CompletableFuture<Boolean> set(K key, V value, Lifetime lifetime, CallMode mode) {
		return this.writes.write(storedKey(key), present(value), lifetime, mode);
	}

	@Override
	public boolean setIfAbsent(K key, V value) {
		return CallMode.join(setIfAbsent(key, value, CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<Boolean> setIfAbsentAsync(K key, V value) {
		return setIfAbsent(key, value, CallMode.ASYNC);
	}

	private CompletableFuture<Boolean> setIfAbsent(K key, V value, CallMode mode) {
		return this.putsIfAbsent.put(storedKey(key), present(value), mode);
	}

	@Override
	public boolean delete(K key) {
		return this.evictions.evictIfPresent(storedKey(key));
	}

	@Override
	public CompletableFuture<Boolean> deleteAsync(K key) {
		return this.evictions.evictIfPresent(storedKey(key), CallMode.ASYNC);
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
		return CallMode.join(this.reads.peek(storedKey(key), CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<Optional<Duration>> timeToLiveAsync(K key) {
		return this.reads.peek(storedKey(key), CallMode.ASYNC);
	}

	@Override
	public Map<K, V> getAll(Collection<? extends K> keys) {
		return CallMode.join(getAll(keys, CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys) {
		return getAll(keys, CallMode.ASYNC);
	}

	private CompletableFuture<Map<K, V>> getAll(Collection<? extends K> keys, CallMode mode) {
		Map<K, CacheKey> cacheKeys = cacheKeys(keys);
		return this.bulk.read(cacheKeys.values(), mode).thenApply((values) -> values(cacheKeys, values));
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
		CallMode.join(this.bulk.write(stored(entries), CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<@Nullable Void> setAllAsync(Map<? extends K, ? extends V> entries) {
		return this.bulk.write(stored(entries), CallMode.ASYNC);
	}

	private Map<String, Object> stored(Map<? extends K, ? extends V> entries) {
		Map<String, Object> stored = new LinkedHashMap<>();
		entries.forEach((key, value) -> stored.put(storedKey(key), present(value)));
		return stored;
	}

	@Override
	public long deleteAll(Collection<? extends K> keys) {
		return CallMode.join(this.evictions.evictAll(storedKeySet(keys), CallMode.BLOCKING));
	}

	@Override
	public CompletableFuture<Long> deleteAllAsync(Collection<? extends K> keys) {
		return this.evictions.evictAll(storedKeySet(keys), CallMode.ASYNC);
	}

	private Set<String> storedKeySet(Collection<? extends K> keys) {
		Set<String> storedKeys = new LinkedHashSet<>();
		keys.forEach((key) -> storedKeys.add(storedKey(key)));
		return storedKeys;
	}

	@Override
	public void clear() {
		this.evictions.clear();
	}

	@Override
	public CompletableFuture<@Nullable Void> clearAsync() {
		return done(this.evictions.clear(CallMode.ASYNC));
	}

	private String storedKey(K key) {
		return this.core.keys().stored(presentKey(key));
	}

	private Object lookup(K key) {
		return this.core.keys().lookup(presentKey(key));
	}

	private Object presentKey(K key) {
		return Objects.requireNonNull(key,
				() -> ("A key of cache '%s' is null, which a typed cache does not support. Use another "
						+ "value to represent null.")
					.formatted(this.core.name()));
	}

	private Object present(V value) {
		return Objects.requireNonNull(value,
				() -> ("A value for cache '%s' is null, which only a loader may return. Delete the entry " + "instead.")
					.formatted(this.core.name()));
	}

	private static CompletableFuture<@Nullable Void> done(CompletableFuture<?> future) {
		return future.thenAccept((any) -> {
		});
	}

	/**
	 * Cast a value. Its class was checked before, and its type arguments by the codec.
	 */
	@SuppressWarnings("unchecked")
	private @Nullable V value(@Nullable Object value) {
		return (V) value;
	}

}
