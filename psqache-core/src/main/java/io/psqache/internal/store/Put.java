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
import java.util.List;
import java.util.Set;

import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.StoreException;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.RequestQueue;
import io.psqache.internal.engine.Session;

/**
 * Writes an entry. Puts behind a {@link Fence} share a statement with others of their
 * kind only. Of several puts of one key in a statement the last one is written, and of
 * those behind fences the first: the value of the others was loaded at the same time.
 */
final class Put extends EntryOperation<Boolean> implements RowInsert.Row {

	private final EntryWrites writes;

	private final InlineEviction inlineEviction;

	private final CacheRows rows;

	private final NewEntry entry;

	private final List<LeaseHolder> suspended;

	/**
	 * Create a put.
	 * @param suspended the leases that are suspended; not used for a fenced put, which
	 * makes no near entry outdated
	 */
	Put(RequestQueue queue, EntryStatements statements, CacheHandle cache, String key, NewEntry entry,
			List<LeaseHolder> suspended) {
		super(queue, OperationKind.PUT, cache, key);
		this.writes = statements.writes();
		this.inlineEviction = statements.inlineEviction();
		this.rows = statements.rows();
		this.entry = entry;
		this.suspended = suspended;
	}

	@Override
	public NewEntry entry() {
		return this.entry;
	}

	private boolean isFenced() {
		return this.entry.fence() != null;
	}

	@Override
	protected boolean sharesStatementWith(Operation<?> other) {
		return super.sharesStatementWith(other) && ((Put) other).isFenced() == isFenced()
				&& ((Put) other).isBinary() == isBinary() && ((Put) other).suspended.equals(this.suspended);
	}

	@Override
	public long bytes() {
		return this.entry.value().bytes();
	}

	@Override
	protected void changed(boolean isCertain) {
		cache().changed(key(), isCertain);
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		List<Put> puts = typed(all);
		List<Put> chosen = EntryWrites.oneOfEachHash(puts);
		if (isFenced()) {
			writeFenced(session, puts, chosen);
		}
		else {
			this.writes.put(session, cache(), chosen, this.suspended);
			puts.forEach((put) -> put.succeed(true));
			this.inlineEviction.after(session, cache(), chosen.size());
		}
	}

	private void writeFenced(Session session, List<Put> puts, List<Put> chosen) throws SQLException {
		Set<String> written = writeFenced(session, chosen);
		for (Put put : puts) {
			if (chosen.contains(put) && written.contains(put.key())) {
				put.succeed(true);
			}
			else {
				put.succeedUnchanged(false);
			}
		}
		this.inlineEviction.after(session, cache(), written.size());
	}

	/**
	 * An entry that is locked is being overwritten or evicted: the put is too late, or
	 * soon will be.
	 */
	private Set<String> writeFenced(Session session, List<Put> chosen) throws SQLException {
		try {
			return this.writes.putFenced(session, cache(), this.rows.rowToChange(session, cache()), chosen);
		}
		catch (SQLException ex) {
			if (chosen.size() == 1 && StoreException.of(ex).failureCause() == FailureCause.LOCKED) {
				return Set.of();
			}
			throw ex;
		}
	}

}
