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

package io.psqache.internal.transaction;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.psqache.FailureCause;
import io.psqache.LostEvictionException;
import io.psqache.StoreException;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;

/**
 * Writes changes within the transaction, on its connection, and decides whether the
 * transaction fails if the write fails. Thread-safe.
 */
final class CommitWriter {

	private final EntryStore store;

	private final EvictionsOnBehalf onBehalf;

	private final CommitListeners listeners;

	private final boolean evictionsRequired;

	CommitWriter(EntryStore store, CommitListeners listeners, boolean evictionsRequired) {
		this.store = store;
		this.onBehalf = new EvictionsOnBehalf(store);
		this.listeners = listeners;
		this.evictionsRequired = evictionsRequired;
	}

	/**
	 * Write changes. If this fails, the evictions are written without the puts, because a
	 * value may be the cause. A failure of the cache's own connections does not affect
	 * the transaction.
	 * @throws org.springframework.dao.ConcurrencyFailureException if the evictions cannot
	 * be written either, and a repeated transaction may succeed
	 * @throws LostEvictionException if the evictions cannot be written for another reason
	 */
	void write(TransactionConnection connection, List<CacheChanges> changes) {
		try {
			changes.forEach(this::settle);
			prepare(changes);
			Map<CacheHandle, Set<String>> written = writeUnlessLocked(connection, changes);
			changes.forEach((change) -> change.notifyListeners(written.getOrDefault(change.cache(), Set.of())));
		}
		catch (StoreException ex) {
			evict(connection, changes, ex);
			changes.forEach((change) -> change.puts().values().forEach((put) -> put.listener().failed(ex)));
		}
	}

	/**
	 * Wait for asynchronous writes of the same entries, because the store's request queue
	 * does not order them before the transaction's statements.
	 */
	private void settle(CacheChanges change) {
		this.store.settle(change.cache(), change.cleared() ? null : change.keys());
	}

	/**
	 * Insert the rows of the caches on the cache's own connections, because a rollback of
	 * the transaction would delete them.
	 */
	private void prepare(List<CacheChanges> changes) {
		changes.forEach((change) -> this.store.prepareToChange(change.cache()));
	}

	/**
	 * Write, and omit the loaded values if an entry is locked. The transaction that holds
	 * the lock overwrites or evicts the entry. A loaded value is then out of date, so
	 * waiting for the lock is useless.
	 */
	private Map<CacheHandle, Set<String>> writeUnlessLocked(TransactionConnection connection,
			List<CacheChanges> changes) {
		try {
			return execute(connection, changes);
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.LOCKED) {
				throw ex;
			}
			return execute(connection, changes.stream().map(CacheChanges::unfenced).toList());
		}
	}

	private Map<CacheHandle, Set<String>> execute(TransactionConnection connection, List<CacheChanges> changes) {
		return connection.call((session) -> new CommitStatements(this.store, session).write(changes));
	}

	private void evict(TransactionConnection connection, List<CacheChanges> changes, StoreException failure) {
		List<CacheChanges> evictions = changes.stream()
			.map(CacheChanges::evictions)
			.filter((eviction) -> !eviction.isEmpty())
			.toList();
		if (evictions.isEmpty()) {
			return;
		}
		try {
			if (isConflict(failure)) { // the row of a cache may be deleted
				prepare(evictions);
			}
			execute(connection, evictions);
		}
		catch (StoreException ex) {
			suppress(ex, failure);
			if (isConflict(ex)) {
				evictOnBehalf(connection, evictions, ex);
			}
			else {
				notEvicted(evictions, ex);
			}
		}
	}

	/**
	 * Evict on another connection. If that connection fails permanently, the failure is
	 * not reported as a conflict, because repeating the transaction would not help.
	 */
	private void evictOnBehalf(TransactionConnection connection, List<CacheChanges> evictions,
			StoreException conflict) {
		try {
			if (!this.onBehalf.evict(connection, evictions)) {
				notEvicted(evictions, conflict);
			}
		}
		catch (StoreException ex) {
			boolean isTransient = ex.failureCause().isTransient();
			suppress(isTransient ? conflict : ex, isTransient ? ex : conflict);
			notEvicted(evictions, isTransient ? conflict : ex);
		}
	}

	private void notEvicted(List<CacheChanges> evictions, StoreException failure) {
		if (this.evictionsRequired) {
			throw isConflict(failure) ? ConflictTranslation.translate(failure)
					: LostEvictionException.beforeCommit(failure);
		}
		this.listeners.lost(evictions, failure);
	}

	private static boolean isConflict(StoreException failure) {
		return failure.failureCause() == FailureCause.CONFLICT;
	}

	private static void suppress(StoreException failure, StoreException other) {
		if (failure != other) {
			failure.addSuppressed(other);
		}
	}

}
