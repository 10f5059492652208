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

package io.psqache.autoconfigure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.psqache.store.SchemaName;

/**
 * Flyway's history of the schema, which test cleaners empty with all other tables: Flyway
 * would then run the first script on the tables that are there. The schema tells its
 * version by itself. Where the history tells of an earlier one, or of none, it is
 * dropped, for Flyway to begin another with the version that is there.
 */
final class SchemaHistory {

	static final String TABLE = "schema_history";

	/**
	 * Of instances that start together the first one drops the table.
	 */
	private static final String LOCK = "select pg_advisory_xact_lock(7463, hashtext(?))";

	private static final String FIND = """
			select to_regprocedure('${schema}.schema_version()') is not null as made,
			  to_regclass('${schema}.schema_history') is not null as recorded
			""";

	private static final String MADE = "select ${schema}.schema_version()";

	private static final String RECORDED = """
			select coalesce(max(version::int), 0)
			from ${schema}.schema_history
			where success and version ~ '^[0-9]+$'
			""";

	private static final String DROP = "drop table if exists ${schema}.schema_history";

	private final SchemaName schema;

	SchemaHistory(SchemaName schema) {
		this.schema = schema;
	}

	/**
	 * Drop the history if it does not tell of the version that is there.
	 * @param dataSource connections as the owner of the tables
	 * @return the version to begin another history with, or 0 if there is nothing to do
	 */
	int mend(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try {
				int version = mend(connection);
				connection.commit();
				return version;
			}
			catch (SQLException ex) {
				connection.rollback();
				throw ex;
			}
		}
	}

	private int mend(Connection connection) throws SQLException {
		try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
			lock.setString(1, this.schema.value());
			lock.execute();
		}
		try (Statement statement = connection.createStatement()) {
			int made = 0;
			int recorded = 0;
			try (ResultSet rows = statement.executeQuery(this.schema.in(FIND))) {
				rows.next();
				boolean isRecorded = rows.getBoolean("recorded");
				made = rows.getBoolean("made") ? number(connection, MADE) : 0;
				recorded = (made > 0 && isRecorded) ? number(connection, RECORDED) : 0;
			}
			if (made <= recorded) {
				return 0;
			}
			statement.execute(this.schema.in(DROP));
			return made;
		}
	}

	private int number(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(this.schema.in(query))) {
			rows.next();
			return rows.getInt(1);
		}
	}

}
