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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import io.psqache.internal.engine.Session;

/**
 * Which database a connection reaches, and as which role. Addresses would not tell: one
 * server has several, and a pooler in front of it others.
 *
 * @param server when the server was started, to the microsecond. A copy of a server has
 * the same system identifier, but was started at another time
 * @param database the id of the database on that server
 * @param standby whether nothing can be written there
 * @param role the role whose privileges count
 */
public record DatabaseIdentity(String server, String database, boolean standby, String role) {

	private static final String QUERY = """
			select extract(epoch from pg_postmaster_start_time())::text as server,
			  (select oid::text from pg_database where datname = current_database()) as database,
			  pg_is_in_recovery() as standby,
			  current_user as role
			""";

	/**
	 * Ask a session.
	 * @param session any session
	 * @return where it is
	 * @throws SQLException if the database is no PostgreSQL or did not answer
	 */
	public static DatabaseIdentity of(Session session) throws SQLException {
		return read(session.query(QUERY));
	}

	/**
	 * Ask a connection.
	 * @param connection any connection
	 * @return where it leads
	 * @throws SQLException if the database is no PostgreSQL or did not answer
	 */
	public static DatabaseIdentity of(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
			return read(statement);
		}
	}

	private static DatabaseIdentity read(PreparedStatement statement) throws SQLException {
		try (ResultSet rows = statement.executeQuery()) {
			rows.next();
			return new DatabaseIdentity(rows.getString("server"), rows.getString("database"),
					rows.getBoolean("standby"), rows.getString("role"));
		}
	}

	/**
	 * Whether two connections can write to one database.
	 * @param other where another connection leads
	 * @return whether both reach the same database, on its primary
	 */
	public boolean isSameDatabase(DatabaseIdentity other) {
		return this.server.equals(other.server) && this.database.equals(other.database) && !this.standby
				&& !other.standby;
	}

}
