package io.psqache.transaction;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.engine.FailureCause;
import io.psqache.engine.StoreException;
import io.psqache.store.TransactionSupport;

/**
 * Writes changes within the transaction, on its connection: the one place where it is
 * known what goes out with a commit. Thread-safe.
 */
final class CommitWriter {

	private final TransactionSupport support;

	private final EvictionsOnBehalf onBehalf;

	private final CommitListeners listeners;

	private final boolean evictionsRequired;

	CommitWriter(EntryStore store, CommitListeners listeners, boolean evictionsRequired) {
		this.support = store.transactionSupport();
		this.onBehalf = new EvictionsOnBehalf(this.support);
		this.listeners = listeners;
		this.evictionsRequired = evictionsRequired;
	}

	/**
	 * Write them. If that fails it is done without what was put, of which a value may be
	 * the cause. That the cache's own connections fail is none of the transaction's
	 * business.
	 * @throws org.springframework.dao.ConcurrencyFailureException if what is removed
	 * cannot be written either, and the transaction may succeed when it is repeated
	 * @throws LostEvictionException if it cannot be written for another reason
	 */
	void write(TransactionConnection connection, List<CacheChanges> changes, List<ToldPut> puts) {
		try {
			this.support.prepare(changes);
			Map<CacheHandle, Set<String>> written = writeUnlessLocked(connection, changes);
			puts.forEach((put) -> put.tell(written.getOrDefault(put.cache(), Set.of()).contains(put.key())));
		}
		catch (StoreException ex) {
			remove(connection, changes, ex);
			puts.forEach((put) -> put.listener().failed(ex));
		}
	}

	/**
	 * An entry that someone has locked is being overwritten or evicted: what was loaded
	 * for it is too late, or soon will be, and nobody waits for that.
	 */
	private static Map<CacheHandle, Set<String>> writeUnlessLocked(TransactionConnection connection,
			List<CacheChanges> changes) {
		try {
			return connection.call((lane) -> lane.write(changes));
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.LOCKED) {
				throw ex;
			}
			List<CacheChanges> unfenced = changes.stream().map(CacheChanges::unfenced).toList();
			return connection.call((lane) -> lane.write(unfenced));
		}
	}

	private void remove(TransactionConnection connection, List<CacheChanges> changes, StoreException failure) {
		List<CacheChanges> removals = changes.stream()
			.map(CacheChanges::removals)
			.filter((change) -> !change.isEmpty())
			.toList();
		if (removals.isEmpty()) {
			return;
		}
		try {
			if (isConflict(failure)) { // the cache may be gone
				this.support.prepare(removals);
			}
			connection.call((lane) -> lane.write(removals));
		}
		catch (StoreException ex) {
			suppress(ex, failure);
			if (isConflict(ex)) {
				removeOnBehalf(connection, removals, ex);
			}
			else {
				notRemoved(removals, ex);
			}
		}
	}

	/**
	 * What the other connection is refused for good is no conflict any more: to repeat
	 * the transaction would be no help.
	 */
	private void removeOnBehalf(TransactionConnection connection, List<CacheChanges> removals,
			StoreException conflict) {
		try {
			if (!this.onBehalf.evict(connection, removals)) {
				notRemoved(removals, conflict);
			}
		}
		catch (StoreException ex) {
			boolean passes = ex.failureCause().isTransient();
			suppress(passes ? conflict : ex, passes ? ex : conflict);
			notRemoved(removals, passes ? conflict : ex);
		}
	}

	private void notRemoved(List<CacheChanges> removals, StoreException failure) {
		if (this.evictionsRequired) {
			throw isConflict(failure) ? ConflictTranslation.translate(failure)
					: LostEvictionException.beforeCommit(failure);
		}
		this.listeners.lost(removals, failure);
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
