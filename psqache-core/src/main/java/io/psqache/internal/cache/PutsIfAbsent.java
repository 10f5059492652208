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

import java.util.concurrent.CompletableFuture;

import io.psqache.CacheOperation;
import io.psqache.StoreException;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.Lookup;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Puts values into one cache if no entry exists. Fails open, as {@link CacheWrites}.
 * Thread-safe.
 */
public final class PutsIfAbsent {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final CacheReads reads;

	public PutsIfAbsent(CacheCore cache, ValueCodec codec, CacheReads reads) {
		this.cache = cache;
		this.codec = codec;
		this.reads = reads;
	}

	/**
	 * Put a value, or read the existing entry.
	 * @return the existing entry; a miss if the value was written. Never fails
	 */
	public CompletableFuture<Lookup> putOrRead(CacheKey cacheKey, @Nullable Object value, CallMode mode) {
		if (value == null && !this.cache.settings().cacheNullValues()) {
			return this.reads.read(cacheKey, mode);
		}
		String key = cacheKey.stored();
		try {
			StoredValue stored = this.codec.encode(value);
			return CallMode
				.untilPresent(() -> putIfAbsent(key, stored, mode).thenCompose((written) -> written
						? CompletableFuture.<@Nullable Lookup>completedFuture(Lookup.MISS) : readOrEvict(key, mode)))
				.exceptionally((failure) -> failed(failure, Lookup.FAILED));
		}
		catch (StoreException ex) {
			return CompletableFuture.completedFuture(failed(ex, Lookup.FAILED));
		}
	}

	/**
	 * Read the existing entry. An unreadable entry is evicted, because it is a miss for
	 * every caller.
	 * @return {@code null} if the entry no longer exists
	 */
	private CompletableFuture<@Nullable Lookup> readOrEvict(String key, CallMode mode) {
		return this.reads.readOrFail(key, mode)
			.<@Nullable Lookup>thenApply((present) -> (present.hit() != null) ? present : null)
			.exceptionallyCompose((failure) -> {
				this.cache.failures().tolerate(CacheOperation.GET, failure);
				if (!CacheFailures.isUnreadable(failure)) {
					return CompletableFuture.completedFuture(Lookup.FAILED);
				}
				return this.cache.store()
					.entries()
					.evict(this.cache.handle(), key)
					.in(mode)
					.thenApply((evicted) -> null);
			});
	}

	/**
	 * Put a value.
	 * @return whether it was written; never fails
	 */
	CompletableFuture<Boolean> put(String key, Object value, CallMode mode) {
		try {
			return putIfAbsent(key, this.codec.encode(value), mode).exceptionally((failure) -> failed(failure, false));
		}
		catch (StoreException ex) {
			return CompletableFuture.completedFuture(failed(ex, false));
		}
	}

	private CompletableFuture<Boolean> putIfAbsent(String key, StoredValue stored, CallMode mode) {
		return this.cache.store()
			.entries()
			.putIfAbsent(this.cache.handle(), key, stored, this.cache.lifetimes().next())
			.in(mode)
			.thenApply((written) -> {
				if (written) {
					this.cache.statistics().puts.increment();
				}
				return written;
			});
	}

	private <T> T failed(Throwable failure, T answer) {
		this.cache.failures().tolerate(CacheOperation.PUT, failure);
		return answer;
	}

}
