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

import io.psqache.OperationKind;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.RequestQueue;
import io.psqache.internal.engine.Session;

/**
 * Writes an entry unless there is one that can be seen, and tells the truth about it.
 */
final class PutIfAbsent extends EntryOperation<Boolean> implements RowInsert.Row {

	private final EntryStatements statements;

	private final NewEntry entry;

	private final List<LeaseHolder> suspended;

	PutIfAbsent(RequestQueue queue, EntryStatements statements, CacheHandle cache, String key, NewEntry entry,
			List<LeaseHolder> suspended) {
		super(queue, OperationKind.PUT_IF_ABSENT, cache, key);
		this.statements = statements;
		this.entry = entry;
		this.suspended = suspended;
	}

	@Override
	public NewEntry entry() {
		return this.entry;
	}

	@Override
	protected boolean sharesStatementWith(Operation<?> other) {
		return other == this;
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
		boolean written = this.statements.writes().putIfAbsent(session, cache(), this, this.suspended);
		if (written) {
			succeed(true);
			this.statements.inlineEviction().after(session, cache(), 1);
		}
		else {
			succeedUnchanged(false);
		}
	}

}
