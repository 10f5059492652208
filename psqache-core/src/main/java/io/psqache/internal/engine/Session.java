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

package io.psqache.internal.engine;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Prepares the statements of an operation on the connection of a worker or of an
 * application's transaction. Not thread-safe.
 */
public interface Session {

	/**
	 * Prepare a statement that reads.
	 * @param sql the statement; the session replaces <code>${schema}</code> with the name
	 * of the schema
	 * @return the statement, which the session closes
	 * @throws SQLException if PostgreSQL failed
	 */
	PreparedStatement query(String sql) throws SQLException;

	/**
	 * Prepare a statement that writes. The session of a worker cancels the statement if
	 * it exceeds the timeout, measured from this call.
	 * @param sql the statement; the session replaces <code>${schema}</code> with the name
	 * of the schema
	 * @return the statement, which the session closes
	 * @throws SQLException if PostgreSQL failed
	 */
	PreparedStatement update(String sql) throws SQLException;

	/**
	 * Return whether the session is in a transaction of the application.
	 * @return {@code true} if the writes may be rolled back
	 */
	default boolean isOfTransaction() {
		return false;
	}

}
