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
 * How long the callers of one cache wait for a load: past the soft limit they get the
 * expired value, if it is kept, and past the hard one that or an exception. The load goes
 * on. Thread-safe.
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
	 * Whether there is any.
	 */
	boolean isSet() {
		return this.soft != null || this.hard != null;
	}

	/**
	 * What a caller waits for.
	 * @param load the load, which others may share
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
	 * Do something after some time, unless the caller has been answered: then nothing is
	 * kept that long.
	 */
	private static void after(Duration delay, CompletableFuture<@Nullable Object> limited, Runnable task) {
		CompletableFuture<@Nullable Object> timer = new CompletableFuture<@Nullable Object>().completeOnTimeout(null,
				delay.toNanos(), TimeUnit.NANOSECONDS);
		timer.thenRun(task);
		limited.whenComplete((value, failure) -> timer.cancel(false));
	}

}
