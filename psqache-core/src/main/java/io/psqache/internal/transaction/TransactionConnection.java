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
import java.sql.SQLException;
import java.sql.Savepoint;

import javax.sql.DataSource;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Work;
import io.psqache.internal.store.SchemaName;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Executes statements of the cache on the connection of this thread's transaction. Uses a
 * savepoint, because PostgreSQL aborts a transaction when a statement fails.
 */
final class TransactionConnection {

	private static final boolean DRIVER_IS_PRESENT = ClassUtils.isPresent("org.postgresql.PGConnection",
			TransactionConnection.class.getClassLoader());

	/**
	 * The resource key of the connection: the {@code DataSource} or a proxy of it.
	 */
	private final DataSource key;

	private final SchemaName schema;

	private TransactionConnection(DataSource key, SchemaName schema) {
		this.key = key;
		this.schema = schema;
	}

	/**
	 * Find the connection of this thread's transaction.
	 * @param dataSource the {@code DataSource} of the application
	 * @param schema the schema of the cache
	 * @return {@code null} if the transaction uses another {@code DataSource}. A
	 * connection of this one may be bound anyway, in auto-commit mode
	 */
	static @Nullable TransactionConnection find(DataSource dataSource, SchemaName schema) {
		if (isInTransaction(TransactionSynchronizationManager.getResource(dataSource))) {
			return new TransactionConnection(dataSource, schema);
		}
		for (Object key : TransactionSynchronizationManager.getResourceMap().keySet()) {
			if (key instanceof DataSource bound && target(bound).equals(target(dataSource))
					&& isInTransaction(TransactionSynchronizationManager.getResource(bound))) {
				return new TransactionConnection(bound, schema);
			}
		}
		return null;
	}

	/**
	 * Return whether a bound connection is in a transaction. A connection that fails here
	 * is broken, and so is its transaction. The cache then reads on its own connections
	 * and evicts after the end of the transaction.
	 */
	private static boolean isInTransaction(@Nullable Object resource) {
		try {
			return resource instanceof ConnectionHolder holder && !holder.getConnection().getAutoCommit();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Return the {@code DataSource} behind Spring's proxies, such as lazy or
	 * transaction-aware ones.
	 */
	private static DataSource target(DataSource dataSource) {
		DataSource target = dataSource;
		while (target instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
			target = proxy.getTargetDataSource();
		}
		return target;
	}

	/**
	 * Return the key by which the connection is bound.
	 */
	DataSource dataSource() {
		return this.key;
	}

	/**
	 * Return whether the transaction keeps the snapshot of its first statement, and
	 * therefore cannot change rows that were changed after it. The check takes no
	 * snapshot.
	 */
	boolean keepsSnapshot() {
		Connection connection = DataSourceUtils.getConnection(this.key);
		try {
			return connection.getTransactionIsolation() >= Connection.TRANSACTION_REPEATABLE_READ;
		}
		catch (SQLException ex) { // the transaction has failed and changes nothing
			return false;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.key);
		}
	}

	/**
	 * Return the driver's connection, which stays the same in each use of the pooled
	 * connection.
	 * @return {@code null} if the driver is not pgjdbc or the connection fails
	 */
	@Nullable Object physical() {
		Connection connection = DataSourceUtils.getConnection(this.key);
		try {
			return (DRIVER_IS_PRESENT && connection.isWrapperFor(PGConnection.class))
					? connection.unwrap(PGConnection.class) : null;
		}
		catch (SQLException ex) {
			return null;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.key);
		}
	}

	/**
	 * Execute statements within the transaction.
	 * @throws StoreException if a statement failed; all are then undone, and the
	 * transaction can continue
	 */
	<T> T call(Work<T> work) {
		Connection connection = DataSourceUtils.getConnection(this.key);
		try {
			Savepoint savepoint = connection.setSavepoint();
			boolean done = false;
			try {
				T result = execute(work, connection);
				done = true;
				return result;
			}
			finally {
				if (!done) {
					connection.rollback(savepoint);
				}
				connection.releaseSavepoint(savepoint);
			}
		}
		catch (SQLException ex) {
			throw new StoreException(FailureCause.OTHER,
					"the connection of the transaction failed (SQLSTATE " + ex.getSQLState() + ")", ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.key);
		}
	}

	private <T> T execute(Work<T> work, Connection connection) {
		try (TransactionSession session = new TransactionSession(connection, this.key, this.schema)) {
			return work.on(session);
		}
		catch (SQLException ex) {
			throw StoreException.of(ex);
		}
	}

}
