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
 * A cache in PostgreSQL behind Spring's {@link Cache} contract, its asynchronous part
 * included. Thread-safe.
 * <p>
 * It fails open: a read that fails or takes too long is a miss, a write that fails leaves
 * the value uncached, and both are counted and logged. A removal that PostgreSQL does not
 * do because it is slow or gone is remembered and counts as done. So is the removal of
 * what a dropped {@code put} was to replace. A removal that PostgreSQL refuses throws a
 * {@link CacheEvictionException}. On a thread that must not wait (Reactor's), writes and
 * removals are sent and not waited for: their failures are logged. A key that has no
 * stored form is an {@link IllegalArgumentException} in every operation.
 * <p>
 * Each {@code getCache} call of a cache manager returns a new view of the cache; all of
 * them are equal. A view remembers its last miss. The put of that key through the same
 * view is refused if the entry was evicted or overwritten meanwhile, or the cache
 * cleared. Spring's interceptor has a view for each call of a method, so that no
 * {@code @Cacheable} puts what it loaded before an eviction. An application that keeps a
 * view for long, or shares it between threads, should load by
 * {@link #get(Object, Callable)}, which needs no memory.
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
	 * Another view of the same cache, which has missed nothing yet.
	 */
	PostgresCache view() {
		return new PostgresCache(this);
	}

	/**
	 * What it shares with other views of the same cache.
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
	 * What this cache was set to.
	 * @return the settings
	 */
	public CacheSettings getSettings() {
		return this.core.settings();
	}

	/**
	 * What happened to this cache in this instance of the application.
	 * @return the live counts
	 */
	public CacheStatistics getStatistics() {
		return this.core.statistics();
	}

	/**
	 * How many copies of its entries this process keeps.
	 * @return about their number, 0 if it keeps none
	 */
	public long getNearEntries() {
		NearCache copies = this.core.near();
		return (copies != null) ? copies.size() : 0;
	}

	/**
	 * What there is in this cache, of all instances of the application.
	 * @return what the sweeper last found ({@link CacheUsage#age()} tells when), or
	 * {@code null} until it has walked over all entries once and this instance has used
	 * this cache
	 */
	public @Nullable CacheUsage getUsage() {
		return this.core.store().committed().figures(this.core.handle());
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
	 * Remember a miss for the put that may follow.
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
	 * error. If the value cannot be stored it is returned all the same.
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
	 * Tell a caller of a miss. What depends on it runs now, and may compute the value.
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
	 * Where {@code null} values are not cached, putting one removes the entry. Spring's
	 * {@code NullValue} counts as {@code null}. What follows a miss of the same key
	 * through the same view is refused if something has happened to the entry meanwhile.
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
				miss.load().end(); // whatever its thread still does
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
	 * Remove an entry.
	 * @throws CacheEvictionException if PostgreSQL refuses to remove it
	 */
	@Override
	public void evict(Object key) {
		this.evictions.evict(changed(storedKey(key)));
	}

	/**
	 * Remove an entry, now and whatever becomes of the transaction of the calling thread.
	 * Spring asks for this with {@code @CacheEvict(beforeInvocation = true)}. If the
	 * transaction commits, it removes as well what others have loaded in between.
	 * @return whether there was one; {@code false} also if that is not known, because the
	 * removal is remembered
	 * @throws CacheEvictionException if PostgreSQL refuses to remove it
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		return this.evictions.evictForGood(changed(storedKey(key)));
	}

	/**
	 * Remove all entries, at a cost that does not depend on their number.
	 * @throws CacheEvictionException if PostgreSQL refuses to remove them
	 */
	@Override
	public void clear() {
		this.lastMiss = null;
		this.evictions.clear();
	}

	/**
	 * As {@link #clear()}, but now and whatever becomes of the transaction of the calling
	 * thread, as {@link #evictIfPresent}; and tell whether there was any entry.
	 * @return whether there was; {@code false} also if that is not known, because the
	 * removal is remembered
	 * @throws CacheEvictionException if PostgreSQL refuses to remove them
	 */
	@Override
	public boolean invalidate() {
		this.lastMiss = null;
		return this.evictions.clearForGood();
	}

	/**
	 * What is put after this view has changed the entry does not follow its miss.
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
	 * A read that found nothing.
	 *
	 * @param key the key as it is stored
	 * @param fence what it could see, {@code null} if that is not known
	 * @param load what other callers wait for; {@code null} if this caller returns only
	 * what it has put
	 */
	private record Miss(String key, @Nullable Fence fence, @Nullable PlainLoad load) {

	}

}
