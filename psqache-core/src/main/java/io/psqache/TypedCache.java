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

package io.psqache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A cache for direct use: see
 * {@link PostgresCacheManager#typedCache(String, Class, Class)}. It shares entries,
 * settings, counters and loads in progress with the {@link PostgresCache} of the same
 * name. Thread-safe.
 * <p>
 * <b>Failures.</b> While PostgreSQL does not answer, reads find nothing, {@link #set} and
 * {@link #setIfAbsent} write nothing, and loaders are called. These failures are counted
 * and logged, and throw nothing. {@link #delete}, {@link #deleteAll} and {@link #clear}
 * are repeated from the backlog and report that no entry existed. An eviction that
 * PostgreSQL refuses throws a {@link CacheEvictionException}. {@link #setAll} throws a
 * {@link CacheWriteException}. An entry that cannot be read, or whose value is not a
 * {@code V}, is a miss.
 * <p>
 * <b>Nulls.</b> Keys and values must not be {@code null}. Only a loader may return
 * {@code null}, which is cached if {@code cache-null-values} is set. For such an entry,
 * {@link #get(Object)} is empty and {@link #has} is {@code true}.
 * <p>
 * <b>Keys</b> with equal stored forms, such as {@code 1} and {@code 1L}, are equal. A key
 * without a stored form causes an {@link IllegalArgumentException}, which asynchronous
 * operations throw immediately.
 * <p>
 * <b>Asynchronous operations</b> do not block. They use the value as it is at the time of
 * the call, and their futures complete on separate threads. Writes of one thread to one
 * key keep their order. Bulk calls of more than 1,000 entries or 4 MB are sent in
 * portions: wait for their end before writing to the same keys. The synchronous
 * operations wait up to {@code psqache.timeout}, bulk calls as long as PostgreSQL keeps
 * answering. On non-blocking threads (Reactor's), use the asynchronous operations.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface TypedCache<K, V> {

	/**
	 * Read an entry.
	 * @param key the key
	 * @return the value, or empty if there is none
	 */
	Optional<V> get(K key);

	/**
	 * Read an entry, or load and store its value. Callers of this instance that miss a
	 * key at the same time share one load, its value and its exception, including
	 * {@code @Cacheable(sync = true)} methods.
	 * @param key the key
	 * @param loader computes the value; its exceptions are propagated unchanged
	 * @return the value; {@code null} only if the loader returned {@code null}
	 */
	@Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader);

	/**
	 * Write an entry with the time-to-live of the cache, and replace any existing one.
	 * @param key the key
	 * @param value the value
	 */
	void set(K key, V value);

	/**
	 * Write an entry with its own time-to-live, and replace any existing one.
	 * @param key the key
	 * @param value the value
	 * @param timeToLive the time to expiry, with microsecond precision and without
	 * jitter; {@link Duration#ZERO} if the entry never expires. The time-to-idle of the
	 * cache applies as well
	 * @throws IllegalArgumentException if it is negative, or longer than
	 * {@link CacheSettings#MAX_TIME_TO_LIVE}
	 */
	void set(K key, V value, Duration timeToLive);

	/**
	 * Write an entry unless one exists, including a cached {@code null}.
	 * @param key the key
	 * @param value the value
	 * @return whether it was written; {@code false} also if PostgreSQL did not answer, or
	 * if an unreadable entry exists
	 */
	boolean setIfAbsent(K key, V value);

	/**
	 * Evict an entry.
	 * @param key the key
	 * @return whether an entry existed
	 * @throws CacheEvictionException if PostgreSQL refuses the eviction
	 */
	boolean delete(K key);

	/**
	 * Return whether an entry exists, without reading its value. Counts neither as a hit
	 * nor as a miss, and does not extend the lifetime of the entry.
	 * @param key the key
	 * @return whether an entry exists, including a cached {@code null}
	 */
	boolean has(K key);

	/**
	 * Read several entries, up to 1,000 per statement.
	 * @param keys the keys
	 * @return a new modifiable map of the values found, in the order of the keys.
	 * Incomplete if PostgreSQL stops answering, which counts as a failure
	 */
	Map<K, V> getAll(Collection<? extends K> keys);

	/**
	 * Write several entries, up to 128 and 1 MB per statement.
	 * @param entries the values by key
	 * @throws CacheWriteException if not all entries were stored
	 */
	void setAll(Map<? extends K, ? extends V> entries);

	/**
	 * Evict several entries, up to 1,000 per statement.
	 * @param keys the keys
	 * @return the number of entries that existed
	 * @throws CacheEvictionException if PostgreSQL refuses an eviction
	 */
	long deleteAll(Collection<? extends K> keys);

	/**
	 * Evict all entries, in constant time. Asynchronous writes in progress may be
	 * executed afterwards: wait for them first.
	 * @throws CacheEvictionException if PostgreSQL refuses the eviction
	 */
	void clear();

	/**
	 * Return the remaining lifetime of an entry by the database's clock. Has no effect on
	 * counters and lifetime, as {@link #has}.
	 * @param key the key
	 * @return the time until expiry, with microsecond precision, {@link Duration#ZERO} if
	 * the entry never expires, or empty if there is no entry
	 */
	Optional<Duration> timeToLive(K key);

	/**
	 * Read an entry, as {@link #get(Object)}.
	 * @param key the key
	 * @return a future of the value, or of an empty value if there is none; it never
	 * fails
	 */
	CompletableFuture<Optional<V>> getAsync(K key);

	/**
	 * Read an entry, or load and store its value, as {@link #get(Object, Function)}.
	 * @param key the key
	 * @param loader starts the computation of the value, and must not block. Callers that
	 * miss a key at the same time share one load
	 * @return a future of the value, {@code null} only if the loader's future completed
	 * with {@code null}. It fails with the exception of the loader or of its future
	 */
	CompletableFuture<@Nullable V> getAsync(K key,
			Function<? super K, ? extends CompletableFuture<? extends @Nullable V>> loader);

	/**
	 * Write an entry, as {@link #set(Object, Object)}.
	 * @param key the key
	 * @param value the value
	 * @return a future that completes when the write has succeeded or failed; it never
	 * fails
	 */
	CompletableFuture<@Nullable Void> setAsync(K key, V value);

	/**
	 * Write an entry with its own time-to-live, as
	 * {@link #set(Object, Object, Duration)}.
	 * @param key the key
	 * @param value the value
	 * @param timeToLive the time to expiry, with microsecond precision and without
	 * jitter; {@link Duration#ZERO} if the entry never expires
	 * @return a future that completes when the write has succeeded or failed; it never
	 * fails
	 * @throws IllegalArgumentException if it is negative, or longer than
	 * {@link CacheSettings#MAX_TIME_TO_LIVE}
	 */
	CompletableFuture<@Nullable Void> setAsync(K key, V value, Duration timeToLive);

	/**
	 * Write an entry unless one exists, as {@link #setIfAbsent}.
	 * @param key the key
	 * @param value the value
	 * @return a future of whether the entry was written; it never fails
	 */
	CompletableFuture<Boolean> setIfAbsentAsync(K key, V value);

	/**
	 * Evict an entry, as {@link #delete}.
	 * @param key the key
	 * @return a future of whether an entry existed; it fails with a
	 * {@link CacheEvictionException} if PostgreSQL refuses the eviction
	 */
	CompletableFuture<Boolean> deleteAsync(K key);

	/**
	 * Return whether an entry exists, as {@link #has}.
	 * @param key the key
	 * @return a future of whether an entry exists; it never fails
	 */
	CompletableFuture<Boolean> hasAsync(K key);

	/**
	 * Read several entries, as {@link #getAll}.
	 * @param keys the keys
	 * @return a future of the values found; it never fails
	 */
	CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys);

	/**
	 * Write several entries, as {@link #setAll}.
	 * @param entries the values by key
	 * @return a future that completes when all entries are stored; it fails with a
	 * {@link CacheWriteException} if not all were stored
	 */
	CompletableFuture<@Nullable Void> setAllAsync(Map<? extends K, ? extends V> entries);

	/**
	 * Evict several entries, as {@link #deleteAll}.
	 * @param keys the keys
	 * @return a future of the number of entries that existed; it fails with a
	 * {@link CacheEvictionException} if PostgreSQL refuses an eviction
	 */
	CompletableFuture<Long> deleteAllAsync(Collection<? extends K> keys);

	/**
	 * Evict all entries, as {@link #clear}.
	 * @return a future that completes when the cache is cleared; it fails with a
	 * {@link CacheEvictionException} if PostgreSQL refuses the eviction
	 */
	CompletableFuture<@Nullable Void> clearAsync();

	/**
	 * Return the remaining lifetime of an entry, as {@link #timeToLive}.
	 * @param key the key
	 * @return a future of the time until expiry; it never fails
	 */
	CompletableFuture<Optional<Duration>> timeToLiveAsync(K key);

}
