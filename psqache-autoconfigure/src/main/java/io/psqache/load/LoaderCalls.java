package io.psqache.load;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Calls the loaders of one cache, counts the calls, and measures how long they take.
 * Thread-safe.
 */
final class LoaderCalls {

	private final LoadStatistics statistics;

	private final Freshness freshness;

	LoaderCalls(LoadContext context) {
		this.statistics = context.statistics();
		this.freshness = context.freshness();
	}

	CompletableFuture<? extends @Nullable Object> call(Loader loader) {
		this.statistics.load();
		long begin = System.nanoTime();
		return loader.load().whenComplete((value, failure) -> {
			if (failure != null) {
				this.statistics.failedLoad();
			}
			else {
				this.freshness.loaded(begin);
			}
		});
	}

}
