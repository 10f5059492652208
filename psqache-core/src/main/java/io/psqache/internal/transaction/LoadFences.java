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

import java.sql.SQLException;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Session;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Fence;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes the fences for loads within the transaction of this thread. Not thread-safe: only
 * the thread of the transaction uses it.
 */
final class LoadFences {

	private final EntryStore store;

	private final WritableConnection connection;

	private final boolean keepsSnapshot = keepsSnapshot();

	/**
	 * Create a new instance.
	 * @param connection the connection of the transaction, if it reaches the store's
	 * database
	 */
	LoadFences(EntryStore store, WritableConnection connection) {
		this.store = store;
		this.connection = connection;
	}

	/**
	 * Return whether the transaction declares an isolation level that keeps a snapshot.
	 * The default level of the database is not considered.
	 */
	private static boolean keepsSnapshot() {
		Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		return isolation != null && isolation >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
	}

	/**
	 * Take the fence for a load that begins now.
	 */
	Fence take(CacheHandle cache) {
		TransactionConnection inTransaction = this.connection.get();
		return (inTransaction != null) ? inTransaction(inTransaction, cache) : onOwnConnection(cache);
	}

	/**
	 * Take the fence on the connection of the transaction, so that it has the
	 * transaction's own snapshot.
	 */
	private Fence inTransaction(TransactionConnection connection, CacheHandle cache) {
		this.store.prepareToChange(cache);
		try {
			return connection.call((session) -> take(session, cache));
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.CONFLICT) {
				throw ex;
			}
			this.store.fence(cache).await(); // inserts missing rows
			return connection.call((session) -> take(session, cache));
		}
	}

	/**
	 * Take the fence. If the transaction cannot see the row of the cache, the row may
	 * still exist.
	 */
	private Fence take(Session session, CacheHandle cache) throws SQLException {
		Fence fence = this.store.statements().fenceIfVisible(session, cache);
		if (fence == null) {
			throw new StoreException(FailureCause.CONFLICT, null);
		}
		return fence;
	}

	/**
	 * Take the fence on another connection, which may see more than the transaction. If
	 * the transaction keeps a snapshot, its loads may be older than this fence, so the
	 * fence refuses every value.
	 */
	private Fence onOwnConnection(CacheHandle cache) {
		Fence fence = this.store.fence(cache).await();
		return this.keepsSnapshot ? fence.shut() : fence;
	}

}
