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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Terminates server sessions whose connection broke during a write. After a frozen server
 * or a network interruption, PostgreSQL may still execute such a write. It could then run
 * after a later eviction of the same entry on another connection. Therefore these
 * sessions are terminated before the next write. Thread-safe.
 */
final class OrphanedSessions {

	/**
	 * Terminates only sessions of psqache, because behind a pooler the id may be that of
	 * another session.
	 */
	private static final String END = """
			with lost as materialized (
			  select pid
			  from pg_stat_activity
			  where pid = any (?)
			    and pid <> pg_backend_pid()
			    and application_name = current_setting('application_name')
			)
			select coalesce(bool_and(pg_terminate_backend(pid, ?)), true) as ended
			from lost
			""";

	private static final String QUERY_CANCELED = "57014";

	private final Set<Integer> sessions = ConcurrentHashMap.newKeySet();

	private final Duration timeout;

	/**
	 * Create a new instance.
	 * @param timeout how long a session may take to end
	 */
	OrphanedSessions(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Add the session of a failed write, if the write was not answered.
	 * @param session the session of the write
	 * @param failure the failure of the write
	 */
	void add(ServerSession session, Throwable failure) {
		if (isUnanswered(failure)) {
			this.sessions.add(session.id());
		}
	}

	/**
	 * Return whether the connection broke before an answer.
	 */
	static boolean isUnanswered(Throwable failure) {
		return failure instanceof SQLException exception && exception.getSQLState() != null
				&& exception.getSQLState().startsWith("08");
	}

	/**
	 * Terminate the added sessions.
	 * @param connection the connection of the next write
	 * @throws SQLException if a session does not end within the timeout
	 */
	void end(Connection connection) throws SQLException {
		if (this.sessions.isEmpty()) {
			return;
		}
		Integer[] lost = this.sessions.toArray(Integer[]::new);
		try (PreparedStatement statement = connection.prepareStatement(END)) {
			statement.setObject(1, lost);
			statement.setLong(2, this.timeout.toMillis());
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				if (!rows.getBoolean("ended")) {
					throw new SQLException("A session whose connection was lost is still active on the server",
							QUERY_CANCELED);
				}
			}
		}
		for (Integer session : lost) {
			this.sessions.remove(session);
		}
	}

}
