package io.psqache.transaction;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.psqache.store.Bulk;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.Fence;
import io.psqache.store.Lifetime;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * The entries as a transaction of the application sees them, if the caller's thread is in
 * one: what it has changed, and what else is committed. Changes are collected until it is
 * committed. Outside of transactions it is the {@link EntryStore}. Thread-safe.
 */
public final class TransactionalStore {

	private final EntryStore entries;

	private final EntryView committed;

	private final CommitListeners listeners = new CommitListeners();

	private final CurrentTransaction current;

	/**
	 * Create it.
	 * @param entries what is committed
	 * @param transactions how caches take part in transactions
	 */
	public TransactionalStore(EntryStore entries, Transactions transactions) {
		this.entries = entries;
		this.committed = new CommittedEntries(entries);
		this.current = new CurrentTransaction(entries, transactions, this.listeners);
	}

	/**
	 * The store of what is committed.
	 * @return the store
	 */
	public EntryStore entries() {
		return this.entries;
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

	private EntryView view() {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new TransactionEntries(this.entries, transaction) : this.committed;
	}

	/**
	 * As {@link EntryStore#get}.
	 */
	public Request<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return view().get(cache, key, timeToIdle);
	}

	/**
	 * As {@link EntryStore#getOrFence}. In a transaction the fence is what that can see,
	 * and it is all done when this returns.
	 */
	public Request<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return view().getOrFence(cache, key, timeToIdle);
	}

	/**
	 * As {@link EntryStore#fence}. In a transaction it is done when this returns.
	 */
	public Request<Fence> fence(CacheHandle cache) {
		return view().fence(cache);
	}

	/**
	 * As {@link EntryStore#getAll}. If the transaction has changed the cache, it is all
	 * done when this returns.
	 */
	public Bulk<ReadAnswer> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		return view().getAll(cache, keys, timeToIdle);
	}

	/**
	 * As {@link EntryStore#peek}.
	 */
	public Request<Optional<Duration>> peek(CacheHandle cache, String key) {
		return view().peek(cache, key);
	}

	/**
	 * As {@link EntryStore#put(CacheHandle, String, NewEntry)}.
	 */
	public Request<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		return view().put(cache, key, entry);
	}

	/**
	 * As {@link EntryStore#putBehind}; in a transaction, written with its commit.
	 */
	public void putBehind(CacheHandle cache, String key, NewEntry entry, PutListener listener, boolean patient) {
		view().putBehind(cache, key, entry, listener, patient);
	}

	/**
	 * As {@link EntryStore#putIfAbsent}. In a transaction it is decided when this
	 * returns, by what the transaction sees.
	 */
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return view().putIfAbsent(cache, key, value, lifetime);
	}

	/**
	 * As {@link EntryStore#putAll}.
	 */
	public Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		return view().putAll(cache, values, lifetimes);
	}

	/**
	 * As {@link EntryStore#evict}, for who does not need to know whether there was an
	 * entry: in a transaction nobody looks.
	 */
	public Request<Boolean> evict(CacheHandle cache, String key) {
		return view().evict(cache, key);
	}

	/**
	 * As {@link EntryStore#evict}. In a transaction it is decided when this returns, by
	 * what the transaction sees.
	 */
	public Request<Boolean> evictIfPresent(CacheHandle cache, String key) {
		return view().evictIfPresent(cache, key);
	}

	/**
	 * As {@link EntryStore#evictAll(CacheHandle, Set)}. In a transaction it is decided
	 * when this returns, by what the transaction sees.
	 */
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys) {
		return view().evictAll(cache, keys);
	}

	/**
	 * As {@link EntryStore#clear}.
	 */
	public Request<Boolean> clear(CacheHandle cache) {
		return view().clear(cache);
	}

	/**
	 * As {@link EntryStore#invalidate}. In a transaction it is decided when this returns,
	 * by what the transaction sees.
	 */
	public Request<Boolean> invalidate(CacheHandle cache) {
		return view().invalidate(cache);
	}

}
