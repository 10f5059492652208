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
 * Evicts, before the commit and by the cache's own connections, what a transaction of
 * {@code REPEATABLE READ} or above may not overwrite, since it was written after the
 * transaction took its snapshot. The tombstones carry the number of the transaction, so
 * that no value is stored in their place that was loaded before the commit. Thread-safe.
 */
final class EvictionsOnBehalf {

	/**
	 * No row if each statement has a snapshot of its own.
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
	 * Evict what the transaction could not.
	 * @param connection the connection of the transaction
	 * @param evictions what the transaction was to evict
	 * @return whether it is evicted. Another connection can neither resolve a conflict of
	 * a transaction that keeps no snapshot, nor clear a cache
	 * @throws StoreException if one eviction failed; the others are done
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
	 * The transaction has locked what it has evicted already, by the trigger of a watched
	 * table for example. Another connection would wait for the end of the transaction,
	 * which waits for that connection.
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
