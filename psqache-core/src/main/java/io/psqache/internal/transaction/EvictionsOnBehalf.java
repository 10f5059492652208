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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.psqache.StoreException;
import io.psqache.internal.engine.Session;
import io.psqache.internal.store.EntryStore;
import org.jspecify.annotations.Nullable;

/**
 * Evicts entries for a transaction of {@code REPEATABLE READ} or above. Such a
 * transaction cannot change entries that were written after its snapshot. The evictions
 * run on the cache's own connections before the commit. The tombstones carry the id of
 * the transaction, so that a value loaded before the commit cannot replace them.
 * Thread-safe.
 */
final class EvictionsOnBehalf {

	/**
	 * Returns no row if each statement has its own snapshot.
	 */
	private static final String TRANSACTION_ID = """
			select pg_current_xact_id()::text as id
			where current_setting('transaction_isolation') = any ('{repeatable read,serializable}')
			""";

	private final EntryStore store;

	EvictionsOnBehalf(EntryStore store) {
		this.store = store;
	}

	/**
	 * Execute evictions that the transaction could not execute.
	 * @param connection the connection of the transaction
	 * @param evictions the evictions
	 * @return {@code false} if another connection cannot execute them: the transaction
	 * keeps no snapshot, or the evictions clear a cache
	 * @throws StoreException if an eviction failed; the others are executed
	 */
	boolean evict(TransactionConnection connection, List<CacheChanges> evictions) {
		if (evictions.stream().anyMatch(CacheChanges::cleared)) {
			return false;
		}
		Optional<String> transactionId = connection.call(EvictionsOnBehalf::transactionId);
		if (transactionId.isEmpty()) {
			return false;
		}
		StoreException failure = null;
		for (CacheChanges eviction : evictions) {
			StoreException failed = evict(connection, eviction, transactionId.get());
			failure = (failure != null) ? failure : failed;
		}
		if (failure != null) {
			throw failure;
		}
		return true;
	}

	private static Optional<String> transactionId(Session session) throws SQLException {
		try (ResultSet rows = session.query(TRANSACTION_ID).executeQuery()) {
			return rows.next() ? Optional.of(rows.getString("id")) : Optional.empty();
		}
	}

	/**
	 * Evict the entries that the transaction has not already evicted, for example by the
	 * trigger of a watched table. The transaction holds the locks of those. Another
	 * connection would wait for the transaction, which waits for that connection.
	 */
	private @Nullable StoreException evict(TransactionConnection connection, CacheChanges eviction,
			String transactionId) {
		Set<String> keys = new HashSet<>(eviction.evicted());
		keys.removeAll(connection
			.call((session) -> this.store.statements().evictedWithin(session, eviction.cache(), eviction.evicted())));
		return keys.isEmpty() ? null
				: this.store.evictOnBehalf(eviction.cache(), keys, transactionId).await().failure();
	}

}
