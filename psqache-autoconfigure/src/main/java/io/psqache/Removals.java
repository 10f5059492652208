package io.psqache;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.store.Bulk;
import io.psqache.store.BulkAnswer;
import io.psqache.store.Request;
import io.psqache.store.StoreException;

/**
 * Removes entries of one cache, keys as stored. A removal that fails is counted and
 * thrown, since whoever removes an entry relies on it; and whoever comes after it shares
 * no load that began before. Thread-safe.
 */
final class Removals {

	private final CacheCore cache;

	Removals(CacheCore cache) {
		this.cache = cache;
	}

	void evict(String key) {
		this.cache.loads().forget(key);
		remove(CacheOperation.EVICT, this.cache.store().evict(this.cache.handle(), key));
		this.cache.statistics().eviction();
	}

	boolean evictIfPresent(String key) {
		this.cache.loads().forget(key);
		boolean present = remove(CacheOperation.EVICT, this.cache.store().evictIfPresent(this.cache.handle(), key));
		this.cache.statistics().eviction();
		return present;
	}

	CompletableFuture<Boolean> evictAsync(String key) {
		this.cache.loads().forget(key);
		return removeAsync(CacheOperation.EVICT, this.cache.store().evictIfPresent(this.cache.handle(), key))
			.thenApply((present) -> {
				this.cache.statistics().eviction();
				return present;
			});
	}

	/**
	 * Evict many.
	 * @return how many were present
	 */
	long evictAll(Set<String> keys) {
		return present(keys, bulk(keys).await());
	}

	CompletableFuture<Long> evictAllAsync(Set<String> keys) {
		return bulk(keys).async().thenApply((answer) -> present(keys, answer));
	}

	private Bulk<Boolean> bulk(Set<String> keys) {
		keys.forEach(this.cache.loads()::forget);
		return this.cache.store().evictAll(this.cache.handle(), keys);
	}

	private long present(Set<String> keys, BulkAnswer<Boolean> answer) {
		answer.answers().forEach((key, present) -> this.cache.statistics().eviction());
		if (answer.failure() != null) {
			throw this.cache.failures().evictionFailed(answer.answers().size(), keys.size(), answer.failure());
		}
		return answer.answers().values().stream().filter((present) -> present).count();
	}

	void clear() {
		removeAll(() -> remove(CacheOperation.CLEAR, this.cache.store().clear(this.cache.handle())));
	}

	CompletableFuture<Boolean> clearAsync() {
		return removeAll(() -> removeAsync(CacheOperation.CLEAR, this.cache.store().clear(this.cache.handle())));
	}

	boolean invalidate() {
		return removeAll(() -> remove(CacheOperation.CLEAR, this.cache.store().invalidate(this.cache.handle())));
	}

	private <T> T removeAll(Supplier<T> removal) {
		this.cache.loads().forgetAll();
		return removal.get();
	}

	/**
	 * Remove, and wait for it unless this thread must not wait: then a failure can only
	 * be logged, and the answer is not known.
	 */
	private boolean remove(CacheOperation operation, Request<Boolean> removal) {
		if (NonBlockingThreads.isCurrent()) {
			removal.async().exceptionally((failure) -> {
				this.cache.failures().tolerate(operation, failure);
				return false;
			});
			return false;
		}
		try {
			return removal.await();
		}
		catch (StoreException ex) {
			throw this.cache.failures().evictionFailed(operation, ex);
		}
	}

	private CompletableFuture<Boolean> removeAsync(CacheOperation operation, Request<Boolean> removal) {
		return removal.async()
			.exceptionallyCompose((failure) -> CompletableFuture
				.failedFuture(this.cache.failures().evictionFailed(operation, failure)));
	}

}
