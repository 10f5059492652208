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

import io.psqache.StaleReason;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.engine.CallMode;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Serves expired values of one cache where there is no better one. An evicted value is
 * never served. Thread-safe.
 */
final class StaleFallback {

	private final EntryReader reader;

	private final LoadCounters statistics;

	private final LoadFailures failures;

	private final boolean kept;

	StaleFallback(LoadContext context, EntryReader reader) {
		this.reader = reader;
		this.statistics = context.statistics;
		this.failures = context.failures;
		this.kept = context.settings.staleIfError() != null;
	}

	/**
	 * A load has failed, which is counted: find the value in its place. A transaction may
	 * have evicted it, unknown to others, so that none is served there; nor in place of
	 * an {@link Error}.
	 * @param failure what the loader threw
	 * @return fails with that if there is none
	 */
	CompletableFuture<@Nullable Object> orFail(CacheKey key, Throwable failure, CallMode mode) {
		this.statistics.failed.increment();
		Throwable cause = CallMode.cause(failure);
		if (!this.kept || cause instanceof Error || this.reader.inTransaction()) {
			return CompletableFuture.failedFuture(failure);
		}
		return this.reader.readExpired(key, mode).thenCompose((lookup) -> {
			ValueWrapper stale = lookup.hit();
			if (stale == null) {
				return CompletableFuture.failedFuture(failure);
			}
			this.failures.loadFailed(cause);
			this.statistics.stale(StaleReason.ERROR);
			return CompletableFuture.completedFuture(stale.get());
		});
	}

	/**
	 * The value in place of one whose load takes too long.
	 * @return {@code null} if there is none
	 */
	CompletableFuture<@Nullable ValueWrapper> afterTimeout(CacheKey key) {
		if (!this.kept) {
			return CompletableFuture.completedFuture(null);
		}
		return this.reader.readExpired(key, CallMode.ASYNC).thenApply((lookup) -> {
			if (lookup.hit() != null) {
				this.statistics.stale(StaleReason.TIMEOUT);
			}
			return lookup.hit();
		});
	}

}
