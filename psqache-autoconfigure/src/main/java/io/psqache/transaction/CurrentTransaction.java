package io.psqache.transaction;

import javax.sql.DataSource;

import io.psqache.store.EntryStore;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The {@link CacheTransaction} of the thread that asks: it is bound to the thread's
 * transaction, as other resources of Spring's are. Thread-safe.
 */
final class CurrentTransaction {

	private final EntryStore store;

	private final Transactions transactions;

	private final CommitListeners listeners;

	private final CommitWriter writer;

	private final LateWriter lateWriter;

	CurrentTransaction(EntryStore store, Transactions transactions, CommitListeners listeners) {
		this.store = store;
		this.transactions = transactions;
		this.listeners = listeners;
		this.writer = new CommitWriter(store, listeners, transactions.evictionsRequired());
		this.lateWriter = new LateWriter(store);
	}

	/**
	 * Whether the thread is in a transaction that caches take part in, and that is not
	 * over yet.
	 */
	boolean isActive() {
		if (this.transactions.mode() == TransactionMode.NONE
				|| !TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		CacheTransaction bound = bound();
		return bound == null || !bound.isOver();
	}

	/**
	 * What caches have done in it so far.
	 * @return {@code null} if there is no transaction, or they have done nothing
	 */
	@Nullable CacheTransaction begun() {
		return isActive() ? bound() : null;
	}

	/**
	 * What caches do in it from now on.
	 * @return {@code null} if there is no transaction
	 */
	@Nullable CacheTransaction begin() {
		if (!isActive()) {
			return null;
		}
		CacheTransaction begun = bound();
		return (begun != null) ? begun : join();
	}

	private @Nullable CacheTransaction bound() {
		return (CacheTransaction) TransactionSynchronizationManager.getResource(this);
	}

	private CacheTransaction join() {
		DataSource dataSource = this.transactions.dataSource();
		TransactionConnection connection = (dataSource != null && this.transactions.mode() == TransactionMode.ATOMIC)
				? TransactionConnection.find(this.store, dataSource) : null;
		CacheTransaction joined = new CacheTransaction(this, connection, new LoadFences(this.store, connection),
				this.writer, this.lateWriter, this.listeners);
		joined.join();
		return joined;
	}

}
