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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.CacheMonitor;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The session of a worker: a connection of the pool whose statements stay open while the
 * worker is busy. Used by one thread at a time.
 * <p>
 * The socket breaks if no answer arrives within the timeout plus {@link #GRACE}, and a
 * write that exceeds the timeout is cancelled. Therefore nothing is written later than
 * one timeout after its caller stopped waiting. Neither mechanism changes the state of
 * the server's session, because behind a pooler other clients would inherit it.
 */
final class WorkerSession implements Session {

	/**
	 * How long an answer may take after the timeout. Within this time PostgreSQL can
	 * report that a write was cancelled.
	 */
	static final Duration GRACE = Duration.ofMillis(100);

	/**
	 * A connection that is unused for this time is returned to the pool.
	 */
	private static final Duration MAX_UNUSED = Duration.ofMillis(50);

	/**
	 * A connection is returned to the pool after this time, between two batches, so that
	 * the pool can replace it.
	 */
	private static final Duration MAX_HELD = Duration.ofSeconds(10);

	private final Engine engine;

	private final CancellableWrite write = new CancellableWrite();

	/**
	 * The statements by their text, which is always the same object.
	 */
	private final IdentityHashMap<String, PreparedStatement> statements = new IdentityHashMap<>();

	/**
	 * The connection. The thread that removes it from this reference closes it.
	 */
	private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();

	private @Nullable ServerSession serverSession;

	private long connectedAt;

	/**
	 * Whether the connection arrived late from the pool. Its socket timeout is then
	 * shorter than the timeout.
	 */
	private boolean connectedLate;

	private volatile long usedAt;

	private @Nullable Throwable broken;

	WorkerSession(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Get a connection from the pool, unless the session is connected.
	 */
	void connect() throws SQLException {
		if (this.connection.get() == null) {
			open();
		}
		this.engine.watchdog().wake(); // its period is long while no connection is open
	}

	private void open() throws SQLException {
		long asked = System.nanoTime();
		Connection opened = connection();
		Duration left = this.engine.timeout().minusNanos(System.nanoTime() - asked);
		try {
			opened.setNetworkTimeout(Runnable::run, (int) (left.isNegative() ? GRACE : left.plus(GRACE)).toMillis());
			this.serverSession = ServerSession.of(opened);
		}
		catch (SQLException ex) {
			opened.close(); // otherwise the pool would leak it
			throw ex;
		}
		this.connectedAt = asked;
		this.connectedLate = left.compareTo(this.engine.timeout().minus(GRACE)) < 0;
		this.connection.set(opened);
	}

	private Connection connection() {
		try {
			return this.engine.pool().getConnection();
		}
		catch (SQLException ex) {
			throw new StoreException(FailureCause.ofConnecting(ex), ex);
		}
	}

	/**
	 * Called at the end of a batch. Returns a connection to the pool if it is broken or
	 * was held for 10 seconds. A connection that arrived late is returned too, because
	 * its socket timeout is too short.
	 */
	void disconnectIfDue() {
		this.usedAt = System.nanoTime();
		if (this.broken != null) {
			this.write.abandon();
			disconnect();
		}
		else {
			this.write.end();
			if (this.connectedLate || this.usedAt - this.connectedAt >= MAX_HELD.toNanos()) {
				disconnect();
			}
		}
	}

	/**
	 * Return the connection to the pool, which closes its statements.
	 */
	void disconnect() {
		Connection present = this.connection.getAndSet(null);
		boolean aborted = this.broken instanceof Error;
		this.statements.clear();
		this.serverSession = null;
		this.broken = null;
		if (present != null) {
			close(present, aborted);
		}
	}

	private static void close(Connection connection, boolean aborted) {
		try (connection) {
			if (aborted) { // a statement may be running
				connection.abort(Runnable::run);
			}
		}
		catch (SQLException ex) {
			// The connection was broken, and the pool has dropped it.
		}
	}

	/**
	 * Break the connection, even while a statement is running. Called by another thread.
	 */
	void abort() {
		Connection present = this.connection.getAndSet(null);
		if (present != null) {
			close(present, true);
		}
	}

	boolean isConnected() {
		return this.connection.get() != null;
	}

	boolean isUnused(long now) {
		return isConnected() && now - this.usedAt >= MAX_UNUSED.toNanos();
	}

	long usedAt() {
		return this.usedAt;
	}

	@Override
	public PreparedStatement query(String sql) throws SQLException {
		this.usedAt = System.nanoTime();
		PreparedStatement open = this.statements.get(sql);
		return (open != null) ? open : prepare(sql);
	}

	private PreparedStatement prepare(String sql) throws SQLException {
		Connection present = this.connection.get();
		if (present == null) {
			throw new IllegalStateException("A worker prepares statements only while it is connected");
		}
		PreparedStatement statement = present.prepareStatement(this.engine.withSchema(sql));
		this.statements.put(sql, statement);
		return statement;
	}

	@Override
	public PreparedStatement update(String sql) throws SQLException {
		this.write.end();
		Connection present = this.connection.get();
		if (present != null) {
			this.engine.orphanedSessions().end(present);
		}
		PreparedStatement statement = query(sql);
		this.write.begin(statement, this.serverSession, System.nanoTime() + this.engine.timeout().toNanos());
		return statement;
	}

	/**
	 * Record the failure of a statement.
	 */
	void failed(Throwable failure) {
		if (this.write.isActive() && this.serverSession != null) {
			this.engine.orphanedSessions().add(this.serverSession, failure);
		}
		if (OrphanedSessions.isUnanswered(failure)
				|| StoreException.of(failure).failureCause() == FailureCause.UNAVAILABLE || isClosedByThePool()) {
			this.broken = failure;
		}
	}

	/**
	 * Return whether the pool has closed the connection. It does so for more failures
	 * than those that make PostgreSQL unavailable, for example for a write on a standby.
	 */
	private boolean isClosedByThePool() {
		Connection present = this.connection.get();
		try {
			return present == null || present.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * Mark the connection as broken, because its state is unknown.
	 */
	void breakBy(Throwable failure) {
		this.broken = failure;
	}

	/**
	 * Return the failure that has broken the connection. The pool would only report a
	 * closed connection.
	 * @return the failure; {@code null} if the connection is not broken
	 */
	@Nullable Throwable broken() {
		return this.broken;
	}

	CacheMonitor monitor() {
		return this.engine.monitor();
	}

	/**
	 * Return whether a write must be cancelled.
	 */
	boolean isOverdue(long now) {
		return this.write.isOverdue(now);
	}

	/**
	 * Cancel an overdue write. This takes long if no server answers.
	 */
	void cancelIfOverdue(long now) {
		this.write.cancelIfOverdue(now);
	}

}
