package io.psqache.transaction;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.engine.FailureCause;
import io.psqache.store.Fence;
import io.psqache.engine.StoreException;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes the fences of what is loaded within the transaction of this thread. Not
 * thread-safe, as the transaction is not.
 */
final class LoadFences {

	private final EntryStore store;

	private final @Nullable TransactionConnection connection;

	private final boolean keepsItsSnapshot = keepsItsSnapshot();

	/**
	 * Create it.
	 * @param connection the transaction's; {@code null} if that is no connection of the
	 * store's database
	 */
	LoadFences(EntryStore store, @Nullable TransactionConnection connection) {
		this.store = store;
		this.connection = connection;
	}

	/**
	 * As far as is known here: the database may have another default.
	 */
	private static boolean keepsItsSnapshot() {
		Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		return isolation != null && isolation >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
	}

	/**
	 * What a load that begins now will see.
	 */
	Fence take(CacheHandle cache) {
		return (this.connection != null) ? within(this.connection, cache) : beside(cache);
	}

	/**
	 * What the transaction itself can see.
	 */
	private Fence within(TransactionConnection connection, CacheHandle cache) {
		this.store.transactionSupport().prepare(List.of(new CacheChanges(cache, false, Set.of(), Map.of())));
		try {
			return connection.call((lane) -> lane.fence(cache));
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.CONFLICT) {
				throw ex;
			}
			this.store.fence(cache).await(); // which makes what it did not find
			return connection.call((lane) -> lane.fence(cache));
		}
	}

	/**
	 * By another connection, which may see more than the transaction does: what is loaded
	 * from a snapshot that is kept may be older than this fence.
	 */
	private Fence beside(CacheHandle cache) {
		Fence fence = this.store.fence(cache).await();
		return this.keepsItsSnapshot ? fence.shut() : fence;
	}

}
