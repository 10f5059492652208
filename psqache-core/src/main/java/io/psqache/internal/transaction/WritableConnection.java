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

import org.jspecify.annotations.Nullable;

/**
 * The connection of one transaction, if it can write changes of caches. The check
 * executes statements, so it runs at the first call. Not thread-safe: only the thread of
 * the transaction uses it.
 */
final class WritableConnection {

	private final @Nullable TransactionConnection connection;

	private final DatabaseCheck check;

	private @Nullable Boolean reached;

	WritableConnection(@Nullable TransactionConnection connection, DatabaseCheck check) {
		this.connection = connection;
		this.check = check;
	}

	/**
	 * Return the connection.
	 * @return {@code null} if changes of caches cannot be part of the transaction
	 */
	@Nullable TransactionConnection get() {
		if (this.connection == null) {
			return null;
		}
		if (this.reached == null) {
			this.reached = this.check.isReachedBy(this.connection);
		}
		return this.reached ? this.connection : null;
	}

}
