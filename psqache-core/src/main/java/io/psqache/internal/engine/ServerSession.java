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
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import org.springframework.util.ClassUtils;

/**
 * The server's side of a connection, accessible even if the connection is broken.
 *
 * @param connection the driver's own connection
 */
record ServerSession(PGConnection connection) {

	private static final boolean DRIVER_IS_PRESENT = ClassUtils.isPresent("org.postgresql.PGConnection",
			ServerSession.class.getClassLoader());

	/**
	 * Return the session of a working connection.
	 * @return {@code null} if the driver is not pgjdbc
	 */
	static @Nullable ServerSession of(Connection connection) throws SQLException {
		return (DRIVER_IS_PRESENT && connection.isWrapperFor(PGConnection.class))
				? new ServerSession(connection.unwrap(PGConnection.class)) : null;
	}

	/**
	 * Return the id of the server process.
	 */
	int id() {
		return this.connection.getBackendPID();
	}

	/**
	 * Cancel the current statement over a separate connection. The thread that waits for
	 * the answer is not blocked.
	 */
	void cancel() throws SQLException {
		this.connection.cancelQuery();
	}

}
