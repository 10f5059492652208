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
import java.time.Duration;

import javax.sql.DataSource;

import io.psqache.internal.store.SchemaRepair;

/**
 * Makes psqache's schema again while the application runs:
 * <ol>
 * <li>Where the database could not be reached at the start, the {@link SchemaInitializer}
 * does what it would have done then.</li>
 * <li>Else an advisory lock admits one instance at a time. Later ones find the schema
 * made.</li>
 * <li>The {@link SchemaInitializer} makes it again.</li>
 * <li>Where only some of the tables are gone, Flyway's history has nothing left to do.
 * Then the other tables are dropped first: it is a cache.</li>
 * </ol>
 */
public final class SchemaRepairer implements SchemaRepair {

	/**
	 * How long each statement may take. Scripts wait up to 60 s for older instances, and
	 * a large table takes minutes to become logged. A network that goes silent meanwhile
	 * suspends the cache for no longer.
	 */
	public static final Duration LIMIT = Duration.ofMinutes(10);

	private static final String LOCK = "select pg_advisory_lock(hashtext('psqache'), hashtext(?))";

	private static final String IS_INCOMPLETE = """
			select bool_or(to_regclass('${schema}.' || name) is null)
			from unnest(array['cache', 'cache_entry', 'bound_eviction', 'incarnation', 'load', 'figures', 'sweeper',
			  'near_lease', 'near_revocation']) as name
			""";

	private final DataSource dataSource;

	private final SchemaInitializer initializer;

	private final MigrationScripts scripts;

	private final boolean migrate;

	private volatile boolean due;

	/**
	 * Create it.
	 * @param dataSource connections as the cache's role
	 * @param initializer makes the schema by the same connections
	 * @param scripts what makes the schema
	 * @param migrate whether it may
	 * @param due whether the initializer could not reach the database at the start
	 */
	public SchemaRepairer(DataSource dataSource, SchemaInitializer initializer, MigrationScripts scripts,
			boolean migrate, boolean due) {
		this.dataSource = dataSource;
		this.initializer = initializer;
		this.scripts = scripts;
		this.migrate = migrate;
		this.due = due;
	}

	@Override
	public boolean isDue() {
		return this.due;
	}

	@Override
	public void run() {
		if (this.due) {
			this.initializer.initialize();
			this.due = false;
			return;
		}
		if (!this.migrate) {
			throw new IllegalStateException(
					"psqache.migrate is false. Restart the application: it prints the statements for an "
							+ "administrator.");
		}
		try (Connection connection = this.dataSource.getConnection()) {
			lock(connection);
			if (new SchemaCheck(this.scripts.schema()).problem(connection) != null) {
				repair(connection);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
	}

	/**
	 * Until the connection is closed.
	 */
	private void lock(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
			statement.setString(1, this.scripts.schema().value());
			statement.execute();
		}
	}

	private void repair(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			if (isIncomplete(statement)) {
				statement.execute(this.scripts.drops());
			}
		}
		this.initializer.initialize();
	}

	private boolean isIncomplete(Statement statement) throws SQLException {
		try (ResultSet rows = statement.executeQuery(this.scripts.schema().in(IS_INCOMPLETE))) {
			rows.next();
			return rows.getBoolean(1);
		}
	}

}
