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

import java.util.function.Supplier;

import io.psqache.internal.engine.Call;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.Entries;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.NewEntry;

/**
 * Gives each thread its own view of the entries. In a transaction of the application the
 * view includes the transaction's changes, which are collected until the commit. Outside
 * of transactions it is the {@link EntryStore}. Thread-safe.
 */
public final class TransactionalStore {

	private final EntryStore committed;

	private final CommitListeners listeners = new CommitListeners();

	private final CurrentTransaction current;

	/**
	 * Create a store.
	 * @param committed the store of the committed entries
	 * @param transactions the transaction settings
	 */
	public TransactionalStore(EntryStore committed, Transactions transactions) {
		this.committed = committed;
		this.current = new CurrentTransaction(committed, transactions, this.listeners);
	}

	/**
	 * Return the store of the committed entries.
	 * @return the store, which ignores transactions
	 */
	public EntryStore committed() {
		return this.committed;
	}

	/**
	 * Set the listener for transactions that change a cache.
	 * @param cache the cache
	 * @param listener the listener, which replaces an earlier one of the cache
	 */
	public void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.listen(cache, listener);
	}

	/**
	 * Return whether changes of this thread wait for the commit of a transaction.
	 * @return whether the thread is in a transaction that caches take part in
	 */
	public boolean inTransaction() {
		return this.current.isActive();
	}

	/**
	 * Return whether the transaction of this thread has changed an entry. It must then
	 * read the entry here and not in the near cache.
	 * @param cache the cache
	 * @param key supplies the key; called only if the transaction has changed the cache
	 * @return whether the entry was written or evicted
	 */
	public boolean isChanged(CacheHandle cache, Supplier<String> key) {
		CacheTransaction transaction = this.current.begun();
		if (transaction == null) {
			return false;
		}
		ChangeLog changes = transaction.changes();
		return changes.isChanged(cache) && changes.change(cache, key.get()) != null;
	}

	/**
	 * Collect a put if this thread is in a transaction. The commit writes the entry.
	 * @param cache the cache
	 * @param key the key
	 * @param entry the entry to write, with the fence of the preceding miss, if any
	 * @param listener receives the outcome of the put
	 * @return {@code false} if the thread is not in a transaction; the caller then writes
	 * the entry through {@link #entries()}
	 */
	public boolean collect(CacheHandle cache, String key, NewEntry entry, PutListener listener) {
		CacheTransaction transaction = this.current.begin();
		if (transaction == null) {
			return false;
		}
		transaction.change((changes) -> changes.put(cache, key, new CollectedPut(entry, listener)));
		return true;
	}

	/**
	 * Evict an entry irrespective of the outcome of this thread's transaction:
	 * immediately, and again at the commit or rollback. Values that other callers load in
	 * between may be out of date after the commit.
	 * @param cache the cache
	 * @param key the key
	 * @return whether the entry existed in the view of this thread
	 */
	public Call<Boolean> evictForGood(CacheHandle cache, String key) {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new PersistentEvictions(this.committed, transaction).evict(cache, key)
				: this.committed.evictIfPresent(cache, key);
	}

	/**
	 * As {@link #evictForGood}, for all entries of a cache.
	 * @param cache the cache
	 * @return whether an entry existed in the view of this thread
	 */
	public Call<Boolean> clearForGood(CacheHandle cache) {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new PersistentEvictions(this.committed, transaction).clear(cache)
				: this.committed.invalidate(cache);
	}

	/**
	 * Return the current view of this thread.
	 * @return the view, for one call only, because the thread may be in another
	 * transaction afterwards
	 */
	public Entries entries() {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new TransactionEntries(this.committed, transaction) : this.committed;
	}

}
