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

import javax.sql.DataSource;

import io.psqache.TransactionMode;
import io.psqache.internal.store.EntryStore;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Finds or creates the {@link CacheTransaction} of the calling thread, which is bound to
 * the Spring transaction as a resource. Thread-safe.
 */
final class CurrentTransaction {

	private final EntryStore store;

	private final Transactions transactions;

	private final CommitListeners listeners;

	private final CommitWriter writer;

	private final AfterCommitWriter afterCommitWriter;

	private final DatabaseCheck check;

	CurrentTransaction(EntryStore store, Transactions transactions, CommitListeners listeners) {
		this.store = store;
		this.transactions = transactions;
		this.listeners = listeners;
		this.writer = new CommitWriter(store, listeners, transactions.evictionsRequired());
		this.afterCommitWriter = new AfterCommitWriter(store);
		this.check = new DatabaseCheck(store, transactions.database());
	}

	/**
	 * Return whether this thread is in a transaction that caches take part in and that
	 * has not ended.
	 */
	boolean isActive() {
		if (this.transactions.mode() == TransactionMode.NONE
				|| !TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		CacheTransaction bound = bound();
		return bound == null || !bound.isEnded();
	}

	/**
	 * Return the cache transaction of this thread.
	 * @return {@code null} if there is no transaction or no cache was used in it
	 */
	@Nullable CacheTransaction begun() {
		return isActive() ? bound() : null;
	}

	/**
	 * Return the cache transaction of this thread, and create it if necessary.
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
				? TransactionConnection.find(dataSource, this.store.schema()) : null;
		WritableConnection writable = new WritableConnection(connection, this.check);
		CacheTransaction joined = new CacheTransaction(this, writable, new LoadFences(this.store, writable),
				this.writer, this.afterCommitWriter, this.listeners);
		joined.join();
		return joined;
	}

}
