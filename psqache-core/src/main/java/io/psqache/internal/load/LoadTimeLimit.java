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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.engine.CallMode;
import org.jspecify.annotations.Nullable;

/**
 * Limits how long callers of one cache wait for a load. After the soft timeout they
 * receive the expired value, if one exists. After the hard timeout they receive the
 * expired value or an exception. The load continues. Thread-safe.
 */
final class LoadTimeLimit {

	private final @Nullable Duration soft;

	private final @Nullable Duration hard;

	private final StaleFallback staleFallback;

	private final LoadCounters statistics;

	private final LoadFailures failures;

	LoadTimeLimit(LoadContext context, StaleFallback staleFallback) {
		this.soft = context.settings.softTimeout();
		this.hard = context.settings.hardTimeout();
		this.staleFallback = staleFallback;
		this.statistics = context.statistics;
		this.failures = context.failures;
	}

	/**
	 * Return whether the cache has a soft or a hard timeout.
	 */
	boolean isSet() {
		return this.soft != null || this.hard != null;
	}

	/**
	 * Return the future that a caller waits for.
	 * @param load the load, which other callers may share
	 */
	CompletableFuture<@Nullable Object> on(CacheKey key, CompletableFuture<@Nullable Object> load, CallMode mode) {
		CompletableFuture<@Nullable Object> limited = load.copy();
		if (this.soft != null) {
			after(this.soft, limited, () -> serveStale(key, limited));
		}
		if (this.hard != null) {
			Duration limit = this.hard;
			after(limit, limited, () -> serveStale(key, limited).thenRun(() -> giveUp(limited, limit)));
		}
		return mode.settle(limited);
	}

	private CompletableFuture<?> serveStale(CacheKey key, CompletableFuture<@Nullable Object> limited) {
		if (limited.isDone()) {
			return CompletableFuture.completedFuture(null);
		}
		return this.staleFallback.afterTimeout(key).thenAccept((stale) -> {
			if (stale != null) {
				limited.complete(stale.get());
			}
		});
	}

	private void giveUp(CompletableFuture<@Nullable Object> limited, Duration limit) {
		if (limited.completeExceptionally(this.failures.timedOut(limit))) {
			this.statistics.timeouts.increment();
		}
	}

	/**
	 * Run a task after a delay. The timer is cancelled when the caller has its answer, so
	 * that it keeps no memory until then.
	 */
	private static void after(Duration delay, CompletableFuture<@Nullable Object> limited, Runnable task) {
		CompletableFuture<@Nullable Object> timer = new CompletableFuture<@Nullable Object>().completeOnTimeout(null,
				delay.toNanos(), TimeUnit.NANOSECONDS);
		timer.thenRun(task);
		limited.whenComplete((value, failure) -> timer.cancel(false));
	}

}
