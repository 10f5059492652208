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

package io.psqache.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

/**
 * Holds all connections of a pool, so that the cache gets none. A worker may keep its
 * connection for up to 10 seconds while there is work.
 */
public final class TakenConnections implements AutoCloseable {

	private final List<Connection> taken = new ArrayList<>();

	/**
	 * Acquire the connections.
	 * @param pool the pool
	 * @param count the size of the pool
	 * @throws SQLException if the database failed
	 */
	public TakenConnections(DataSource pool, int count) throws SQLException {
		long deadline = System.nanoTime() + 30_000_000_000L;
		while (this.taken.size() < count) {
			try {
				this.taken.add(pool.getConnection());
			}
			catch (SQLTransientConnectionException ex) {
				if (System.nanoTime() - deadline > 0) {
					throw ex;
				}
			}
		}
	}

	@Override
	public void close() throws SQLException {
		for (Connection connection : this.taken) {
			connection.close();
		}
		this.taken.clear();
	}

}
