package io.psqache.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.psqache.store.CacheChanges;
import io.psqache.engine.StoreException;
import io.psqache.store.TransactionLane;
import io.psqache.store.TransactionSupport;

/**
 * Evicts by the cache's own connections, before the commit, what a transaction of
 * {@code REPEATABLE READ} and above may not overwrite, since it was written after the
 * transaction began. The tombstones are the transaction's, so that nothing is stored in
 * their place that was loaded before its commit. Thread-safe.
 */
final class EvictionsOnBehalf {

	private final TransactionSupport support;

	EvictionsOnBehalf(TransactionSupport support) {
		this.support = support;
	}

	/**
	 * Evict what the transaction could not. What it has evicted already, by the trigger
	 * of a watched table, say, it has locked: whoever evicts that as well would wait for
	 * the end of the transaction, which waits for him.
	 * @param connection the transaction's
	 * @param changes what it was to do
	 * @return whether it is done: not for other transactions, which another connection is
	 * no help for, nor for whole caches
	 * @throws StoreException if one failed; the others are done
	 */
	boolean evict(TransactionConnection connection, List<CacheChanges> changes) {
		if (changes.stream().anyMatch(CacheChanges::cleared) || !connection.call(TransactionLane::keepsSnapshot)) {
			return false;
		}
		String transactionId = connection.call(TransactionLane::transactionId);
		StoreException failure = null;
		for (CacheChanges change : connection.call((lane) -> left(lane, changes))) {
			StoreException failed = this.support.evictAll(change.cache(), change.evicted(), transactionId)
				.await()
				.failure();
			failure = (failure != null) ? failure : failed;
		}
		if (failure != null) {
			throw failure;
		}
		return true;
	}

	private static List<CacheChanges> left(TransactionLane lane, List<CacheChanges> changes) {
		List<CacheChanges> left = new ArrayList<>();
		for (CacheChanges change : changes) {
			Set<String> keys = lane.notEvictedYet(change.cache(), change.evicted());
			if (!keys.isEmpty()) {
				left.add(new CacheChanges(change.cache(), false, keys, Map.of()));
			}
		}
		return left;
	}

}
