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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.psqache.StoreException;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A connection that listens. What was sent before it was opened is not heard, and neither
 * is anything after it broke. One thread receives; any may close it.
 */
public final class Subscription implements AutoCloseable {

	/**
	 * For what is asked of the server. To wait for messages has no limit.
	 */
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final Connection connection;

	private Subscription(Connection connection) {
		this.connection = connection;
	}

	static Subscription open(DataSource unpooled, SchemaName schema) {
		try {
			Connection connection = unpooled.getConnection();
			try {
				connection.setNetworkTimeout(Runnable::run, (int) TIMEOUT.toMillis());
				try (Statement statement = connection.createStatement()) {
					statement.execute("listen " + schema.quoted());
				}
				return new Subscription(connection);
			}
			catch (SQLException | RuntimeException ex) {
				connection.close();
				throw ex;
			}
		}
		catch (SQLException ex) {
			throw StoreException.of(ex);
		}
	}

	/**
	 * Wait for messages.
	 * @param patience how long, at least a millisecond
	 * @return those that have come, in order; empty if none has
	 * @throws StoreException if the connection broke or was closed. That no server is at
	 * the other end any more is not noticed here
	 */
	public List<String> receive(Duration patience) {
		try {
			PGNotification[] received = this.connection.unwrap(PGConnection.class)
				.getNotifications((int) patience.toMillis());
			return (received != null) ? Stream.of(received).map(PGNotification::getParameter).toList() : List.of();
		}
		catch (SQLException ex) {
			throw StoreException.of(ex);
		}
	}

	/**
	 * Break the connection at once: a thread that waits for messages is told.
	 */
	@Override
	public void close() {
		try {
			this.connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// It was broken before.
		}
	}

}
