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

package io.psqache.internal.store;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.psqache.internal.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * The statements on entries, for operations of the store and for transactions of the
 * application, each on its own session. Thread-safe.
 */
public final class EntryStatements {

	/**
	 * Reads from the tables that every miss reads, and finds nothing: where a table
	 * cannot be read this fails.
	 */
	private static final String PROBE_READ = """
			select exists (select from ${schema}.cache where id = 0) as cache,
			  exists (select from ${schema}.incarnation where false) as incarnation,
			  exists (select from ${schema}.load where false) as load,
			  exists (select from ${schema}.bound_eviction where false) as bound_eviction,
			  exists (select from ${schema}.cache_entry where cache_id = 0 and key_hash = 0) as entry
			""";

	/**
	 * Takes the lock that every write takes, and finds nothing. No deletion: one that
	 * skips no locked rows counts as a loss of rows.
	 */
	private static final String PROBE_WRITE = """
			update ${schema}.cache_entry
			set epoch = epoch
			where cache_id = 0 and key_hash = 0
			""";

	private final CacheRows rows;

	private final Fences fences;

	private final EntryReads reads;

	private final EntryWrites writes;

	private final EntryEvictions evictions;

	private final InlineEviction inlineEviction;

	EntryStatements(UsageRegistry usage, Notify notify) {
		this.rows = new CacheRows(usage, notify);
		this.fences = new Fences(this.rows);
		this.reads = new EntryReads(this.rows, this.fences);
		this.writes = new EntryWrites(this.rows);
		this.evictions = new EntryEvictions(this.rows);
		this.inlineEviction = new InlineEviction(this.rows, usage);
	}

	CacheRows rows() {
		return this.rows;
	}

	Fences fences() {
		return this.fences;
	}

	EntryReads reads() {
		return this.reads;
	}

	EntryWrites writes() {
		return this.writes;
	}

	EntryEvictions evictions() {
		return this.evictions;
	}

	InlineEviction inlineEviction() {
		return this.inlineEviction;
	}

	/**
	 * Read and write as operations do, without changing anything: it fails where they
	 * would. Both are cancelled where they take too long, or each probe would leave one
	 * more behind that waits for a lock.
	 */
	void probe(Session session) throws SQLException {
		session.update(PROBE_READ).executeQuery().close();
		session.update(PROBE_WRITE).executeUpdate();
	}

	/**
	 * The id of a cache, for a statement that reads its entries. The row of the cache is
	 * made if there is none.
	 * @param session the session
	 * @param cache the cache
	 * @return its id
	 * @throws SQLException if PostgreSQL failed
	 */
	public int id(Session session, CacheHandle cache) throws SQLException {
		return this.rows.row(session, cache).id();
	}

	/**
	 * The row of a cache, for a statement that changes its entries.
	 * @param session the session
	 * @param cache the cache
	 * @return its row
	 * @throws SQLException if PostgreSQL failed
	 */
	public CacheRow rowToChange(Session session, CacheHandle cache) throws SQLException {
		return this.rows.rowToChange(session, cache);
	}

	/**
	 * Lock the row of a cache against new leases, until the transaction ends.
	 * @param session the session
	 * @param row the row by which the transaction has changed the cache
	 * @return {@code false} if there may be a later lease
	 * @throws SQLException if PostgreSQL failed, also because a later version of the row
	 * is not visible to the transaction
	 */
	public boolean lock(Session session, CacheRow row) throws SQLException {
		return this.rows.lock(session, row);
	}

	/**
	 * Whether {@link #rowToChange} need not ask the database.
	 * @param cache the cache
	 * @return whether all is known
	 */
	public boolean isKnownToChange(CacheHandle cache) {
		return CacheRows.isKnownToChange(cache);
	}

	/**
	 * Take a fence where what it needs may not be visible.
	 * @param session the session
	 * @param cache the cache
	 * @return the fence, {@code null} if it is not visible
	 * @throws SQLException if PostgreSQL failed
	 */
	public @Nullable Fence fenceIfVisible(Session session, CacheHandle cache) throws SQLException {
		return this.fences.takeIfVisible(session, cache);
	}

	/**
	 * See whether there is any entry.
	 * @param session the session
	 * @param cache the cache
	 * @param but keys of entries that do not count
	 * @return whether there is another one that has not expired
	 * @throws SQLException if PostgreSQL failed
	 */
	public boolean isAnyPresent(Session session, CacheHandle cache, Set<String> but) throws SQLException {
		return this.reads.isAnyPresent(session, cache, but.toArray(String[]::new));
	}

	/**
	 * Clear a cache.
	 * @param session the session
	 * @param row its row
	 * @return {@code false} if the row is gone
	 * @throws SQLException if PostgreSQL failed
	 */
	public boolean clear(Session session, CacheRow row) throws SQLException {
		return this.evictions.clear(session, row);
	}

	/**
	 * Evict entries.
	 * @param session the session
	 * @param row the row of their cache
	 * @param keys their keys
	 * @return {@code false} if the row is gone
	 * @throws SQLException if PostgreSQL failed
	 */
	public boolean evict(Session session, CacheRow row, Collection<String> keys) throws SQLException {
		return this.evictions.evict(session, row, keys, null) != null;
	}

	/**
	 * The keys that this transaction has evicted itself.
	 * @param session the session of the transaction
	 * @param cache the cache
	 * @param keys keys to look for
	 * @return those in whose rows the transaction has left a tombstone
	 * @throws SQLException if PostgreSQL failed
	 */
	public Set<String> evictedWithin(Session session, CacheHandle cache, Collection<String> keys) throws SQLException {
		return this.evictions.evictedWithin(session, cache, keys);
	}

	/**
	 * Write entries, in as many statements as it takes.
	 * @param session the session
	 * @param row the row of their cache
	 * @param entries what to write by key, without fences
	 * @return {@code false} if the row is gone
	 * @throws SQLException if PostgreSQL failed
	 */
	public boolean put(Session session, CacheRow row, Map<String, NewEntry> entries) throws SQLException {
		boolean found = true;
		for (List<RowInsert.Row> portion : EntryWrites.portions(rows(entries).toList())) {
			found &= this.writes.insert(session, row, portion) != 0;
		}
		return found;
	}

	/**
	 * Write entries that were loaded after a miss, where nothing has happened since, in a
	 * transaction that goes on.
	 * @param session the session
	 * @param cache the cache
	 * @param row its row
	 * @param entries what to write by key, each with a fence
	 * @return the keys that were written
	 * @throws SQLException if PostgreSQL failed, or another transaction has locked an
	 * entry
	 */
	public Set<String> putFenced(Session session, CacheHandle cache, CacheRow row, Map<String, NewEntry> entries)
			throws SQLException {
		return new TreeSet<>(this.writes.putFencedWithin(session, cache, row, rows(entries).toList()));
	}

	private static Stream<RowInsert.SingleRow> rows(Map<String, NewEntry> entries) {
		return entries.entrySet().stream().map((each) -> new RowInsert.SingleRow(each.getKey(), each.getValue()));
	}

}
