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
public final class Lane implements AutoCloseable {

	/**
	 * What the {@link Watchdog} may take to notice and the server to answer that it has
	 * cancelled.
	 */
	public static final Duration GRACE = Duration.ofMillis(100);

	private final Connection connection;

	private final Duration timeout;

	private final Watchdog watchdog;

	private final StoreMonitor monitor;

	private final TransactionLane.@Nullable Statements statements;

	private final LostWrites lostWrites;

	private volatile @Nullable Writing writing;

	private @Nullable Throwable broken;

	/**
	 * Put a connection to work.
	 * @param waited how much of the time limit it took to get it
	 */
	Lane(Connection connection, Duration waited, Duration timeout, Watchdog watchdog, StoreMonitor monitor,
			LostWrites lostWrites) throws SQLException {
		this.connection = connection;
		this.timeout = timeout;
		this.watchdog = watchdog;
		this.monitor = monitor;
		this.statements = null;
		this.lostWrites = lostWrites;
		try {
			Duration left = timeout.minus(waited);
			connection.setNetworkTimeout(Runnable::run,
					(int) (left.isNegative() ? GRACE : left.plus(GRACE)).toMillis());
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
		this.lostWrites = new LostWrites(Duration.ZERO); // it is for its owner to know of
															// any
	}

	/**
	 * Whether what is done here is undone if someone else's transaction is.
	 */
	boolean isOfATransaction() {
		return this.statements != null;
	}

	/**
	 * Prepare a statement.
	 * @param sql the statement
	 * @return the statement, to be closed by the caller
	 * @throws SQLException if PostgreSQL failed
	 */
	public PreparedStatement prepareRead(String sql) throws SQLException {
		return (this.statements != null) ? this.statements.prepare(this.connection, sql)
				: this.connection.prepareStatement(sql);
	}

	/**
	 * Prepare a statement that is cancelled when the time limit has passed since now.
	 * @param sql the statement
	 * @return the statement, to be closed by the caller
	 * @throws SQLException if PostgreSQL failed
	 */
	public PreparedStatement prepareWrite(String sql) throws SQLException {
		if (this.statements != null) {
			return this.statements.prepare(this.connection, sql);
		}
		Writing before = this.writing;
		if (before != null) {
			before.end();
		}
		this.lostWrites.end(this.connection);
		PreparedStatement statement = this.connection.prepareStatement(sql);
		this.writing = new Writing(statement, ServerSession.of(this.connection),
				System.nanoTime() + this.timeout.toNanos());
		if (before == null) {
			this.watchdog.watch(this);
		}
		return statement;
	}

	/**
	 * A statement has failed.
	 */
	void failed(Throwable failure) {
		Writing current = this.writing;
		if (current != null && current.session() != null) {
			this.lostWrites.add(current.session(), failure);
		}
		if (LostWrites.isUnanswered(failure) || StoreException.of(failure).failureCause() == FailureCause.UNAVAILABLE) {
			this.broken = failure;
		}
	}

	/**
	 * What has broken the connection, so that nothing else can be done on it: the pool
	 * would only say that it is closed.
	 * @return {@code null} if nothing has
	 */
	@Nullable Throwable broken() {
		return this.broken;
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
		if (current != null) {
			current.cancelIfOverdue();
		}
	}

	@Override
	public void close() throws SQLException {
		Writing last = this.writing;
		if (last != null) {
			this.watchdog.forget(this);
			if (this.broken != null) {
				last.abandon();
			}
			else {
				last.end();
			}
		}
		this.connection.close();
	}

}
