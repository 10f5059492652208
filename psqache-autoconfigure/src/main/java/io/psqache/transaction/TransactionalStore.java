package io.psqache.transaction;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import io.psqache.store.TransactionSupport;
import io.psqache.transaction.PendingChanges.Change;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The entries as a transaction of the application sees them, if the caller's thread is in
 * one: what it has changed, and what else is committed. Changes are collected until it is
 * committed. Outside of transactions it is the {@link EntryStore}. Thread-safe.
 */
public final class TransactionalStore {

	/**
	 * Nobody is to be told.
	 */
	private static final PutListener NOBODY = new PutListener() {

		@Override
		public void stored() {
		}

		@Override
		public void refused() {
		}

		@Override
		public void failed(StoreException failure) {
		}

	};

	private final EntryStore entries;

	private final TransactionSupport support;

	private final Transactions transactions;

	private final ChangeWriter writer;

	/**
	 * Create it.
	 * @param entries what is committed
	 * @param transactions how caches take part in transactions
	 */
	public TransactionalStore(EntryStore entries, Transactions transactions) {
		this.entries = entries;
		this.support = entries.transactionSupport();
		this.transactions = transactions;
		this.writer = new ChangeWriter(entries, transactions.evictionsRequired());
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
		this.writer.listen(cache, listener);
	}

	/**
	 * Whether what this thread changes waits for the commit of a transaction.
	 * @return whether it is in one
	 */
	public boolean inTransaction() {
		return this.transactions.mode() != TransactionMode.NONE
				&& TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive()
				&& !(TransactionSynchronizationManager.getResource(this) instanceof CacheTransaction transaction
						&& transaction.isOver());
	}

	/**
	 * Whether the transaction of this thread has changed an entry, so that it must read
	 * by this store, and no copy.
	 * @param cache the cache
	 * @param key makes its key, if it matters
	 * @return whether it was written or removed
	 */
	public boolean isChanged(CacheHandle cache, Supplier<String> key) {
		if (!inTransaction()
				|| !(TransactionSynchronizationManager.getResource(this) instanceof CacheTransaction transaction)) {
			return false;
		}
		PendingChanges changes = transaction.changes();
		return changes.isChanged(cache) && changes.change(cache, key.get()) != null;
	}

	/**
	 * The transaction of this thread.
	 * @return {@code null} if it is in none
	 */
	private @Nullable CacheTransaction transaction() {
		if (!inTransaction()) {
			return null;
		}
		if (TransactionSynchronizationManager.getResource(this) instanceof CacheTransaction present) {
			return present;
		}
		TransactionConnection connection = (this.transactions.dataSource() != null
				&& this.transactions.mode() == TransactionMode.ATOMIC)
						? TransactionConnection.find(this.entries, this.transactions.dataSource()) : null;
		CacheTransaction made = new CacheTransaction(this, this.writer, connection);
		made.join();
		return made;
	}

	private @Nullable Change pending(@Nullable CacheTransaction transaction, CacheHandle cache, String key) {
		return (transaction != null) ? transaction.changes().change(cache, key) : null;
	}

	private static ReadAnswer answer(Change change) {
		NewEntry entry = change.entry();
		return new ReadAnswer((entry != null) ? entry.value() : null, null);
	}

	/**
	 * As {@link EntryStore#get}.
	 */
	public Request<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		Change pending = pending(transaction(), cache, key);
		return (pending != null) ? this.support.answered(() -> answer(pending))
				: this.entries.get(cache, key, timeToIdle);
	}

	/**
	 * As {@link EntryStore#getOrFence}. In a transaction the fence is what that can see,
	 * and it is all done when this returns.
	 */
	public Request<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		CacheTransaction transaction = transaction();
		if (transaction == null) {
			return this.entries.getOrFence(cache, key, timeToIdle);
		}
		Change pending = pending(transaction, cache, key);
		return this.support.answered(() -> {
			ReadAnswer answer = (pending != null) ? answer(pending) : this.entries.get(cache, key, timeToIdle).await();
			return (answer.present() != null) ? answer : new ReadAnswer(null, transaction.fence(cache));
		});
	}

	/**
	 * As {@link EntryStore#fence}. In a transaction it is done when this returns.
	 */
	public Request<Fence> fence(CacheHandle cache) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> transaction.fence(cache))
				: this.entries.fence(cache);
	}

	/**
	 * As {@link EntryStore#getAll}. If the transaction has changed the cache, it is all
	 * done when this returns.
	 */
	public Bulk<ReadAnswer> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		CacheTransaction transaction = transaction();
		Map<String, ReadAnswer> answers = new LinkedHashMap<>();
		Set<String> others = new LinkedHashSet<>();
		for (String key : keys) {
			Change pending = pending(transaction, cache, key);
			if (pending != null) {
				answers.put(key, answer(pending));
			}
			else {
				others.add(key);
			}
		}
		if (answers.isEmpty()) {
			return this.entries.getAll(cache, keys, timeToIdle);
		}
		answers.putAll(this.entries.getAll(cache, others, timeToIdle).await().answers());
		return this.support.answered(cache, answers);
	}

	/**
	 * As {@link EntryStore#peek}.
	 */
	public Request<Optional<Duration>> peek(CacheHandle cache, String key) {
		Change pending = pending(transaction(), cache, key);
		if (pending == null) {
			return this.entries.peek(cache, key);
		}
		NewEntry entry = pending.entry();
		return this.support
			.answered(() -> (entry != null) ? Optional.of(entry.lifetime().unread()) : Optional.<Duration>empty());
	}

	/**
	 * As {@link EntryStore#put(CacheHandle, String, NewEntry)}.
	 */
	public Request<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> {
			transaction.put(cache, key, entry, NOBODY);
			return true;
		}) : this.entries.put(cache, key, entry);
	}

	/**
	 * As {@link EntryStore#putBehind}; in a transaction, written with its commit.
	 */
	public void putBehind(CacheHandle cache, String key, NewEntry entry, PutListener listener, boolean patient) {
		CacheTransaction transaction = transaction();
		if (transaction != null) {
			transaction.put(cache, key, entry, listener);
		}
		else {
			this.entries.putBehind(cache, key, entry, listener, patient);
		}
	}

	/**
	 * As {@link EntryStore#putIfAbsent}. In a transaction it is decided when this
	 * returns, by what the transaction sees.
	 */
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> {
			if (isPresent(transaction, cache, key)) {
				return false;
			}
			transaction.put(cache, key, new NewEntry(value, lifetime), NOBODY);
			return true;
		}) : this.entries.putIfAbsent(cache, key, value, lifetime);
	}

	private boolean isPresent(CacheTransaction transaction, CacheHandle cache, String key) {
		Change pending = pending(transaction, cache, key);
		return (pending != null) ? pending.entry() != null : this.entries.peek(cache, key).await().isPresent();
	}

	/**
	 * As {@link EntryStore#putAll}.
	 */
	public Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		CacheTransaction transaction = transaction();
		if (transaction == null) {
			return this.entries.putAll(cache, values, lifetimes);
		}
		Map<String, Boolean> answers = new LinkedHashMap<>();
		values.forEach((key, value) -> {
			transaction.put(cache, key, new NewEntry(value, lifetimes.get()), NOBODY);
			answers.put(key, true);
		});
		return this.support.answered(cache, answers);
	}

	/**
	 * As {@link EntryStore#evict}, for who does not need to know whether there was an
	 * entry: in a transaction nobody looks.
	 */
	public Request<Boolean> evict(CacheHandle cache, String key) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> {
			transaction.evict(cache, key);
			return true;
		}) : this.entries.evict(cache, key);
	}

	/**
	 * As {@link EntryStore#evict}. In a transaction it is decided when this returns, by
	 * what the transaction sees.
	 */
	public Request<Boolean> evictIfPresent(CacheHandle cache, String key) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> {
			boolean present = isPresent(transaction, cache, key);
			transaction.evict(cache, key);
			return present;
		}) : this.entries.evict(cache, key);
	}

	/**
	 * As {@link EntryStore#evictAll(CacheHandle, Set)}. In a transaction it is decided
	 * when this returns, by what the transaction sees.
	 */
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys) {
		CacheTransaction transaction = transaction();
		if (transaction == null) {
			return this.entries.evictAll(cache, keys);
		}
		Map<String, Boolean> answers = new LinkedHashMap<>();
		getAll(cache, keys, null).await()
			.answers()
			.forEach((key, answer) -> answers.put(key, answer.present() != null));
		keys.forEach((key) -> {
			answers.putIfAbsent(key, false);
			transaction.evict(cache, key);
		});
		return this.support.answered(cache, answers);
	}

	/**
	 * As {@link EntryStore#clear}.
	 */
	public Request<Boolean> clear(CacheHandle cache) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> {
			transaction.clear(cache);
			return true;
		}) : this.entries.clear(cache);
	}

	/**
	 * As {@link EntryStore#invalidate}. In a transaction it is decided when this returns,
	 * by what the transaction sees.
	 */
	public Request<Boolean> invalidate(CacheHandle cache) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? this.support.answered(() -> {
			boolean present = isAnyPresent(transaction.changes(), cache);
			transaction.clear(cache);
			return present;
		}) : this.entries.invalidate(cache);
	}

	private boolean isAnyPresent(PendingChanges changes, CacheHandle cache) {
		Set<String> changed = new HashSet<>(changes.keys(cache));
		for (String key : changed) {
			Change change = changes.change(cache, key);
			if (change != null && change.entry() != null) {
				return true;
			}
		}
		return !changes.isCleared(cache) && this.support.isAnyPresent(cache, changed).await();
	}

}
