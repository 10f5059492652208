package io.psqache.transaction;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.util.function.Function;

import javax.sql.DataSource;

import io.psqache.store.EntryStore;
import io.psqache.engine.FailureCause;
import io.psqache.engine.StoreException;
import io.psqache.store.TransactionLane;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The connection of the transaction that this thread is in. The cache works on it under a
 * savepoint, since PostgreSQL ends a transaction with the first statement that fails.
 */
final class TransactionConnection {

	private final EntryStore store;

	/**
	 * What the connection is bound by: the {@code DataSource} or a proxy of it.
	 */
	private final DataSource key;

	private TransactionConnection(EntryStore store, DataSource key) {
		this.store = store;
		this.key = key;
	}

	/**
	 * Find it.
	 * @param dataSource the application's
	 * @return {@code null} if the transaction is on another one: a connection of this one
	 * may be bound all the same, and commits by itself
	 */
	static @Nullable TransactionConnection find(EntryStore store, DataSource dataSource) {
		if (isInTransaction(TransactionSynchronizationManager.getResource(dataSource))) {
			return new TransactionConnection(store, dataSource);
		}
		for (Object key : TransactionSynchronizationManager.getResourceMap().keySet()) {
			if (key instanceof DataSource bound && target(bound).equals(target(dataSource))
					&& isInTransaction(TransactionSynchronizationManager.getResource(bound))) {
				return new TransactionConnection(store, bound);
			}
		}
		return null;
	}

	/**
	 * A connection that does not even know that is broken, and with it the transaction:
	 * then what it reads is read by others, and what it evicts is evicted when it has
	 * ended.
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
	 * Behind Spring's proxies: one that gets its connection late, or takes part in
	 * transactions.
	 */
	private static DataSource target(DataSource dataSource) {
		DataSource target = dataSource;
		while (target instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
			target = proxy.getTargetDataSource();
		}
		return target;
	}

	/**
	 * Do something within the transaction.
	 * @throws StoreException if it failed; then it has not been done, and the transaction
	 * can go on
	 */
	<T> T call(Function<TransactionLane, T> work) {
		Connection connection = DataSourceUtils.getConnection(this.key);
		try {
			Savepoint savepoint = connection.setSavepoint();
			boolean done = false;
			try {
				T result = work.apply(this.store.transactionSupport().within(connection, this::prepare));
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
					"the transaction's connection failed (SQLSTATE " + ex.getSQLState() + ")", ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.key);
		}
	}

	/**
	 * If its time is up, that must not look as if the commit had failed: Spring would not
	 * roll back.
	 */
	private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
		PreparedStatement statement = connection.prepareStatement(sql);
		try {
			DataSourceUtils.applyTransactionTimeout(statement, this.key);
			return statement;
		}
		catch (TransactionTimedOutException ex) {
			statement.close();
			throw new SQLTimeoutException("The time of the transaction is up", ex);
		}
	}

}
