package io.psqache;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.store.Bulk;
import io.psqache.store.BulkAnswer;
import io.psqache.store.Request;
import io.psqache.engine.StoreException;

/**
 * Removes entries of one cache, keys as stored. A removal that fails because of the
 * database is counted and remembered until it is done; any other failure is counted and
 * thrown, since whoever removes an entry relies on it. And whoever comes after a removal
 * shares no load that began before. Thread-safe.
 */
final class Removals {

	private final CacheCore cache;

	Removals(CacheCore cache) {
		this.cache = cache;
	}

	void evict(String key) {
		this.cache.loading().forget(key);
		remove(CacheOperation.EVICT, this.cache.store().entries().evict(this.cache.handle(), key),
				() -> evictLater(Set.of(key)));
		this.cache.statistics().eviction();
	}

	boolean evictIfPresent(String key) {
		this.cache.loading().forget(key);
		boolean present = remove(CacheOperation.EVICT,
				this.cache.store().entries().evictIfPresent(this.cache.handle(), key), () -> evictLater(Set.of(key)));
		this.cache.statistics().eviction();
		return present;
	}

	CompletableFuture<Boolean> evictAsync(String key) {
		this.cache.loading().forget(key);
		return removeAsync(CacheOperation.EVICT, this.cache.store().entries().evictIfPresent(this.cache.handle(), key),
				() -> evictLater(Set.of(key)))
			.thenApply((present) -> {
				this.cache.statistics().eviction();
				return present;
			});
	}

	/**
	 * Evict many.
	 * @return how many are known to have been present
	 */
	long evictAll(Set<String> keys) {
		return present(keys, bulk(keys).await());
	}

	CompletableFuture<Long> evictAllAsync(Set<String> keys) {
		return bulk(keys).async().thenApply((answer) -> present(keys, answer));
	}

	private Bulk<Boolean> bulk(Set<String> keys) {
		keys.forEach(this.cache.loading()::forget);
		return this.cache.store().entries().evictAll(this.cache.handle(), keys);
	}

	private long present(Set<String> keys, BulkAnswer<Boolean> answer) {
		int done = answer.answers().size();
		StoreException failure = answer.failure();
		if (failure != null && failure.failureCause().isTransient()) {
			Set<String> rest = new LinkedHashSet<>(keys);
			rest.removeAll(answer.answers().keySet());
			evictLater(rest);
			this.cache.failures().tolerate(CacheOperation.EVICT, failure);
			done = keys.size();
		}
		for (int i = 0; i < done; i++) {
			this.cache.statistics().eviction();
		}
		if (done < keys.size() && failure != null) {
			throw this.cache.failures().evictionFailed(done, keys.size(), failure);
		}
		return answer.answers().values().stream().filter((present) -> present).count();
	}

	private void evictLater(Set<String> keys) {
		this.cache.store().committed().evictLater(this.cache.handle(), keys);
	}

	void clear() {
		removeAll(() -> remove(CacheOperation.CLEAR, this.cache.store().entries().clear(this.cache.handle()),
				this::clearLater));
	}

	CompletableFuture<Boolean> clearAsync() {
		return removeAll(() -> removeAsync(CacheOperation.CLEAR,
				this.cache.store().entries().clear(this.cache.handle()), this::clearLater));
	}

	boolean invalidate() {
		return removeAll(() -> remove(CacheOperation.CLEAR,
				this.cache.store().entries().invalidate(this.cache.handle()), this::clearLater));
	}

	private void clearLater() {
		this.cache.store().committed().clearLater(this.cache.handle());
	}

	private <T> T removeAll(Supplier<T> removal) {
		this.cache.loading().forgetAll();
		return removal.get();
	}

	/**
	 * Remove, and wait for it unless this thread must not wait: then a failure can only
	 * be logged, and the answer is not known.
	 * @param later has it done later
	 */
	private boolean remove(CacheOperation operation, Request<Boolean> removal, Runnable later) {
		if (NonBlockingThreads.isCurrent()) {
			removal.async().exceptionally((failure) -> {
				if (CacheFailures.isTransient(failure)) {
					later.run();
				}
				this.cache.failures().tolerate(operation, failure);
				return false;
			});
			return false;
		}
		try {
			return removal.await();
		}
		catch (StoreException ex) {
			return remembered(operation, ex, later);
		}
	}

	private CompletableFuture<Boolean> removeAsync(CacheOperation operation, Request<Boolean> removal, Runnable later) {
		return removal.async().exceptionally((failure) -> remembered(operation, failure, later));
	}

	private boolean remembered(CacheOperation operation, Throwable failure, Runnable later) {
		if (!CacheFailures.isTransient(failure)) {
			throw this.cache.failures().evictionFailed(operation, failure);
		}
		later.run();
		this.cache.failures().tolerate(operation, failure);
		return false;
	}

}
