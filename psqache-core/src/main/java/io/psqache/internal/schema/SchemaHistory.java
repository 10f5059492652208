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

package io.psqache.internal.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;

import javax.sql.DataSource;

/**
 * Flyway's history of the schema, which test cleaners empty with all other tables: Flyway
 * would then run the first script on the tables that are there. The schema tells its
 * version by itself. If the history tells of an earlier one, or of none, it is dropped,
 * and Flyway begins another with the version that is there. If tables are gone too, the
 * rest of the schema is dropped with it, and Flyway makes all of it again.
 */
final class SchemaHistory {

	static final String TABLE = "schema_history";

	/**
	 * The open transaction keeps no other lock, and is idle for as long as Flyway takes.
	 */
	private static final String LOCK = """
			select set_config('idle_in_transaction_session_timeout', '0', true),
			  pg_advisory_xact_lock(7463, hashtext(?))
			""";

	/**
	 * A schema that is shared may have a function of such a name. So psqache's schema is
	 * known by several.
	 */
	private static final String FIND = """
			select to_regprocedure('${schema}.schema_version()') is not null
			    and to_regprocedure('${schema}.evict_changed()') is not null
			    and to_regprocedure('${schema}.evict_keys(int, text[])') is not null as made,
			  to_regclass('${schema}.schema_history') is not null as recorded
			""";

	/**
	 * Without the tables of a version, the version is not there.
	 */
	private static final String IS_COMPLETE = """
			select bool_and(to_regclass('${schema}.' || name) is not null)
			from unnest(array['cache', 'incarnation', 'figures', 'sweeper', 'load']
			  || case when ? > 1 then array['cache_entry', 'bound_eviction'] else array['entry'] end
			  || case when ? > 3 then array['near_lease', 'near_revocation'] else array[]::text[] end) as name
			""";

	private static final String MADE = "select ${schema}.schema_version()";

	private static final String RECORDED = """
			select coalesce(max(version::int), 0)
			from ${schema}.schema_history
			where success and version ~ '^[0-9]+$'
			""";

	private static final String DROP = "drop table if exists ${schema}.schema_history";

	private final MigrationScripts scripts;

	SchemaHistory(MigrationScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Admit one instance at a time to {@link #mend} and to the migration that follows: a
	 * later one would drop the history that an earlier one is writing.
	 * @param dataSource connections as the owner of the tables
	 * @return a connection that holds the lock until it is closed
	 */
	Connection lock(DataSource dataSource) throws SQLException {
		Connection connection = dataSource.getConnection();
		try {
			connection.setAutoCommit(false);
			try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
				lock.setString(1, this.scripts.schema().value());
				lock.execute();
			}
			return connection;
		}
		catch (SQLException ex) {
			connection.close();
			throw ex;
		}
	}

	/**
	 * Drop the history if it does not tell of the version that is there.
	 * @param dataSource connections as the owner of the tables
	 * @return the version to begin another history with, which is 0 if the schema was
	 * dropped, or empty if there is nothing to do
	 */
	OptionalInt mend(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try {
				OptionalInt version = mend(connection);
				connection.commit();
				return version;
			}
			catch (SQLException ex) {
				connection.rollback();
				throw ex;
			}
		}
	}

	private OptionalInt mend(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			int made = 0;
			int recorded = 0;
			try (ResultSet rows = statement.executeQuery(in(FIND))) {
				rows.next();
				boolean isRecorded = rows.getBoolean("recorded");
				made = rows.getBoolean("made") ? number(connection, MADE) : 0;
				recorded = (made > 0 && isRecorded) ? number(connection, RECORDED) : 0;
			}
			if (made <= recorded) {
				return OptionalInt.empty();
			}
			boolean isComplete = isComplete(connection, made);
			statement.execute(isComplete ? in(DROP) : this.scripts.drops());
			return OptionalInt.of(isComplete ? made : 0);
		}
	}

	private int number(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(in(query))) {
			rows.next();
			return rows.getInt(1);
		}
	}

	private boolean isComplete(Connection connection, int version) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(in(IS_COMPLETE))) {
			statement.setInt(1, version);
			statement.setInt(2, version);
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return rows.getBoolean(1);
			}
		}
	}

	private String in(String sql) {
		return this.scripts.schema().in(sql);
	}

}
