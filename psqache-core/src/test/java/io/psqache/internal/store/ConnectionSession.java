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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

import io.psqache.TestCaches;
import io.psqache.internal.engine.Session;

/**
 * A transaction of an application, whose connection closes its statements.
 */
record ConnectionSession(Connection connection) implements Session {

	/**
	 * Begin a transaction that puts an entry.
	 * @return the connection, to be committed or closed
	 */
	static Connection beginPut(Connection connection, EntryStatements statements, CacheHandle cache, String key,
			StoredValue value) throws SQLException {
		connection.setAutoCommit(false);
		Session session = new ConnectionSession(connection);
		statements.put(session, statements.rowToChange(session, cache),
				Map.of(key, new NewEntry(value, Lifetime.FOREVER)));
		return connection;
	}

	@Override
	public PreparedStatement query(String sql) throws SQLException {
		return this.connection.prepareStatement(TestCaches.SCHEMA.in(sql));
	}

	@Override
	public PreparedStatement update(String sql) throws SQLException {
		return this.connection.prepareStatement(TestCaches.SCHEMA.in(sql));
	}

	@Override
	public boolean isOfTransaction() {
		return true;
	}

}
