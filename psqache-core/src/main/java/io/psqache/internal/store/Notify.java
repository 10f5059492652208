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

package io.psqache.internal.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import io.psqache.internal.engine.Session;

/**
 * Sends messages by NOTIFY: to every instance that listens, in the order of commits, when
 * the transaction commits and only then. The channel has the name of the schema.
 */
public final class Notify {

	/**
	 * What one message may hold, in bytes.
	 */
	static final int MAX_BYTES = 7_999;

	private static final String NOTIFY = """
			select pg_notify(?, message)
			from unnest(?) as message
			""";

	private final String channel;

	Notify(SchemaName schema) {
		this.channel = schema.value();
	}

	/**
	 * Send messages.
	 * @param session the session
	 * @param messages in this order, may be empty
	 * @throws SQLException if PostgreSQL failed
	 */
	public void send(Session session, List<String> messages) throws SQLException {
		if (messages.isEmpty()) {
			return;
		}
		PreparedStatement statement = session.update(NOTIFY);
		statement.setString(1, this.channel);
		statement.setObject(2, messages.toArray(String[]::new));
		statement.execute();
	}

}
