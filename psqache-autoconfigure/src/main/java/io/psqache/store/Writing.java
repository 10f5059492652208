package io.psqache.store;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A write under way, that PostgreSQL is told to cancel when it takes too long. The
 * driver's {@link Statement#cancel()} holds up whoever runs the statement until the
 * signal has got through, which takes a second where nobody answers. This one holds up
 * only who goes on with the same connection, lest the signal meet another statement.
 */
final class Writing {

	private final Statement statement;

	private final @Nullable ServerSession session;

	private final long deadline;

	private final ReentrantLock signalling = new ReentrantLock();

	private volatile boolean ended;

	/**
	 * Begin.
	 * @param deadline when it has taken too long, by the nano time
	 */
	Writing(Statement statement, @Nullable ServerSession session, long deadline) {
		this.statement = statement;
		this.session = session;
		this.deadline = deadline;
	}

	@Nullable ServerSession session() {
		return this.session;
	}

	void cancelIfOverdue() {
		if (System.nanoTime() - this.deadline <= 0) {
			return;
		}
		this.signalling.lock();
		try {
			if (!this.ended) {
				cancel();
			}
		}
		catch (SQLException | RuntimeException ex) {
			// It has been closed, or nobody answers: then the socket breaks.
		}
		finally {
			this.signalling.unlock();
		}
	}

	private void cancel() throws SQLException {
		if (this.session != null) {
			this.session.cancel();
		}
		else {
			this.statement.cancel();
		}
	}

	/**
	 * It has ended, and the connection is to be used again: wait for a signal that is on
	 * its way.
	 */
	void end() {
		this.signalling.lock();
		try {
			this.ended = true;
		}
		finally {
			this.signalling.unlock();
		}
	}

	/**
	 * It has ended, and so has the connection.
	 */
	void abandon() {
		this.ended = true;
	}

}
