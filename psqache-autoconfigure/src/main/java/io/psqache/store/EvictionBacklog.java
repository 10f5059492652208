package io.psqache.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The {@link PendingEvictions} of all caches of a store, and how the database is asked
 * for them. Anyone may add to it; one thread at a time has them done.
 */
final class EvictionBacklog {

	private final Bulks bulks;

	private final Clears clears;

	/**
	 * Those that have some, and perhaps others.
	 */
	private final Set<CacheHandle> caches = ConcurrentHashMap.newKeySet();

	/**
	 * Create it.
	 * @param bulks makes evictions that are sent whatever the circuit breaker says
	 * @param clears makes such clears
	 */
	EvictionBacklog(Bulks bulks, Clears clears) {
		this.bulks = bulks;
		this.clears = clears;
	}

	void add(CacheHandle cache, Set<String> keys) {
		keys.forEach(cache.pendingEvictions()::add);
		keys.forEach(cache::changedHere); // only now: whoever reads meanwhile finds none
											// to copy
		this.caches.add(cache);
	}

	void addAll(CacheHandle cache) {
		cache.pendingEvictions().addAll();
		cache.changedHere(null);
		this.caches.add(cache);
	}

	boolean isEmpty() {
		return this.caches.isEmpty();
	}

	/**
	 * How many there are, the clear of a cache counting as one.
	 */
	long size() {
		return this.caches.stream().mapToLong((cache) -> cache.pendingEvictions().size()).sum();
	}

	/**
	 * Have them done. One that fails for its own sake stays, and does not keep the
	 * others.
	 * @return how many were done
	 * @throws StoreException if the database failed; what it has not done stays
	 */
	long apply() {
		long before = size();
		StoreException failure = null;
		for (CacheHandle cache : this.caches) {
			StoreException failed = apply(cache);
			if (failed != null && failed.failureCause().isOfTheDatabase()) {
				throw failed;
			}
			failure = (failure != null) ? failure : failed;
		}
		if (failure != null) {
			throw failure;
		}
		return before;
	}

	private @Nullable StoreException apply(CacheHandle cache) {
		PendingEvictions pending = cache.pendingEvictions();
		try {
			return apply(cache, pending.take());
		}
		catch (StoreException ex) {
			return ex;
		}
		finally {
			if (pending.isEmpty()) {
				this.caches.remove(cache);
				if (!pending.isEmpty()) { // it came in between
					this.caches.add(cache);
				}
			}
		}
	}

	private @Nullable StoreException apply(CacheHandle cache, PendingEvictions.Portion portion) {
		if (portion.isAll()) {
			this.clears.clear(cache).await();
			portion.settleAll();
			return null;
		}
		BulkAnswer<Boolean> answer = this.bulks.evictions(cache, portion.keys(), null).await();
		portion.settle(answer.answers().keySet());
		return answer.failure();
	}

}
