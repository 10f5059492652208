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

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.internal.cache.CacheCore;
import io.psqache.internal.cache.CacheReads;
import io.psqache.internal.cache.CacheWrites;
import io.psqache.internal.cache.Evictions;
import io.psqache.internal.cache.NearReads;
import io.psqache.internal.cache.NullValues;
import io.psqache.internal.cache.PutsIfAbsent;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.Lookup;
import io.psqache.internal.load.PlainLoads.PlainLoad;
import io.psqache.internal.load.ReadThrough;
import io.psqache.internal.near.NearCache;
import io.psqache.internal.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * A {@link Cache} in PostgreSQL, including the asynchronous operations. Thread-safe.
 * <p>
 * The cache fails open. A read that fails or exceeds the timeout is a miss. A write that
 * fails leaves the value uncached. Both are counted and logged. An eviction that fails
 * because PostgreSQL is slow or unavailable is repeated from the backlog, and its entry
 * is hidden until then; the same applies to the entry that a failed {@code put} was to
 * replace. An eviction that PostgreSQL refuses throws a {@link CacheEvictionException}.
 * On non-blocking threads (Reactor's), writes and evictions are sent without waiting, and
 * their failures are logged. A key that has no stored form causes an
 * {@link IllegalArgumentException} in every operation.
 * <p>
 * Each {@code getCache} call of a cache manager returns a new view of the cache; all
 * views are equal. A view remembers its last miss. A later put of that key through the
 * same view is refused if the entry was changed or the cache cleared in between. Spring's
 * interceptor uses one view per method call, so {@code @Cacheable} does not store a value
 * that was loaded before an eviction. Applications that keep a view, or share it between
 * threads, should load with {@link #get(Object, Callable)}.
 */
public final class PostgresCache implements Cache {

	private final CacheCore core;

	private final NearReads near;

	private final CacheWrites writes;

	private final PutsIfAbsent putsIfAbsent;

	private final ReadThrough readThrough;

	private final Evictions evictions;

	private volatile @Nullable Miss lastMiss;

	PostgresCache(CacheCore core, ValueCodec codec) {
		this.core = core;
		this.near = new NearReads(core, codec);
		CacheReads reads = new CacheReads(core, codec, this.near);
		this.writes = new CacheWrites(core, codec);
		this.putsIfAbsent = new PutsIfAbsent(core, codec, reads);
		this.readThrough = new ReadThrough(core.loading(), reads, this.writes);
		this.evictions = new Evictions(core);
	}

	private PostgresCache(PostgresCache other) {
		this.core = other.core;
		this.near = other.near;
		this.writes = other.writes;
		this.putsIfAbsent = other.putsIfAbsent;
		this.readThrough = other.readThrough;
		this.evictions = other.evictions;
	}

	/**
	 * Return another view of the same cache, without a remembered miss.
	 */
	PostgresCache view() {
		return new PostgresCache(this);
	}

	/**
	 * Return the state that all views of this cache share.
	 */
	CacheCore core() {
		return this.core;
	}

	@Override
	public String getName() {
		return this.core.name();
	}

	@Override
	public PostgresCache getNativeCache() {
		return this;
	}

	/**
	 * Return the settings of this cache.
	 * @return the settings, never {@code null}
	 */
	public CacheSettings getSettings() {
		return this.core.settings();
	}

	/**
	 * Return the counters of this cache in this instance of the application.
	 * @return the live counters
	 */
	public CacheStatistics getStatistics() {
		return this.core.statistics();
	}

	/**
	 * Return the number of near entries.
	 * @return the approximate number, 0 without a near cache
	 */
	public long getNearEntries() {
		NearCache copies = this.core.near();
		return (copies != null) ? copies.size() : 0;
	}

	/**
	 * Return the usage of this cache, over all instances of the application.
	 * @return the last count of the sweeper ({@link CacheUsage#age()} returns its age),
	 * or {@code null} until the sweeper has counted all entries and this instance has
	 * used the cache
	 */
	public @Nullable CacheUsage getUsage() {
		return this.core.store().committed().usage(this.core.handle());
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		Object lookup = this.core.keys().lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		if (copy != null) {
			return copy;
		}
		CacheKey cacheKey = this.core.keys().ofLookup(lookup);
		return remembered(cacheKey, CallMode.join(this.readThrough.readOrFence(cacheKey, CallMode.BLOCKING)));
	}

	/**
	 * Remember a miss for a following put.
	 */
	private @Nullable ValueWrapper remembered(CacheKey key, Lookup lookup) {
		if (lookup.hit() == null) {
			this.lastMiss = new Miss(key.stored(), lookup.fence(), null);
		}
		return lookup.hit();
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		ValueWrapper hit = get(key);
		Object value = (hit != null) ? hit.get() : null;
		if (value != null && type != null && !type.isInstance(value)) {
			throw new IllegalStateException("Cache '%s' holds a %s under this key, not the required %s"
				.formatted(this.core.name(), value.getClass().getName(), type.getName()));
		}
		return (T) value;
	}

	/**
	 * Callers that miss the same key at the same time share one load, its value and its
	 * exception. A value that cannot be stored is returned anyway.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		Object lookup = this.core.keys().lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		if (copy != null) {
			return (T) copy.get();
		}
		CacheKey cacheKey = this.core.keys().ofLookup(lookup);
		try {
			return (T) CallMode.get(this.readThrough.read(cacheKey, NullValues.loader(valueLoader), CallMode.BLOCKING));
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(key, valueLoader, ex);
		}
	}

	@Override
	public CompletableFuture<?> retrieve(Object key) {
		Object lookup = this.core.keys().lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		if (copy != null) {
			return CompletableFuture.completedFuture(copy);
		}
		CacheKey cacheKey = this.core.keys().ofLookup(lookup);
		CompletableFuture<@Nullable ValueWrapper> told = new CompletableFuture<>();
		this.readThrough.readOrFence(cacheKey, CallMode.ASYNC).whenComplete((read, failure) -> {
			if (failure != null) {
				told.completeExceptionally(failure);
			}
			else if (read.hit() != null) {
				told.complete(read.hit());
			}
			else {
				tell(cacheKey.stored(), read, told);
			}
		});
		return told;
	}

	/**
	 * Complete the future of a missed read. Dependent actions run in this call and may
	 * compute the value.
	 */
	private void tell(String key, Lookup miss, CompletableFuture<@Nullable ValueWrapper> told) {
		PlainLoad load = this.core.loading().plainLoads().telling(key);
		try {
			this.lastMiss = new Miss(key, miss.fence(), load);
			told.complete(null);
		}
		finally {
			load.end();
		}
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		Object lookup = this.core.keys().lookup(key);
		ValueWrapper copy = this.near.get(lookup);
		return (CompletableFuture<T>) ((copy != null) ? CompletableFuture.completedFuture(copy.get()) : this.readThrough
			.read(this.core.keys().ofLookup(lookup), NullValues.asyncLoader(valueLoader), CallMode.ASYNC));
	}

	/**
	 * If {@code null} values are not cached, putting {@code null} evicts the entry.
	 * Spring's {@code NullValue} counts as {@code null}. A put that follows a miss of the
	 * same key through the same view is refused if the entry has changed in between.
	 */
	@Override
	public void put(Object key, @Nullable Object given) {
		Object value = NullValues.unwrapped(given);
		String storedKey = storedKey(key);
		Miss miss = this.lastMiss;
		if (miss != null && miss.key().equals(storedKey)) {
			this.lastMiss = null;
			putLoaded(miss, value);
		}
		else {
			CallMode.join(this.writes.write(storedKey, value, this.core.lifetimes().next(), CallMode.BLOCKING));
		}
	}

	private void putLoaded(Miss miss, @Nullable Object value) {
		PlainLoad put = (miss.load() != null)
				? this.core.loading().plainLoads().putting(miss.key(), this.core.store().committed().engine().timeout())
				: null;
		try {
			CallMode.join(this.writes.loaded(miss.key(), value, miss.fence(), CallMode.BLOCKING));
			this.readThrough.afterPut(miss.key());
		}
		finally {
			if (put != null && miss.load() != null) {
				put.end();
				miss.load().end(); // Its thread may continue.
			}
		}
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		CacheKey cacheKey = this.core.keys().of(key);
		changed(cacheKey.stored());
		return CallMode.join(this.putsIfAbsent.putOrRead(cacheKey, NullValues.unwrapped(value), CallMode.BLOCKING))
			.hit();
	}

	/**
	 * Evict an entry.
	 * @throws CacheEvictionException if PostgreSQL refuses the eviction
	 */
	@Override
	public void evict(Object key) {
		this.evictions.evict(changed(storedKey(key)));
	}

	/**
	 * Evict an entry immediately, irrespective of the outcome of the current transaction.
	 * Spring uses this for {@code @CacheEvict(beforeInvocation = true)}. If the
	 * transaction commits, it also evicts entries that others have loaded in between.
	 * @return whether an entry existed; {@code false} also if this is unknown because the
	 * eviction is in the backlog
	 * @throws CacheEvictionException if PostgreSQL refuses the eviction
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		return this.evictions.evictForGood(changed(storedKey(key)));
	}

	/**
	 * Evict all entries, in constant time.
	 * @throws CacheEvictionException if PostgreSQL refuses the eviction
	 */
	@Override
	public void clear() {
		this.lastMiss = null;
		this.evictions.clear();
	}

	/**
	 * Evict all entries as {@link #clear()}, but immediately and irrespective of the
	 * outcome of the current transaction.
	 * @return whether an entry existed; {@code false} also if this is unknown because the
	 * eviction is in the backlog
	 * @throws CacheEvictionException if PostgreSQL refuses the eviction
	 */
	@Override
	public boolean invalidate() {
		this.lastMiss = null;
		return this.evictions.clearForGood();
	}

	/**
	 * Forget the miss of an entry that this view changes.
	 */
	private String changed(String storedKey) {
		Miss miss = this.lastMiss;
		if (miss != null && miss.key().equals(storedKey)) {
			this.lastMiss = null;
		}
		return storedKey;
	}

	private String storedKey(Object key) {
		return this.core.keys().stored(key);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PostgresCache cache && cache.core.handle().equals(this.core.handle());
	}

	@Override
	public int hashCode() {
		return this.core.handle().hashCode();
	}

	/**
	 * A missed read.
	 *
	 * @param key the key as stored
	 * @param fence what the read could see; {@code null} if unknown
	 * @param load the load that other callers wait for; {@code null} if this caller only
	 * puts
	 */
	private record Miss(String key, @Nullable Fence fence, @Nullable PlainLoad load) {

	}

}
