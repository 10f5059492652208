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
 * The write that a worker executes, which PostgreSQL is told to cancel when it takes too
 * long. The driver's {@link Statement#cancel()} holds up the thread that executes the
 * statement until the signal has arrived, which takes a second where no server answers.
 * This one holds up only a worker that goes on with the same connection: the signal must
 * not meet its next statement.
 */
final class CancellableWrite {

	private final ReentrantLock signalling = new ReentrantLock();

	private volatile boolean signals;

	/**
	 * Written last when a write begins, and first when it ends.
	 */
	private volatile @Nullable Statement statement;

	private @Nullable ServerSession session;

	private long overdueAt;

	/**
	 * A write begins.
	 * @param overdueAt when it has taken too long, by {@link System#nanoTime()}
	 */
	void begin(Statement statement, @Nullable ServerSession session, long overdueAt) {
		this.session = session;
		this.overdueAt = overdueAt;
		this.statement = statement;
	}

	boolean isUnderWay() {
		return this.statement != null;
	}

	/**
	 * It has ended, and the connection is used again: wait for a signal under way.
	 */
	void end() {
		this.statement = null;
		if (this.signals) {
			this.signalling.lock();
			try {
				// The signal has arrived.
			}
			finally {
				this.signalling.unlock();
			}
		}
	}

	/**
	 * It has ended, and so has the connection.
	 */
	void abandon() {
		this.statement = null;
	}

	/**
	 * Whether it has taken too long, and no signal is under way.
	 */
	boolean isOverdue(long now) {
		return this.statement != null && now - this.overdueAt > 0 && !this.signals;
	}

	void cancelIfOverdue(long now) {
		this.signalling.lock();
		try {
			this.signals = true; // before the look at the statement, as end() after
			Statement current = this.statement;
			if (current != null && now - this.overdueAt > 0) {
				cancel(current);
			}
		}
		catch (SQLException | RuntimeException ex) {
			// It has been closed, or no server answers: then the socket breaks.
		}
		finally {
			this.signals = false;
			this.signalling.unlock();
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
