package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One connection at work. The socket breaks when no answer comes within the time limit
 * and a little, and PostgreSQL is told to cancel a write that takes longer, so that
 * nothing is written later than one time limit after its caller gave up. Neither changes
 * the state of the session, which would reach others behind a pooler.
 */
final class Lane implements AutoCloseable {

	/**
	 * What the {@link Watchdog} may take to notice and the server to answer that it has
	 * cancelled.
	 */
	static final Duration GRACE = Duration.ofMillis(100);

	private final Connection connection;

	private final Duration timeout;

	private final Watchdog watchdog;

	private final StoreMonitor monitor;

	private final TransactionLane.@Nullable Statements statements;

	private volatile @Nullable Writing writing;

	Lane(Connection connection, Duration timeout, Watchdog watchdog, StoreMonitor monitor) throws SQLException {
		this.connection = connection;
		this.timeout = timeout;
		this.watchdog = watchdog;
		this.monitor = monitor;
		this.statements = null;
		try {
			connection.setNetworkTimeout(Runnable::run, (int) timeout.plus(GRACE).toMillis());
		}
		catch (SQLException ex) {
			connection.close(); // or the pool would lose it
			throw ex;
		}
	}

	/**
	 * A connection that is someone else's, with the limits that he has set.
	 */
	Lane(Connection connection, TransactionLane.Statements statements, Watchdog watchdog, StoreMonitor monitor) {
		this.connection = connection;
		this.timeout = Duration.ZERO;
		this.watchdog = watchdog;
		this.monitor = monitor;
		this.statements = statements;
	}

	PreparedStatement prepareRead(String sql) throws SQLException {
		return (this.statements != null) ? this.statements.prepare(this.connection, sql)
				: this.connection.prepareStatement(sql);
	}

	/**
	 * Prepare a statement that is cancelled when the time limit has passed since now.
	 */
	PreparedStatement prepareWrite(String sql) throws SQLException {
		if (this.statements != null) {
			return this.statements.prepare(this.connection, sql);
		}
		PreparedStatement statement = this.connection.prepareStatement(sql);
		boolean watched = this.writing != null;
		this.writing = new Writing(statement, System.nanoTime() + this.timeout.toNanos());
		if (!watched) {
			this.watchdog.watch(this);
		}
		return statement;
	}

	StoreMonitor monitor() {
		return this.monitor;
	}

	/**
	 * Cancel the write that runs here if it has taken too long. Does nothing to one that
	 * has ended meanwhile.
	 */
	void cancelOverdue() {
		Writing current = this.writing;
		if (current != null && System.nanoTime() - current.deadline() > 0) {
			try {
				current.statement().cancel();
			}
			catch (SQLException | RuntimeException ex) {
				// It has been closed, or nobody answers: then the socket breaks.
			}
		}
	}

	@Override
	public void close() throws SQLException {
		if (this.writing != null) {
			this.watchdog.forget(this);
		}
		this.connection.close();
	}

	private record Writing(PreparedStatement statement, long deadline) {

	}

}
