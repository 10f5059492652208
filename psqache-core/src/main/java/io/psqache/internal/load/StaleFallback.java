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
 * Serves expired values of one cache when a load fails or exceeds a timeout. Never serves
 * an evicted value. Thread-safe.
 */
final class StaleFallback {

	private final EntryReader reader;

	private final LoadCounters statistics;

	private final LoadFailures failures;

	private final boolean keepsExpired;

	StaleFallback(LoadContext context, EntryReader reader) {
		this.reader = reader;
		this.statistics = context.statistics;
		this.failures = context.failures;
		this.keepsExpired = context.settings.staleIfError() != null;
	}

	/**
	 * Count a failed load and return the expired value instead. A transaction receives
	 * none, because it may have evicted the entry without others seeing that. An
	 * {@link Error} is never replaced by a value.
	 * @param failure the exception of the loader
	 * @return the expired value; fails with the exception of the loader if there is none
	 */
	CompletableFuture<@Nullable Object> orFail(CacheKey key, Throwable failure, CallMode mode) {
		this.statistics.failed.increment();
		Throwable cause = CallMode.cause(failure);
		if (!this.keepsExpired || cause instanceof Error || this.reader.inTransaction()) {
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
	 * Return the expired value instead of one whose load exceeds a timeout.
	 * @return {@code null} if there is none
	 */
	CompletableFuture<@Nullable ValueWrapper> afterTimeout(CacheKey key) {
		if (!this.keepsExpired) {
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
