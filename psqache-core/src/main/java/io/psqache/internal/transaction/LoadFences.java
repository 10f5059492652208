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
 * Takes the fences of what is loaded within the transaction of this thread. Not
 * thread-safe: a transaction has one thread.
 */
final class LoadFences {

	private final EntryStore store;

	private final WritableConnection connection;

	private final boolean keepsSnapshot = keepsSnapshot();

	/**
	 * Create it.
	 * @param connection the connection of the transaction, if that is in the store's
	 * database
	 */
	LoadFences(EntryStore store, WritableConnection connection) {
		this.store = store;
		this.connection = connection;
	}

	/**
	 * As far as the transaction says: the database may have another default.
	 */
	private static boolean keepsSnapshot() {
		Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		return isolation != null && isolation >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
	}

	/**
	 * What a load that begins now will see.
	 */
	Fence take(CacheHandle cache) {
		TransactionConnection within = this.connection.get();
		return (within != null) ? within(within, cache) : beside(cache);
	}

	/**
	 * What the transaction itself can see.
	 */
	private Fence within(TransactionConnection connection, CacheHandle cache) {
		this.store.prepareToChange(cache);
		try {
			return connection.call((session) -> take(session, cache));
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.CONFLICT) {
				throw ex;
			}
			this.store.fence(cache).await(); // inserts the rows if they are gone
			return connection.call((session) -> take(session, cache));
		}
	}

	/**
	 * That the transaction cannot see the row of the cache does not mean that the row is
	 * gone.
	 */
	private Fence take(Session session, CacheHandle cache) throws SQLException {
		Fence fence = this.store.statements().fenceIfVisible(session, cache);
		if (fence == null) {
			throw new StoreException(FailureCause.CONFLICT, null);
		}
		return fence;
	}

	/**
	 * By another connection, which may see more than the transaction does: what is loaded
	 * from a snapshot that is kept may be older than this fence.
	 */
	private Fence beside(CacheHandle cache) {
		Fence fence = this.store.fence(cache).await();
		return this.keepsSnapshot ? fence.shut() : fence;
	}

}
