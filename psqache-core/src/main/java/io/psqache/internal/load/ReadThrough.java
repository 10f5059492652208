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

package io.psqache.internal.load;

import java.util.concurrent.CompletableFuture;

import io.psqache.SingleFlightScope;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.PlainLoads.PlainLoad;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Reads entries of one cache from the database, counts hits and misses, and loads missing
 * values. Thread-safe.
 */
public final class ReadThrough {

	private final EntryReader reader;

	private final LoadCoordinator loads;

	private final Refreshes refreshes;

	private final PlainLoads plainLoads;

	private final boolean sharesLoads;

	/**
	 * Create a new instance.
	 * @param context the loading state that all views of the cache share
	 * @param reader reads the entries
	 * @param writer writes the loaded values
	 */
	public ReadThrough(LoadContext context, EntryReader reader, EntryWriter writer) {
		this.reader = reader;
		this.loads = new LoadCoordinator(context, reader, writer);
		this.refreshes = new Refreshes(context, reader, writer);
		this.plainLoads = context.plainLoads;
		this.sharesLoads = context.settings.singleFlight() != SingleFlightScope.NONE;
	}

	/**
	 * Read without loading.
	 * @param key the key
	 * @param mode whether to wait
	 * @return the value; {@code null} if there is none
	 */
	public CompletableFuture<@Nullable ValueWrapper> read(CacheKey key, CallMode mode) {
		return this.reader.read(key, mode).thenApply(this::counted);
	}

	/**
	 * Read for a caller that loads and puts on a miss. If another caller is known to load
	 * the key, wait for that load and read again.
	 * @param key the key
	 * @param mode whether to wait
	 * @return the lookup; a miss also if this caller is to refresh the entry
	 */
	public CompletableFuture<Lookup> readOrFence(CacheKey key, CallMode mode) {
		Thread caller = Thread.currentThread();
		PlainLoad before = this.sharesLoads ? this.plainLoads.of(key.stored(), caller) : null;
		CompletableFuture<Lookup> reading = this.reader.readOrFence(key, mode);
		return CallMode.then(reading, (read) -> {
			if (read.hit() != null || read.failed() || !this.sharesLoads) {
				return answer(key, reading, read, mode);
			}
			PlainLoad now = this.plainLoads.of(key.stored(), caller);
			// the read may have preceded the put of the earlier load
			PlainLoad load = (now != null) ? now : before;
			return (load == null) ? answer(key, reading, read, mode) : readAgain(key, caller, load, mode);
		});
	}

	private CompletableFuture<Lookup> readAgain(CacheKey key, Thread caller, PlainLoad load, CallMode mode) {
		return this.plainLoads.settle(load, caller, mode)
			.thenCompose((any) -> this.reader.readOrFence(key, mode))
			.thenCompose((read) -> answer(key, CompletableFuture.completedFuture(read), read, mode));
	}

	private CompletableFuture<Lookup> answer(CacheKey key, CompletableFuture<Lookup> reading, Lookup read,
			CallMode mode) {
		if (this.refreshes.claim(key, read)) {
			return this.refreshes.missIfLeased(key, read, mode).thenApply((lookup) -> {
				counted(lookup);
				return lookup;
			});
		}
		counted(read);
		return reading;
	}

	/**
	 * Called when a caller has put its loaded value after a miss of {@link #readOrFence}.
	 * @param key the stored key
	 */
	public void afterPut(String key) {
		this.refreshes.afterPut(key);
	}

	/**
	 * Read, or load and write on a miss. A value that cannot be written is returned
	 * anyway. A transaction does not share loads: its loads may depend on its uncommitted
	 * changes, and its snapshot may be older than the loads of others.
	 * @param key the key
	 * @param loader loads a missing value, or refreshes a stale one
	 * @param mode whether to wait. An asynchronous load in a transaction is not cached,
	 * because it may end on any thread
	 * @return the value, {@code null} if the loader found none; fails with the exception
	 * of the loader whose load is used
	 */
	public CompletableFuture<@Nullable Object> read(CacheKey key, Loader loader, CallMode mode) {
		boolean transactional = this.reader.inTransaction();
		if (transactional && mode == CallMode.ASYNC) {
			return readUncached(key, loader);
		}
		boolean shared = this.sharesLoads && !transactional;
		return CallMode.then(shared ? this.reader.read(key, mode) : this.reader.readOrFence(key, mode), (lookup) -> {
			ValueWrapper hit = counted(lookup);
			if (hit != null) {
				this.refreshes.afterRead(key, lookup, loader);
				return CompletableFuture.completedFuture(hit.get());
			}
			return shared ? this.loads.load(key, lookup, loader, mode)
					: this.loads.loadAlone(key, lookup.fence(), loader, mode);
		});
	}

	private CompletableFuture<@Nullable Object> readUncached(CacheKey key, Loader loader) {
		return read(key, CallMode.ASYNC)
			.thenCompose((hit) -> (hit != null) ? CompletableFuture.<@Nullable Object>completedFuture(hit.get())
					: loader.load().<@Nullable Object>thenApply((value) -> value));
	}

	private @Nullable ValueWrapper counted(Lookup lookup) {
		this.reader.count(lookup);
		return lookup.hit();
	}

}
