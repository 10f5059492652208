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

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The current write of a worker, which is cancelled if it exceeds the timeout. The
 * driver's {@link Statement#cancel()} blocks the executing thread until the signal has
 * arrived, which takes a second if no server answers. This class blocks only a worker
 * that continues with the same connection, because the signal must not cancel its next
 * statement.
 */
final class CancellableWrite {

	private final ReentrantLock signalLock = new ReentrantLock();

	private volatile boolean isSignalling;

	/**
	 * Written last when a write begins, and first when it ends.
	 */
	private volatile @Nullable Statement statement;

	private @Nullable ServerSession session;

	private long overdueAt;

	/**
	 * Begin a write.
	 * @param overdueAt the time to cancel the write, by {@link System#nanoTime()}
	 */
	void begin(Statement statement, @Nullable ServerSession session, long overdueAt) {
		this.session = session;
		this.overdueAt = overdueAt;
		this.statement = statement;
	}

	boolean isActive() {
		return this.statement != null;
	}

	/**
	 * End the write on a connection that is used again. Waits for a signal that is being
	 * sent.
	 */
	void end() {
		this.statement = null;
		if (this.isSignalling) {
			this.signalLock.lock();
			try {
				// The signal has arrived.
			}
			finally {
				this.signalLock.unlock();
			}
		}
	}

	/**
	 * End the write on a connection that is not used again.
	 */
	void abandon() {
		this.statement = null;
	}

	/**
	 * Return whether the write is overdue and no signal is being sent.
	 */
	boolean isOverdue(long now) {
		return this.statement != null && now - this.overdueAt > 0 && !this.isSignalling;
	}

	void cancelIfOverdue(long now) {
		this.signalLock.lock();
		try {
			this.isSignalling = true; // before the statement is read; see end()
			Statement current = this.statement;
			if (current != null && now - this.overdueAt > 0) {
				cancel(current);
			}
		}
		catch (SQLException | RuntimeException ex) {
			// The statement is closed, or no server answers, which breaks the socket.
		}
		finally {
			this.isSignalling = false;
			this.signalLock.unlock();
		}
	}

	private void cancel(Statement current) throws SQLException {
		ServerSession session = this.session;
		if (session != null) {
			session.cancel();
		}
		else {
			current.cancel();
		}
	}

}
