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
 * What the statements of an operation are executed on: the connection of a worker, or
 * that of an application's transaction. Not thread-safe.
 */
public interface Session {

	/**
	 * Prepare a statement that reads.
	 * @param sql the statement; where it says <code>${schema}</code> the session puts the
	 * name of the schema
	 * @return the statement, which the session closes
	 * @throws SQLException if PostgreSQL failed
	 */
	PreparedStatement query(String sql) throws SQLException;

	/**
	 * Prepare a statement that writes. In the session of a worker, PostgreSQL is told to
	 * cancel it when the time limit has passed since this call.
	 * @param sql the statement; where it says <code>${schema}</code> the session puts the
	 * name of the schema
	 * @return the statement, which the session closes
	 * @throws SQLException if PostgreSQL failed
	 */
	PreparedStatement update(String sql) throws SQLException;

	/**
	 * Whether a transaction of the application decides if what is written here stays.
	 * @return {@code true} if it may be rolled back
	 */
	default boolean isOfTransaction() {
		return false;
	}

}
