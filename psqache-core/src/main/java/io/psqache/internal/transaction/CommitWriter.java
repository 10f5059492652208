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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.FailureCause;
import io.psqache.LostEvictionException;
import io.psqache.StoreException;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.CacheRow;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Suspension;

/**
 * Writes changes within the transaction, on its connection, and decides whether the
 * transaction fails if the write fails. Thread-safe.
 */
final class CommitWriter {

	/**
	 * An attempt fails only if another instance takes a lease meanwhile.
	 */
	private static final int MAX_ATTEMPTS = 10;

	private final EntryStore store;

	private final EvictionsOnBehalf onBehalf;

	private final CommitListeners listeners;

	private final boolean evictionsRequired;

	private final SnapshotIsolation isolation = new SnapshotIsolation();

	CommitWriter(EntryStore store, CommitListeners listeners, boolean evictionsRequired) {
		this.store = store;
		this.onBehalf = new EvictionsOnBehalf(store);
		this.listeners = listeners;
		this.evictionsRequired = evictionsRequired;
	}

	/**
	 * Write changes. If this fails, the evictions are written without the puts, because a
	 * value may be the cause. A failure of the cache's own connections does not affect
	 * the transaction. Then suspend the strict near entries of the changed entries.
	 * @return the suspensions, to be ended when the outcome of the transaction is known
	 * @throws org.springframework.dao.ConcurrencyFailureException if the evictions cannot
	 * be written either, and a repeated transaction may succeed
	 * @throws LostEvictionException if the evictions cannot be written for another reason
	 */
	List<Suspension> write(TransactionConnection connection, List<CacheChanges> changes) {
		Attempt attempt = new Attempt(connection, this.isolation.keepsSnapshot(connection));
		return writeOrEvict(attempt, changes) ? suspend(attempt, changes) : List.of();
	}

	/**
	 * Write changes, or at least the evictions.
	 * @return whether the transaction evicts; if not, that is settled
	 */
	private boolean writeOrEvict(Attempt attempt, List<CacheChanges> changes) {
		try {
			changes.forEach(this::settle);
			prepare(changes);
			Map<CacheHandle, Set<String>> written = writeUnlessLocked(attempt, changes);
			changes.forEach((change) -> change.notifyListeners(written.getOrDefault(change.cache(), Set.of())));
			return true;
		}
		catch (StoreException ex) {
			boolean evicted = evict(attempt, changes, ex);
			changes.forEach((change) -> change.puts().values().forEach((put) -> put.listener().failed(ex)));
			return evicted;
		}
	}

	/**
	 * After the statements, which have locked the tables (step 8 of the protocol of
	 * strict near caches). All suspensions are sent before the first is awaited.
	 */
	private List<Suspension> suspend(Attempt attempt, List<CacheChanges> changes) {
		List<CacheChanges> evictions = changes.stream()
			.map(CacheChanges::evictions)
			.filter((eviction) -> !eviction.isEmpty())
			.toList();
		if (evictions.isEmpty()) {
			return List.of();
		}
		List<CompletableFuture<Suspension>> sent = evictions.stream()
			.map((eviction) -> suspend(attempt, eviction))
			.toList();
		List<Suspension> suspensions = new ArrayList<>();
		StoreException failure = null;
		for (CompletableFuture<Suspension> each : sent) {
			try {
				suspensions.add(CallMode.get(CallMode.BLOCKING.settle(each)));
			}
			catch (Exception ex) {
				each.thenAccept(Suspension::end);
				failure = (ex instanceof InterruptedException) ? new StoreException(FailureCause.INTERRUPTED, null)
						: StoreException.of(ex);
			}
		}
		if (failure != null) {
			try {
				notEvicted(evictions, failure);
			}
			catch (RuntimeException ex) {
				suspensions.forEach(Suspension::end);
				throw ex;
			}
		}
		return suspensions;
	}

	private CompletableFuture<Suspension> suspend(Attempt attempt, CacheChanges eviction) {
		try {
			return this.store.suspend(eviction.cache(), rowWithAllLeases(attempt, eviction.cache()),
					eviction.cleared() ? null : eviction.keys());
		}
		catch (StoreException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * The statements of a transaction that keeps its snapshot do not see later leases.
	 * Another connection looks them up. If there is none, the transaction locks the row
	 * of the cache, and fails if that was changed after the snapshot.
	 */
	private CacheRow rowWithAllLeases(Attempt attempt, CacheHandle cache) {
		CacheRow used = attempt.rows.get(cache);
		if (used != null && !attempt.keepsSnapshot) {
			return used;
		}
		try {
			return this.store.latestRow(cache);
		}
		catch (StoreException ex) {
			if (used == null) {
				throw ex;
			}
			try {
				if (attempt.connection.call((session) -> this.store.statements().lock(session, used))) {
					return used;
				}
			}
			catch (StoreException locking) {
				locking.addSuppressed(ex);
				throw locking;
			}
			throw new MissingRowException();
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
	private Map<CacheHandle, Set<String>> writeUnlessLocked(Attempt attempt, List<CacheChanges> changes) {
		try {
			return executeAgain(attempt, changes);
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.LOCKED) {
				throw ex;
			}
			return executeAgain(attempt, changes.stream().map(CacheChanges::unfenced).toList());
		}
	}

	/**
	 * If each statement has its own snapshot, a missing row was created again, or has
	 * later leases. The next attempt looks it up.
	 */
	private Map<CacheHandle, Set<String>> executeAgain(Attempt attempt, List<CacheChanges> changes) {
		for (int times = 1; !attempt.keepsSnapshot && times < MAX_ATTEMPTS; times++) {
			try {
				return execute(attempt, changes);
			}
			catch (MissingRowException ex) {
				prepare(changes);
			}
		}
		return execute(attempt, changes);
	}

	private Map<CacheHandle, Set<String>> execute(Attempt attempt, List<CacheChanges> changes) {
		return attempt.connection.call((session) -> {
			CommitStatements statements = new CommitStatements(this.store, session);
			Map<CacheHandle, Set<String>> written = statements.write(changes);
			attempt.rows.putAll(statements.rows());
			return written;
		});
	}

	private boolean evict(Attempt attempt, List<CacheChanges> changes, StoreException failure) {
		List<CacheChanges> evictions = changes.stream()
			.map(CacheChanges::evictions)
			.filter((eviction) -> !eviction.isEmpty())
			.toList();
		if (evictions.isEmpty()) {
			return false;
		}
		try {
			if (isConflict(failure)) { // the row of a cache may be deleted
				prepare(evictions);
			}
			executeAgain(attempt, evictions);
			return true;
		}
		catch (StoreException ex) {
			suppress(ex, failure);
			if (isConflict(ex)) {
				return evictOnBehalf(attempt.connection, evictions, ex);
			}
			notEvicted(evictions, ex);
			return false;
		}
	}

	/**
	 * Evict on another connection. If that connection fails permanently, the failure is
	 * not reported as a conflict, because repeating the transaction would not help.
	 */
	private boolean evictOnBehalf(TransactionConnection connection, List<CacheChanges> evictions,
			StoreException conflict) {
		try {
			if (this.onBehalf.evict(connection, evictions)) {
				return true;
			}
			notEvicted(evictions, conflict);
		}
		catch (StoreException ex) {
			boolean isTransient = ex.failureCause().isTransient();
			suppress(isTransient ? conflict : ex, isTransient ? ex : conflict);
			notEvicted(evictions, isTransient ? conflict : ex);
		}
		return false;
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

	/**
	 * The writing of the changes of one transaction.
	 */
	private static final class Attempt {

		private final TransactionConnection connection;

		private final boolean keepsSnapshot;

		/**
		 * The rows by which the caches were changed.
		 */
		private final Map<CacheHandle, CacheRow> rows = new HashMap<>();

		Attempt(TransactionConnection connection, boolean keepsSnapshot) {
			this.connection = connection;
			this.keepsSnapshot = keepsSnapshot;
		}

	}

}
