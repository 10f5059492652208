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

import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.CacheOperation;
import io.psqache.StoreException;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.EntryWriter;
import io.psqache.internal.store.Entries;
import io.psqache.internal.store.Fence;
import io.psqache.internal.store.Lifetime;
import io.psqache.internal.store.NewEntry;
import io.psqache.internal.store.StoredValue;
import io.psqache.internal.transaction.PutListener;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values and writes them into one cache. Writes fail open: a failed write is
 * counted and logged, and leaves the value uncached. Thread-safe.
 */
public final class CacheWrites implements EntryWriter {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final PutListener putListener = new PutListener() {

		@Override
		public void stored() {
			CacheWrites.this.cache.statistics().puts.increment();
		}

		@Override
		public void refused() {
			CacheWrites.this.cache.statistics().refused.increment();
		}

		@Override
		public void failed(StoreException failure) {
			CacheWrites.this.cache.failures().tolerate(CacheOperation.PUT, failure);
		}

	};

	public CacheWrites(CacheCore cache, ValueCodec codec) {
		this.cache = cache;
		this.codec = codec;
	}

	@Override
	public CompletableFuture<Boolean> loaded(String key, @Nullable Object value, @Nullable Fence fence, CallMode mode) {
		StoredValue stored = stored(value);
		if (stored != null && fence != null) {
			return replace(key, stored, this.cache.lifetimes().next(), fence, mode);
		}
		if (stored != null) {
			this.cache.statistics().refused.increment();
		}
		return CompletableFuture.completedFuture(true);
	}

	/**
	 * Write an entry. A value that must not be cached, or has no stored form, evicts the
	 * existing entry.
	 * @return completes when the write has succeeded or failed; never completes with an
	 * exception
	 */
	public CompletableFuture<Boolean> write(String key, @Nullable Object value, Lifetime lifetime, CallMode mode) {
		return replace(key, stored(value), lifetime, null, mode);
	}

	/**
	 * Return the stored form of a value.
	 * @return {@code null} if the value must not or cannot be cached
	 */
	private @Nullable StoredValue stored(@Nullable Object value) {
		if (value == null && !this.cache.settings().cacheNullValues()) {
			return null;
		}
		try {
			return this.codec.encode(value);
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.PUT, ex);
			return null;
		}
	}

	/**
	 * Replace the entry by a value, or evict the entry if there is no stored form. If
	 * this thread must not block, later reads of the entry wait for the write instead.
	 * @return {@code false} if the fence has refused the value, or may still refuse it
	 */
	private CompletableFuture<Boolean> replace(String key, @Nullable StoredValue stored, Lifetime lifetime,
			@Nullable Fence fence, CallMode mode) {
		if (stored != null && isCollected(key, stored, lifetime, fence)) {
			return CompletableFuture.completedFuture(fence == null);
		}
		if (mode == CallMode.BLOCKING && NonBlockingThreads.isCurrent()) {
			this.cache.store()
				.committed()
				.continueAfter(this.cache.handle(), key, send(key, stored, lifetime, fence, CallMode.ASYNC));
			return CompletableFuture.completedFuture(fence == null);
		}
		return send(key, stored, lifetime, fence, mode);
	}

	private CompletableFuture<Boolean> send(String key, @Nullable StoredValue stored, Lifetime lifetime,
			@Nullable Fence fence, CallMode mode) {
		Entries entries = this.cache.store().entries();
		CompletableFuture<Boolean> write = (stored != null)
				? entries.put(this.cache.handle(), key, new NewEntry(stored, lifetime, fence)).in(mode)
				: entries.evict(this.cache.handle(), key).in(mode);
		return CallMode.then(write, (written, failure) -> {
			if (failure != null) {
				writeFailed(key, fence, failure);
				return CompletableFuture.completedFuture(true);
			}
			written(stored, written);
			return CompletableFuture.completedFuture(stored == null || written);
		});
	}

	/**
	 * Handle a failed write. The older entry is evicted, unless the value was loaded
	 * after a miss.
	 */
	private void writeFailed(String key, @Nullable Fence fence, Throwable failure) {
		if (fence == null) {
			evictLater(key);
		}
		this.cache.failures().tolerate(CacheOperation.PUT, failure);
	}

	private void evictLater(String key) {
		this.cache.store().committed().evictLater(this.cache.handle(), Set.of(key));
	}

	/**
	 * Collect the put if this thread is in a transaction, which then writes the entry.
	 */
	private boolean isCollected(String key, StoredValue stored, Lifetime lifetime, @Nullable Fence fence) {
		return this.cache.store()
			.collect(this.cache.handle(), key, new NewEntry(stored, lifetime, fence), this.putListener);
	}

	private void written(@Nullable StoredValue stored, boolean done) {
		if (stored == null) {
			this.cache.statistics().evictions.increment();
		}
		else if (done) {
			this.cache.statistics().puts.increment();
		}
		else {
			this.cache.statistics().refused.increment();
		}
	}

}
