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
 * A cache for code that wants one rather than an annotation: see
 * {@link PostgresCacheManager#typedCache(String, Class, Class)}. It has the same entries,
 * settings, counts and loads under way as the {@link PostgresCache} of its name, which
 * {@code @Cacheable} uses. Thread-safe.
 * <p>
 * <b>Failures.</b> While PostgreSQL does not answer, reads find nothing, {@link #set} and
 * {@link #setIfAbsent} write nothing, and loaders load: each is counted and logged, and
 * none throws. {@link #delete}, {@link #deleteAll} and {@link #clear} are remembered
 * until PostgreSQL has done them, count as done, and answer that they know of no entry;
 * what PostgreSQL refuses throws a {@link CacheEvictionException}. {@link #setAll} throws
 * a {@link CacheWriteException}. An entry that cannot be read, or whose value is no
 * {@code V} because something else wrote it, is a miss.
 * <p>
 * <b>Nulls.</b> No key and no value that is given may be {@code null}. A loader may find
 * none: that it did is cached as the cache is set ({@code cache-null-values}), and such
 * an entry has no value but is there: {@link #get(Object)} is empty, and {@link #has} is
 * {@code true}.
 * <p>
 * <b>Keys</b> that have equal stored forms, {@code 1} and {@code 1L} say, are one key. A
 * key that has none is refused with an {@link IllegalArgumentException}, at once in the
 * asynchronous forms too.
 * <p>
 * <b>Asynchronous forms</b> do not block. They take the value as it is when they are
 * called, and their futures complete on threads that are there for this. Of what one
 * thread asks to write under one key the order is kept, but for bulk calls of more than
 * 1,000 entries or 4 MB, which are sent bit by bit: wait for the end of such a one before
 * you write to any of its keys. The others wait, for {@code psqache.timeout} at most, or
 * in a bulk call for as long as PostgreSQL keeps answering; where a thread must not wait
 * (Reactor's), {@link #set}, {@link #delete} and {@link #clear} do as
 * {@link PostgresCache} does, and the asynchronous forms are what to use.
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
	 * Read an entry, or load its value and write it. Callers in this JVM that miss a key
	 * at the same time share one load, its value and its exception, those of
	 * {@code @Cacheable(sync = true)} methods among them.
	 * @param key the key
	 * @param loader computes the value; what it throws reaches the caller as it is
	 * @return the value, {@code null} only if that was loaded, now or when it was cached
	 */
	@Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader);

	/**
	 * Write an entry, in place of what was there, to live as long as the cache is set to.
	 * @param key the key
	 * @param value the value
	 */
	void set(K key, V value);

	/**
	 * Write an entry, in place of what was there, to live for some time.
	 * @param key the key
	 * @param value the value
	 * @param timeToLive age limit of this entry, to the microsecond and without the
	 * cache's jitter; {@link Duration#ZERO} means it never expires. A time-to-idle that
	 * the cache is set to applies beside it
	 * @throws IllegalArgumentException if it is negative, or longer than
	 * {@link CacheSettings#MAX_TIME_TO_LIVE}
	 */
	void set(K key, V value, Duration timeToLive);

	/**
	 * Write an entry unless there is one, be it one without a value.
	 * @param key the key
	 * @param value the value
	 * @return whether it was written; {@code false} also if PostgreSQL did not tell, or
	 * if there is an entry that cannot be read
	 */
	boolean setIfAbsent(K key, V value);

	/**
	 * Remove an entry.
	 * @param key the key
	 * @return whether there was one
	 * @throws CacheEvictionException if PostgreSQL refuses to remove it
	 */
	boolean delete(K key);

	/**
	 * See whether there is an entry, without loading its value. Counts neither as hit nor
	 * as miss, and does not prolong an entry that is kept as long as it is read.
	 * @param key the key
	 * @return whether there is one, be it one without a value
	 */
	boolean has(K key);

	/**
	 * Read many entries, up to 1,000 in one statement.
	 * @param keys the keys
	 * @return the values that were found, in the order of their keys; a map of the
	 * caller's own. A part of those that are there if PostgreSQL stops answering
	 * half-way: that counts as a failure
	 */
	Map<K, V> getAll(Collection<? extends K> keys);

	/**
	 * Write many entries, up to 128 and 1 MB in one statement.
	 * @param entries the values by their keys
	 * @throws CacheWriteException if not all were stored, with how many were
	 */
	void setAll(Map<? extends K, ? extends V> entries);

	/**
	 * Remove many entries, up to 1,000 in one statement.
	 * @param keys the keys
	 * @return how many entries there were
	 * @throws CacheEvictionException if PostgreSQL refuses to remove one, with how many
	 * were removed
	 */
	long deleteAll(Collection<? extends K> keys);

	/**
	 * Remove all entries, at a cost that does not depend on their number. What was sent
	 * {@code ...Async} before and is not done yet may be done after: wait for it first.
	 * @throws CacheEvictionException if PostgreSQL refuses to remove them
	 */
	void clear();

	/**
	 * See how long an entry lives from now, by the database's clock, unless it is read or
	 * written. Counts and prolongs as little as {@link #has}.
	 * @param key the key
	 * @return the time until it expires, in microseconds, {@link Duration#ZERO} if it
	 * never does, or empty if there is no entry
	 */
	Optional<Duration> timeToLive(K key);

	/**
	 * As {@link #get(Object)}.
	 * @param key the key
	 * @return a future of the value, that does not fail
	 */
	CompletableFuture<Optional<V>> getAsync(K key);

	/**
	 * As {@link #get(Object, Function)}.
	 * @param key the key
	 * @param loader begins to compute the value, and must not block. Callers that miss a
	 * key at the same time share one load
	 * @return a future of the value, {@code null} only if that was loaded; it fails with
	 * what the loader throws or its future fails with
	 */
	CompletableFuture<@Nullable V> getAsync(K key,
			Function<? super K, ? extends CompletableFuture<? extends @Nullable V>> loader);

	/**
	 * As {@link #set(Object, Object)}.
	 * @param key the key
	 * @param value the value
	 * @return completes when it is written, or has failed; does not fail
	 */
	CompletableFuture<@Nullable Void> setAsync(K key, V value);

	/**
	 * As {@link #set(Object, Object, Duration)} and {@link #setAsync(Object, Object)}.
	 * @param key the key
	 * @param value the value
	 * @param timeToLive age limit of this entry; {@link Duration#ZERO} means it never
	 * expires
	 * @return completes when it is written, or has failed; does not fail
	 * @throws IllegalArgumentException if it is negative, or longer than
	 * {@link CacheSettings#MAX_TIME_TO_LIVE}
	 */
	CompletableFuture<@Nullable Void> setAsync(K key, V value, Duration timeToLive);

	/**
	 * As {@link #setIfAbsent}.
	 * @param key the key
	 * @param value the value
	 * @return a future of whether it was written, that does not fail
	 */
	CompletableFuture<Boolean> setIfAbsentAsync(K key, V value);

	/**
	 * As {@link #delete}.
	 * @param key the key
	 * @return a future of whether there was an entry; it fails with a
	 * {@link CacheEvictionException}
	 */
	CompletableFuture<Boolean> deleteAsync(K key);

	/**
	 * As {@link #has}.
	 * @param key the key
	 * @return a future of whether there is an entry, that does not fail
	 */
	CompletableFuture<Boolean> hasAsync(K key);

	/**
	 * As {@link #getAll}.
	 * @param keys the keys
	 * @return a future of the values that were found, that does not fail
	 */
	CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys);

	/**
	 * As {@link #setAll}.
	 * @param entries the values by their keys
	 * @return completes when all are stored; it fails with a {@link CacheWriteException}
	 */
	CompletableFuture<@Nullable Void> setAllAsync(Map<? extends K, ? extends V> entries);

	/**
	 * As {@link #deleteAll}.
	 * @param keys the keys
	 * @return a future of how many entries there were; it fails with a
	 * {@link CacheEvictionException}
	 */
	CompletableFuture<Long> deleteAllAsync(Collection<? extends K> keys);

	/**
	 * As {@link #clear}.
	 * @return completes when it is done; it fails with a {@link CacheEvictionException}
	 */
	CompletableFuture<@Nullable Void> clearAsync();

	/**
	 * As {@link #timeToLive}.
	 * @param key the key
	 * @return a future of the time, that does not fail
	 */
	CompletableFuture<Optional<Duration>> timeToLiveAsync(K key);

}
