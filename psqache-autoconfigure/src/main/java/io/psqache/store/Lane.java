package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

import org.postgresql.jdbc.PgStatement;

/**
 * One connection at work. The socket breaks when no answer comes within the time limit
 * and a little, and PostgreSQL is told to cancel a write that takes longer, so that
 * nothing a caller gave up is written behind its back. Neither changes the state of the
 * session, which would reach others behind a pooler.
 */
final class Lane implements AutoCloseable {

	/**
	 * What the server may take to answer that it has cancelled.
	 */
	private static final Duration GRACE = Duration.ofMillis(100);

	private final Connection connection;

	private final long timeoutMillis;

	private final StoreMonitor monitor;

	Lane(Connection connection, Duration timeout, StoreMonitor monitor) throws SQLException {
		this.connection = connection;
		this.timeoutMillis = timeout.toMillis();
		this.monitor = monitor;
		try {
			connection.setNetworkTimeout(Runnable::run, (int) timeout.plus(GRACE).toMillis());
		}
		catch (SQLException ex) {
			connection.close(); // or the pool would lose it
			throw ex;
		}
	}

	PreparedStatement prepareRead(String sql) throws SQLException {
		return this.connection.prepareStatement(sql);
	}

	/**
	 * Reads go without: the driver's timer is woken for each statement that may be
	 * cancelled, and a get by one caller took 133 us with that and 102 us without.
	 */
	PreparedStatement prepareWrite(String sql) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(sql);
		statement.unwrap(PgStatement.class).setQueryTimeoutMs(this.timeoutMillis);
		return statement;
	}

	StoreMonitor monitor() {
		return this.monitor;
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
