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

package io.psqache.internal.watch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

import javax.sql.DataSource;

import io.psqache.CacheStartupException;
import io.psqache.TableWatch;
import io.psqache.internal.store.SchemaName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates, drops and checks the triggers on the watched tables of one namespace, in the
 * database of the cache:
 * <ol>
 * <li>A watch has four triggers on its table, for insert, update, delete and truncate,
 * after each statement. The triggers call {@code evict_changed()} in psqache's schema,
 * which evicts in the transaction that changed the rows.</li>
 * <li>The name of a trigger contains digests of its namespace and its arguments.
 * Configured and existing triggers are compared by name only, so that an unchanged table
 * is not locked.</li>
 * <li>Existing triggers of the namespace that are not configured are dropped.</li>
 * </ol>
 */
public final class WatchedTables {

	private static final Logger logger = LoggerFactory.getLogger(WatchedTables.class);

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	/**
	 * How long to wait for the lock of a table. During this time writers of the table
	 * wait too.
	 */
	private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

	private final SchemaName schema;

	private final String namespace;

	private final List<TableWatch> watches;

	private final Predicate<Connection> isOtherDatabase;

	private final WatchSql sql;

	/**
	 * Create a new instance. Does not access the database.
	 * @param schema the schema of the caches, which must exist at {@link #install} and
	 * {@link #check}
	 * @param namespace the namespace of the caches, may be empty
	 * @param watches the configured watches; existing triggers of other watches are
	 * dropped
	 */
	public WatchedTables(SchemaName schema, String namespace, Collection<TableWatch> watches) {
		this(schema, namespace, watches, (connection) -> false);
	}

	/**
	 * Create a new instance for tables that may be in another database than the cache.
	 * @param schema the schema of the caches, which must exist at {@link #install} and
	 * {@link #check}
	 * @param namespace the namespace of the caches, may be empty
	 * @param watches the configured watches; existing triggers of other watches are
	 * dropped
	 * @param isOtherDatabase returns whether a connection of the cache is known to reach
	 * another database than that of the tables. Watches are then rejected, because tables
	 * of the same names would be different tables
	 */
	public WatchedTables(SchemaName schema, String namespace, Collection<TableWatch> watches,
			Predicate<Connection> isOtherDatabase) {
		this(schema, namespace, watches, isOtherDatabase, LOCK_LIMIT);
	}

	WatchedTables(SchemaName schema, String namespace, Collection<TableWatch> watches, Duration lockLimit) {
		this(schema, namespace, watches, (connection) -> false, lockLimit);
	}

	private WatchedTables(SchemaName schema, String namespace, Collection<TableWatch> watches,
			Predicate<Connection> isOtherDatabase, Duration lockLimit) {
		this.schema = schema;
		this.namespace = namespace;
		this.watches = List.copyOf(watches);
		this.isOtherDatabase = isOtherDatabase;
		this.sql = new WatchSql(schema, lockLimit);
	}

	/**
	 * Return the names of the watched tables as configured.
	 */
	public List<String> tables() {
		return this.watches.stream().map(TableWatch::table).distinct().sorted().toList();
	}

	/**
	 * Create missing triggers and drop extra ones, in one transaction. Several instances
	 * may call this concurrently.
	 * @param dataSource provides connections of the owner of the tables
	 * @throws CacheStartupException if a table cannot be watched
	 * @throws SQLException if PostgreSQL failed
	 */
	public void install(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			requireTablesHere(connection);
			connection.setAutoCommit(false);
			try {
				install(connection);
				connection.commit();
			}
			catch (SQLException | RuntimeException ex) {
				connection.rollback();
				throw ex;
			}
		}
	}

	private void install(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(this.sql.lock);
			TriggerDifference difference = difference(connection);
			if (!difference.notOwned().isEmpty()) {
				throw notOwned(difference, difference.notOwned());
			}
			statement.execute(this.sql.limitLocks);
			for (String change : difference.statements()) {
				apply(statement, change, difference);
			}
			if (!difference.statements().isEmpty()) {
				logger.info("Watched tables: {} triggers created, {} dropped", difference.missing().size(),
						difference.extra().size());
			}
		}
		createCaches(connection);
	}

	private static void apply(Statement statement, String change, TriggerDifference difference) throws SQLException {
		try {
			statement.execute(change);
		}
		catch (SQLException ex) {
			if (INSUFFICIENT_PRIVILEGE.equals(ex.getSQLState())) {
				throw forbidden(ex, difference);
			}
			if (LOCK_NOT_AVAILABLE.equals(ex.getSQLState())) {
				throw new CacheStartupException(
						"psqache could not create or drop a trigger on a watched table, because other "
								+ "sessions held locks on it.",
						"Start again when no long transaction uses the table, or have an administrator run "
								+ "these statements:\n\n" + difference.text(),
						ex);
			}
			throw ex;
		}
	}

	private static CacheStartupException notOwned(TriggerDifference difference, List<String> tables) {
		return new CacheStartupException("psqache cannot watch %s, because its database role does not own the table."
			.formatted(String.join(", ", tables)), remedy(difference));
	}

	private static CacheStartupException forbidden(SQLException cause, TriggerDifference difference) {
		return new CacheStartupException("psqache cannot watch a table: " + cause.getMessage() + ".",
				remedy(difference), cause);
	}

	private static String remedy(TriggerDifference difference) {
		return "Have an administrator of the database run these statements, and start again:\n\n" + difference.text();
	}

	/**
	 * Insert the rows of the caches, so that no transaction of the application has to.
	 */
	private void createCaches(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.sql.createCache)) {
			for (TableWatch watch : this.watches) {
				statement.setString(1, this.namespace);
				statement.setString(2, watch.cache());
				statement.execute();
			}
		}
	}

	/**
	 * Check that no trigger is missing, without changes. An extra trigger only evicts too
	 * much, so it is logged as a warning.
	 * @param dataSource provides connections of any role
	 * @throws CacheStartupException if a table cannot be watched or a trigger is missing
	 * @throws SQLException if PostgreSQL failed
	 */
	public void check(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			requireTablesHere(connection);
			TriggerDifference difference = difference(connection);
			if (!difference.missing().isEmpty()) {
				throw new CacheStartupException(
						"psqache cannot watch tables, because their triggers are missing: "
								+ difference.missing().stream().map(WatchTrigger::table).distinct().toList() + ".",
						"psqache.migrate is false, so have an administrator run these statements, and start again:\n\n"
								+ difference.text());
			}
			if (!difference.extra().isEmpty()) {
				logger.warn("Triggers of this application watch tables that are no longer configured. "
						+ "psqache.migrate is false, so have an administrator run:\n{}", difference.text());
			}
		}
	}

	private void requireTablesHere(Connection connection) {
		if (!this.watches.isEmpty() && this.isOtherDatabase.test(connection)) {
			throw new CacheStartupException(
					"psqache cannot watch tables: psqache.datasource.url refers to another database than "
							+ "the application's DataSource, and a trigger can evict only in its own database.",
					"Remove psqache.datasource.url, so that the cache is in the application's database, "
							+ "or remove psqache.watch and all TableWatch beans.");
		}
	}

	private TriggerDifference difference(Connection connection) throws SQLException {
		return TriggerDifference.find(new Catalog(connection, this.sql), this.schema, this.namespace, this.watches);
	}

}
