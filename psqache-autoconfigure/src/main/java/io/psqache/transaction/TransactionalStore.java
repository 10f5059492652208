package io.psqache.transaction;

import java.util.function.Supplier;

import io.psqache.store.CacheHandle;
import io.psqache.store.Entries;
import io.psqache.store.EntryStore;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;

/**
 * The entries as a transaction of the application sees them, if the caller's thread is in
 * one: what it has changed, and what else is committed. Changes are collected until it is
 * committed. Outside of transactions it is the {@link EntryStore}. Thread-safe.
 */
public final class TransactionalStore {

	private final EntryStore committed;

	private final CommitListeners listeners = new CommitListeners();

	private final CurrentTransaction current;

	/**
	 * Create it.
	 * @param committed the entries outside of transactions
	 * @param transactions how caches take part in transactions
	 */
	public TransactionalStore(EntryStore committed, Transactions transactions) {
		this.committed = committed;
		this.current = new CurrentTransaction(committed, transactions, this.listeners);
	}

	/**
	 * The entries as those see them who are in no transaction.
	 * @return the store of what is committed
	 */
	public EntryStore committed() {
		return this.committed;
	}

	/**
	 * Be told what transactions change in a cache.
	 * @param cache the cache
	 * @param listener takes the place of one that was told before
	 */
	public void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.listen(cache, listener);
	}

	/**
	 * Whether what this thread changes waits for the commit of a transaction.
	 * @return whether it is in one
	 */
	public boolean inTransaction() {
		return this.current.isActive();
	}

	/**
	 * Whether the transaction of this thread has changed an entry, so that it must read
	 * by this store, and no copy.
	 * @param cache the cache
	 * @param key makes its key, if it matters
	 * @return whether it was written or removed
	 */
	public boolean isChanged(CacheHandle cache, Supplier<String> key) {
		CacheTransaction transaction = this.current.begun();
		if (transaction == null) {
			return false;
		}
		PendingChanges changes = transaction.changes();
		return changes.isChanged(cache) && changes.change(cache, key.get()) != null;
	}

	/**
	 * Collect a put, if this thread is in a transaction: it is written with the commit.
	 * @param cache the cache
	 * @param key the key
	 * @param entry what to write, and the fence that it stands behind, if any
	 * @param listener is told what became of it
	 * @return {@code false} if the thread is in no transaction: write it by
	 * {@link #entries()}
	 */
	public boolean collect(CacheHandle cache, String key, NewEntry entry, PutListener listener) {
		CacheTransaction transaction = this.current.begin();
		if (transaction == null) {
			return false;
		}
		transaction.put(cache, key, entry, listener);
		return true;
	}

	/**
	 * The entries as this thread sees them now.
	 * @return for the next call, as whether it is in a transaction may change after that
	 */
	public Entries entries() {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new TransactionEntries(this.committed, transaction) : this.committed;
	}

}
