package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

import org.postgresql.jdbc.PgStatement;

/**
 * One connection at work. Its statements end within the time limit: PostgreSQL is told to
 * cancel one that takes longer, so that nothing a caller gave up goes on behind its back,
 * and the socket breaks shortly after if no answer comes even then. Neither changes the
 * state of the session, which would reach others behind a pooler.
 */
final class Lane implements AutoCloseable {

	/**
	 * What the server may take to answer that it has cancelled.
	 */
	private static final Duration GRACE = Duration.ofMillis(100);

	private final Connection connection;

	private final long timeoutMillis;

	Lane(Connection connection, Duration timeout) throws SQLException {
		this.connection = connection;
		this.timeoutMillis = timeout.toMillis();
		connection.setNetworkTimeout(Runnable::run, (int) timeout.plus(GRACE).toMillis());
	}

	PreparedStatement prepare(String sql) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(sql);
		statement.unwrap(PgStatement.class).setQueryTimeoutMs(this.timeoutMillis);
		return statement;
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
