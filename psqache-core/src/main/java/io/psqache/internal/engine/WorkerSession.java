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
 * The session of a worker: a connection of the pool, whose statements stay open while
 * there is work. Used by one thread at a time.
 * <p>
 * The socket breaks when no answer comes within the time limit and a little, and
 * PostgreSQL is told to cancel a write that takes longer: nothing is written later than
 * one time limit after its caller gave up. Neither changes the state of the server's
 * session, which would reach others behind a pooler.
 */
final class WorkerSession implements Session {

	/**
	 * How long an answer may take past the time limit. Until then PostgreSQL can say that
	 * a write was cancelled.
	 */
	static final Duration GRACE = Duration.ofMillis(100);

	/**
	 * A connection that is not used for so long goes back to the pool.
	 */
	private static final Duration MAX_UNUSED = Duration.ofMillis(50);

	/**
	 * After so long a connection goes back to the pool, between two batches: the pool may
	 * want to replace it.
	 */
	private static final Duration MAX_HELD = Duration.ofSeconds(10);

	private final Engine engine;

	private final CancellableWrite write = new CancellableWrite();

	/**
	 * By the text of the statement, which is the same object each time.
	 */
	private final IdentityHashMap<String, PreparedStatement> statements = new IdentityHashMap<>();

	/**
	 * The thread that takes the connection from here closes it.
	 */
	private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();

	private @Nullable ServerSession serverSession;

	private long connectedAt;

	/**
	 * Whether the pool took long to give the connection: its socket has less than the
	 * time limit for each answer.
	 */
	private boolean connectedLate;

	private volatile long usedAt;

	private @Nullable Throwable broken;

	WorkerSession(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Get a connection from the pool, unless there is one.
	 */
	void connect() throws SQLException {
		if (this.connection.get() == null) {
			open();
		}
		this.engine.watchdog().wake(); // it sleeps unless there is a connection to watch
	}

	private void open() throws SQLException {
		long asked = System.nanoTime();
		Connection made = connection();
		Duration left = this.engine.timeout().minusNanos(System.nanoTime() - asked);
		try {
			made.setNetworkTimeout(Runnable::run, (int) (left.isNegative() ? GRACE : left.plus(GRACE)).toMillis());
			this.serverSession = ServerSession.of(made);
		}
		catch (SQLException ex) {
			made.close(); // or the pool would lose it
			throw ex;
		}
		this.connectedAt = asked;
		this.connectedLate = left.compareTo(this.engine.timeout().minus(GRACE)) < 0;
		this.connection.set(made);
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
	 * The end of a batch: a connection that is broken, or was held for long, goes back.
	 * So does one that had to be waited for, whose first answer may take no longer than
	 * the time that was left.
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
	 * Give the connection back to the pool, which closes its statements.
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
			if (aborted) { // in the middle of a statement, perhaps
				connection.abort(Runnable::run);
			}
		}
		catch (SQLException ex) {
			// It was broken, and the pool has dropped it.
		}
	}

	/**
	 * Break the connection, whatever is executed on it. Called by another thread.
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
	 * A statement has failed.
	 */
	void failed(Throwable failure) {
		if (this.write.isUnderWay() && this.serverSession != null) {
			this.engine.orphanedSessions().add(this.serverSession, failure);
		}
		if (OrphanedSessions.isUnanswered(failure)
				|| StoreException.of(failure).failureCause() == FailureCause.UNAVAILABLE || isClosedByThePool()) {
			this.broken = failure;
		}
	}

	/**
	 * The pool closes a connection for more than what makes PostgreSQL unavailable: for
	 * example when a statement meets a standby.
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
	 * The state of the connection is not known any more.
	 */
	void breakBy(Throwable failure) {
		this.broken = failure;
	}

	/**
	 * What has broken the connection, so that nothing else can be executed on it: the
	 * pool would only say that it is closed.
	 */
	@Nullable Throwable broken() {
		return this.broken;
	}

	CacheMonitor monitor() {
		return this.engine.monitor();
	}

	/**
	 * Whether PostgreSQL is to be told to cancel a write.
	 */
	boolean isOverdue(long now) {
		return this.write.isOverdue(now);
	}

	/**
	 * Tell it. This takes long where no server answers.
	 */
	void cancelIfOverdue(long now) {
		this.write.cancelIfOverdue(now);
	}

}
