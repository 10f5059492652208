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
 * The entries as the calling thread sees them. In a transaction of the application they
 * include its own changes, which are collected until the commit. Outside of transactions
 * they are those of the {@link EntryStore}. Thread-safe.
 */
public final class TransactionalStore {

	private final EntryStore committed;

	private final CommitListeners listeners = new CommitListeners();

	private final CurrentTransaction current;

	/**
	 * Create a store.
	 * @param committed the entries outside of transactions
	 * @param transactions how caches take part in transactions
	 */
	public TransactionalStore(EntryStore committed, Transactions transactions) {
		this.committed = committed;
		this.current = new CurrentTransaction(committed, transactions, this.listeners);
	}

	/**
	 * The entries outside of transactions.
	 * @return the store of what is committed
	 */
	public EntryStore committed() {
		return this.committed;
	}

	/**
	 * Tell a listener what transactions change in a cache.
	 * @param cache the cache
	 * @param listener takes the place of the cache's earlier listener, if any
	 */
	public void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.listen(cache, listener);
	}

	/**
	 * Whether changes of this thread wait for the commit of a transaction.
	 * @return whether the thread is in one
	 */
	public boolean inTransaction() {
		return this.current.isActive();
	}

	/**
	 * Whether the transaction of this thread has changed an entry, so that it must read
	 * the entry here, and no copy.
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
	 * Collect a put if this thread is in a transaction: the commit writes it.
	 * @param cache the cache
	 * @param key the key
	 * @param entry what to write, and the fence of the miss before it, if any
	 * @param listener is told what became of the put
	 * @return {@code false} if the thread is in no transaction: write the entry by
	 * {@link #entries()}
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
	 * Remove an entry whatever becomes of the transaction of this thread: now, and once
	 * more when the transaction ends, be it by a commit or a rollback. What others load
	 * in between may be out of date with the commit.
	 * @param cache the cache
	 * @param key the key
	 * @return whether there was an entry, as this thread saw it
	 */
	public Call<Boolean> evictForGood(CacheHandle cache, String key) {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new PersistentEvictions(this.committed, transaction).evict(cache, key)
				: this.committed.evictIfPresent(cache, key);
	}

	/**
	 * As {@link #evictForGood}, for all entries of a cache.
	 * @param cache the cache
	 * @return whether there was any entry, as this thread saw it
	 */
	public Call<Boolean> clearForGood(CacheHandle cache) {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new PersistentEvictions(this.committed, transaction).clear(cache)
				: this.committed.invalidate(cache);
	}

	/**
	 * The entries as this thread sees them now.
	 * @return the entries, for the next call only: after it, the thread may be in another
	 * transaction
	 */
	public Entries entries() {
		CacheTransaction transaction = this.current.begin();
		return (transaction != null) ? new TransactionEntries(this.committed, transaction) : this.committed;
	}

}
