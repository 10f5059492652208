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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Session;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.CacheRow;
import io.psqache.internal.store.EntryStatements;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.NewEntry;

/**
 * Executes the changes of a transaction on its session. Used once:
 * <ol>
 * <li>Caches are cleared.</li>
 * <li>Entries are evicted and written, cache by cache.</li>
 * <li>The invalidations for peers are sent with the commit.</li>
 * </ol>
 * Rows are locked in the order of cache ids and, within a cache, of key hashes. This
 * makes deadlocks between two transactions rare.
 */
final class CommitStatements {

	private final EntryStore store;

	private final EntryStatements statements;

	private final Session session;

	/**
	 * The caches whose row the transaction cannot see. The row was deleted, or inserted
	 * after the transaction took its snapshot.
	 */
	private final Set<CacheHandle> missing = new HashSet<>();

	private final Map<CacheHandle, CacheRow> rows = new HashMap<>();

	CommitStatements(EntryStore store, Session session) {
		this.store = store;
		this.statements = store.statements();
		this.session = session;
	}

	/**
	 * The rows of the caches that were changed.
	 */
	Map<CacheHandle, CacheRow> rows() {
		return this.rows;
	}

	/**
	 * Execute changes.
	 * @return the written keys, by cache; the fences refused the other keys
	 * @throws StoreException with {@link FailureCause#CONFLICT} if the row of a cache is
	 * missing
	 */
	Map<CacheHandle, Set<String>> write(List<CacheChanges> changes) throws SQLException {
		Map<CacheRow, CacheChanges> byRow = new TreeMap<>();
		for (CacheChanges change : changes) {
			CacheRow row = this.statements.rowToChange(this.session, change.cache());
			this.rows.put(change.cache(), row);
			byRow.put(row, change);
		}
		for (Map.Entry<CacheRow, CacheChanges> change : byRow.entrySet()) {
			if (change.getValue().cleared()) {
				require(change.getValue().cache(), this.statements.clear(this.session, change.getKey()));
			}
		}
		Map<CacheHandle, Set<String>> written = new HashMap<>();
		for (Map.Entry<CacheRow, CacheChanges> change : byRow.entrySet()) {
			written.put(change.getValue().cache(), write(change.getKey(), change.getValue()));
		}
		if (!this.missing.isEmpty()) {
			this.missing.forEach(CacheHandle::forget);
			throw new MissingRowException();
		}
		announce(byRow, written);
		return written;
	}

	/**
	 * Write the changes of one cache. If one statement cannot write all rows, an eviction
	 * locks all rows first, because locking in two passes could cause deadlocks. An entry
	 * whose fence refuses the put is evicted if the transaction evicted it too.
	 */
	private Set<String> write(CacheRow row, CacheChanges changes) throws SQLException {
		CacheHandle cache = changes.cache();
		Map<String, NewEntry> plain = changes.entries(false);
		Map<String, NewEntry> fenced = changes.entries(true);
		Set<String> evicted = new HashSet<>(changes.evicted());
		evicted.removeAll(fenced.keySet());
		if (!plain.keySet().containsAll(evicted) || isMixed(plain.values())) {
			evicted.addAll(plain.keySet());
			evict(cache, row, evicted);
		}
		require(cache, this.statements.put(this.session, row, plain));
		Set<String> written = new HashSet<>(this.statements.putFenced(this.session, cache, row, fenced));
		written.addAll(plain.keySet());
		Set<String> refused = new HashSet<>(changes.evicted());
		refused.retainAll(fenced.keySet());
		refused.removeAll(written);
		evict(cache, row, refused);
		return written;
	}

	/**
	 * Return whether some values are JSONB and others bytes. Each kind needs its own
	 * statement.
	 */
	private static boolean isMixed(Collection<NewEntry> entries) {
		return entries.stream().map((entry) -> entry.value().payload() != null).distinct().count() > 1;
	}

	private void evict(CacheHandle cache, CacheRow row, Set<String> keys) throws SQLException {
		if (!keys.isEmpty()) {
			require(cache, this.statements.evict(this.session, row, keys));
		}
	}

	private void require(CacheHandle cache, boolean found) {
		if (!found) {
			this.missing.add(cache);
		}
	}

	private void announce(Map<CacheRow, CacheChanges> byRow, Map<CacheHandle, Set<String>> written)
			throws SQLException {
		List<String> messages = new ArrayList<>();
		for (Map.Entry<CacheRow, CacheChanges> each : byRow.entrySet()) {
			CacheChanges change = each.getValue();
			Set<String> keys = new HashSet<>(change.evicted());
			keys.addAll(written.getOrDefault(change.cache(), Set.of()));
			if (change.cleared() || !keys.isEmpty()) {
				messages.addAll(change.cache().announcement(each.getKey(), change.cleared() ? null : keys));
			}
		}
		this.store.messages().send(this.session, messages);
	}

}
