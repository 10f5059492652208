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
 * Reads entries of one cache from the database, counts hits and misses, and has missing
 * values loaded. Thread-safe.
 */
public final class ReadThrough {

	private final EntryReader reader;

	private final LoadCoordinator loads;

	private final Refreshes refreshes;

	private final PlainLoads plainLoads;

	private final boolean shares;

	/**
	 * Create it.
	 * @param context what all views of the cache share of its loads
	 * @param reader reads the entries
	 * @param writer writes them
	 */
	public ReadThrough(LoadContext context, EntryReader reader, EntryWriter writer) {
		this.reader = reader;
		this.loads = new LoadCoordinator(context, reader, writer);
		this.refreshes = new Refreshes(context, reader, writer);
		this.plainLoads = context.plainLoads;
		this.shares = context.settings.singleFlight() != SingleFlightScope.NONE;
	}

	/**
	 * Read, and load nothing.
	 * @param key the key
	 * @param mode whether to wait
	 * @return the value; {@code null} if there is none
	 */
	public CompletableFuture<@Nullable ValueWrapper> read(CacheKey key, CallMode mode) {
		return this.reader.read(key, mode).thenApply(this::counted);
	}

	/**
	 * Read, for a caller that loads and puts on a miss. If another caller is known to do
	 * so it reads once more after that.
	 * @param key the key
	 * @param mode whether to wait
	 * @return what was found; a miss also if this caller is to refresh the entry
	 */
	public CompletableFuture<Lookup> readOrFence(CacheKey key, CallMode mode) {
		Thread caller = Thread.currentThread();
		PlainLoad before = this.shares ? this.plainLoads.of(key.stored(), caller) : null;
		CompletableFuture<Lookup> reading = this.reader.readOrFence(key, mode);
		return CallMode.then(reading, (read) -> {
			if (read.hit() != null || read.failed() || !this.shares) {
				return told(key, reading, read, mode);
			}
			PlainLoad now = this.plainLoads.of(key.stored(), caller);
			// the read may have come before the put of the earlier load
			PlainLoad load = (now != null) ? now : before;
			return (load == null) ? told(key, reading, read, mode) : readAgain(key, caller, load, mode);
		});
	}

	private CompletableFuture<Lookup> readAgain(CacheKey key, Thread caller, PlainLoad load, CallMode mode) {
		return this.plainLoads.settle(load, caller, mode)
			.thenCompose((any) -> this.reader.readOrFence(key, mode))
			.thenCompose((read) -> told(key, CompletableFuture.completedFuture(read), read, mode));
	}

	private CompletableFuture<Lookup> told(CacheKey key, CompletableFuture<Lookup> reading, Lookup read,
			CallMode mode) {
		if (this.refreshes.claim(key, read)) {
			return this.refreshes.missIfLeased(key, read, mode).thenApply((told) -> {
				counted(told);
				return told;
			});
		}
		counted(read);
		return reading;
	}

	/**
	 * A caller that got a miss of {@link #readOrFence} has put what it loaded.
	 * @param key the stored key
	 */
	public void afterPut(String key) {
		this.refreshes.afterPut(key);
	}

	/**
	 * Read, or load and write. If the value cannot be written it is returned all the
	 * same. A transaction shares no load: what it loads may depend on its uncommitted
	 * changes, and it may have begun before what others load.
	 * @param key the key
	 * @param loader makes the value if there is none, or a new one if it is old
	 * @param mode whether to wait. A load that a transaction does not wait for is not
	 * cached, since it may end on any thread
	 * @return the value, {@code null} if the loader found none; fails with what the
	 * loader threw, this one or that of another caller whose load this one shares
	 */
	public CompletableFuture<@Nullable Object> read(CacheKey key, Loader loader, CallMode mode) {
		boolean transactional = this.reader.inTransaction();
		if (transactional && mode == CallMode.ASYNC) {
			return readUncached(key, loader);
		}
		boolean shared = this.shares && !transactional;
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
