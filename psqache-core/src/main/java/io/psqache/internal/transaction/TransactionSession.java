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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.HashMap;
import java.util.Map;

import javax.sql.DataSource;

import io.psqache.internal.engine.Session;
import io.psqache.internal.store.SchemaName;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * The session on the connection of an application's transaction. The transaction's
 * timeout applies to each statement. Closing the session closes the statements and leaves
 * the connection open.
 */
final class TransactionSession implements Session, AutoCloseable {

	private final Connection connection;

	/**
	 * The resource key of the connection.
	 */
	private final DataSource key;

	private final SchemaName schema;

	/**
	 * The statements by text.
	 */
	private final Map<String, PreparedStatement> statements = new HashMap<>();

	TransactionSession(Connection connection, DataSource key, SchemaName schema) {
		this.connection = connection;
		this.key = key;
		this.schema = schema;
	}

	@Override
	public boolean isOfTransaction() {
		return true;
	}

	/**
	 * Prepare a statement. An exceeded transaction timeout is thrown as an
	 * {@link SQLException}, because Spring would not roll back if it appeared as a
	 * failure of the commit.
	 */
	@Override
	public PreparedStatement query(String sql) throws SQLException {
		PreparedStatement statement = this.statements.get(sql);
		if (statement == null) {
			statement = this.connection.prepareStatement(this.schema.in(sql));
			this.statements.put(sql, statement);
		}
		try {
			DataSourceUtils.applyTransactionTimeout(statement, this.key);
		}
		catch (TransactionTimedOutException ex) {
			throw new SQLTimeoutException("The transaction has reached its timeout", ex);
		}
		return statement;
	}

	@Override
	public PreparedStatement update(String sql) throws SQLException {
		return query(sql);
	}

	@Override
	public void close() throws SQLException {
		for (PreparedStatement statement : this.statements.values()) {
			statement.close();
		}
	}

}
