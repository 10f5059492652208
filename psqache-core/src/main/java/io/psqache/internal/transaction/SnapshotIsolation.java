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

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import javax.sql.DataSource;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Determines whether a transaction keeps its snapshot, without a statement: by the
 * isolation level that Spring has set, or the default of the {@code DataSource}.
 * Thread-safe.
 */
final class SnapshotIsolation {

	private final ConcurrentMap<DataSource, Boolean> defaults = new ConcurrentHashMap<>();

	/**
	 * Whether the transaction of this thread keeps its snapshot.
	 * @param connection its connection
	 */
	boolean keepsSnapshot(TransactionConnection connection) {
		Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		if (isolation != null) {
			return isolation >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
		}
		return this.defaults.computeIfAbsent(connection.dataSource(), (any) -> connection.keepsSnapshot());
	}

}
