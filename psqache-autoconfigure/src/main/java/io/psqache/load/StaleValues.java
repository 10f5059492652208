package io.psqache.load;

import java.util.concurrent.CompletableFuture;

import io.psqache.codec.CacheKey;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Expired values of one cache, for who can have no better one. What was evicted is none.
 * Thread-safe.
 */
final class StaleValues {

	private final EntryReader reader;

	private final LoadStatistics statistics;

	private final LoadFailures failures;

	private final boolean kept;

	StaleValues(Loading loading, EntryReader reader) {
		this.reader = reader;
		this.statistics = loading.statistics();
		this.failures = loading.failures();
		this.kept = loading.settings().staleIfError() != null;
	}

	/**
	 * The value in place of one that could not be loaded.
	 * @throws Exception the failure, if there is none
	 */
	ValueWrapper orThrow(CacheKey key, Exception failure) throws Exception {
		ValueWrapper stale = afterError(key, failure);
		if (stale == null) {
			throw failure;
		}
		return stale;
	}

	/**
	 * As {@link #orThrow}, without waiting.
	 */
	CompletableFuture<@Nullable Object> orFailAsync(CacheKey key, Throwable failure) {
		Throwable cause = LoadFailure.unwrapped(failure);
		return afterErrorAsync(key, cause).thenCompose((stale) -> (stale != null)
				? CompletableFuture.completedFuture(stale.get()) : CompletableFuture.failedFuture(cause));
	}

	/**
	 * A transaction may have evicted it, unknown to others: there is none in one.
	 */
	private @Nullable ValueWrapper afterError(CacheKey key, Throwable failure) {
		if (!isToBeHad()) {
			return null;
		}
		return servedAfterError(this.reader.readExpired(key).hit(), failure);
	}

	private CompletableFuture<@Nullable ValueWrapper> afterErrorAsync(CacheKey key, Throwable failure) {
		if (!isToBeHad()) {
			return CompletableFuture.completedFuture(null);
		}
		return this.reader.readExpiredAsync(key).thenApply((lookup) -> servedAfterError(lookup.hit(), failure));
	}

	private @Nullable ValueWrapper servedAfterError(@Nullable ValueWrapper stale, Throwable failure) {
		if (stale != null) {
			this.failures.loadFailed(failure);
			this.statistics.stale(StaleReason.ERROR);
		}
		return stale;
	}

	/**
	 * The value in place of one whose load takes too long.
	 * @return {@code null} if there is none
	 */
	CompletableFuture<@Nullable ValueWrapper> afterTimeout(CacheKey key) {
		if (!this.kept) {
			return CompletableFuture.completedFuture(null);
		}
		return this.reader.readExpiredAsync(key).thenApply((lookup) -> {
			if (lookup.hit() != null) {
				this.statistics.stale(StaleReason.TIMEOUT);
			}
			return lookup.hit();
		});
	}

	private boolean isToBeHad() {
		return this.kept && !this.reader.inTransaction();
	}

}
