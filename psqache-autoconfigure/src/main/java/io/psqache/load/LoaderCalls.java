package io.psqache.load;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Calls the loaders of one cache, counts them, and learns how long they take.
 * Thread-safe.
 */
final class LoaderCalls {

	private final LoadStatistics statistics;

	private final Freshness freshness;

	LoaderCalls(Loading loading) {
		this.statistics = loading.statistics();
		this.freshness = loading.freshness();
	}

	@Nullable Object call(Callable<?> loader) throws Exception {
		this.statistics.load();
		long begin = System.nanoTime();
		try {
			Object value = loader.call();
			this.freshness.loaded(begin);
			return value;
		}
		catch (Throwable ex) {
			this.statistics.failedLoad();
			throw ex;
		}
	}

	/**
	 * As {@link #call}, for a loader that blocks nobody.
	 * @return fails with what the loader threw
	 */
	CompletableFuture<@Nullable Object> callAsync(
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		this.statistics.load();
		long begin = System.nanoTime();
		try {
			return loader.get().<@Nullable Object>handle((value, failure) -> {
				if (failure != null) {
					this.statistics.failedLoad();
					throw new CompletionException(LoadFailure.unwrapped(failure));
				}
				this.freshness.loaded(begin);
				return value;
			});
		}
		catch (Throwable ex) {
			this.statistics.failedLoad();
			return CompletableFuture.failedFuture(ex);
		}
	}

}
