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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.psqache.CacheOperation;
import io.psqache.StoreException;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.EntryReader;
import io.psqache.internal.load.Lookup;
import io.psqache.internal.near.PendingNearEntry;
import io.psqache.internal.store.Fence;
import io.psqache.internal.store.ReadAnswer;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * Reads the entries of one cache and decodes their values. Reads fail open: a failed read
 * is counted, logged and treated as a miss. Thread-safe.
 */
public final class CacheReads implements EntryReader {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final NearReads near;

	public CacheReads(CacheCore cache, ValueCodec codec, NearReads near) {
		this.cache = cache;
		this.codec = codec;
		this.near = near;
	}

	@Override
	public CompletableFuture<Lookup> read(CacheKey key, CallMode mode) {
		PendingNearEntry fill = this.near.begin(key);
		return lookup(answer(key.stored(), mode), fill, mode);
	}

	private CompletableFuture<ReadAnswer> answer(String key, CallMode mode) {
		return this.cache.store().entries().get(this.cache.handle(), key, this.cache.settings().timeToIdle()).in(mode);
	}

	/**
	 * Read without failing open and without creating a near entry.
	 * @return fails with a {@link StoreException} if the entry cannot be read
	 */
	CompletableFuture<Lookup> readOrFail(String key, CallMode mode) {
		return answer(key, mode).thenApply((answer) -> decoded(answer, null));
	}

	@Override
	public CompletableFuture<Lookup> readOrFence(CacheKey key, CallMode mode) {
		if (mode == CallMode.ASYNC && inTransaction()) {
			return read(key, mode);
		}
		PendingNearEntry fill = this.near.begin(key);
		return lookup(this.cache.store()
			.entries()
			.getOrFence(this.cache.handle(), key.stored(), this.cache.settings().timeToIdle())
			.in(mode), fill, mode);
	}

	@Override
	public CompletableFuture<Lookup> readExpired(CacheKey key, CallMode mode) {
		return lookup(this.cache.store().committed().getExpired(this.cache.handle(), key.stored()).in(mode), null,
				mode);
	}

	/**
	 * Convert an answer to a lookup. If the value is unreadable, the lookup has a fence,
	 * because the caller then loads the value.
	 * @param fill the near entry to complete; {@code null} if there is none
	 */
	private CompletableFuture<Lookup> lookup(CompletableFuture<ReadAnswer> reading, @Nullable PendingNearEntry fill,
			CallMode mode) {
		return CallMode.then(reading, (answer, failure) -> {
			if (failure != null) {
				return CompletableFuture.completedFuture(failed(failure));
			}
			try {
				return CompletableFuture.completedFuture(decoded(answer, fill));
			}
			catch (StoreException ex) {
				this.cache.failures().tolerate(CacheOperation.GET, ex);
				return fence(mode).thenApply(Lookup::failed).exceptionally(this::failed);
			}
		});
	}

	private Lookup failed(Throwable failure) {
		this.cache.failures().tolerate(CacheOperation.GET, failure);
		return Lookup.FAILED;
	}

	private Lookup decoded(ReadAnswer answer, @Nullable PendingNearEntry fill) {
		StoredValue present = answer.present();
		if (present == null) {
			return Lookup.miss(answer.fence());
		}
		ValueWrapper value = new SimpleValueWrapper(this.codec.decode(present));
		this.near.fill(fill, present, answer.age(), value);
		return Lookup.hit(value, answer.age());
	}

	@Override
	public CompletableFuture<Fence> fence(CallMode mode) {
		return this.cache.store().entries().fence(this.cache.handle()).in(mode);
	}

	@Override
	public boolean inTransaction() {
		return this.cache.store().inTransaction();
	}

	@Override
	public void count(Lookup lookup) {
		if (lookup.hit() != null) {
			this.cache.statistics().hits.increment();
		}
		else {
			this.cache.statistics().misses.increment();
		}
	}

	/**
	 * Read the remaining lifetime of an entry without its value.
	 * @return the lifetime, empty if there is no entry, zero if it never expires; never
	 * fails
	 */
	CompletableFuture<Optional<Duration>> peek(String key, CallMode mode) {
		return this.cache.store().entries().peek(this.cache.handle(), key).in(mode).exceptionally((failure) -> {
			this.cache.failures().tolerate(CacheOperation.GET, failure);
			return Optional.empty();
		});
	}

}
