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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.psqache.CacheStartupException;
import io.psqache.FailureCause;
import io.psqache.internal.connection.DatabaseDescription;
import io.psqache.internal.watch.WatchedTables;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes psqache's schema at startup, after the application's own migrations, or checks
 * that it is there and right:
 * <ol>
 * <li>There must be a PostgreSQL of a version that psqache supports, and not a
 * standby.</li>
 * <li>Flyway, with a history table in psqache's own schema, brings the schema up to date.
 * It takes an advisory lock, so that instances may start together. No bean of type
 * {@code Flyway} is published: that would disable the application's.</li>
 * <li>The schema must have the version, the columns and the privileges that the
 * statements of the store need, also where another role made it.</li>
 * <li>The {@linkplain WatchedTables watched tables} get their triggers.</li>
 * </ol>
 * If the database cannot be reached the application starts all the same, unless that is
 * set otherwise: the {@link SchemaRepairer} does all this when it can be.
 */
public final class SchemaInitializer {

	private static final Logger logger = LoggerFactory.getLogger(SchemaInitializer.class);

	private static final int OLDEST_POSTGRES = 14;

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private final DataSource dataSource;

	private final MigrationScripts scripts;

	private final WatchedTables watched;

	private final boolean migrate;

	private final boolean failFast;

	private @Nullable FailureCause outage;

	private @Nullable String database;

	/**
	 * Create an initializer that fails if the database cannot be reached.
	 * @param dataSource connections as the cache's role, without a limit of time: a
	 * migration may have to wait for another instance's
	 * @param scripts the scripts
	 * @param watched the tables that are watched
	 * @param migrate whether to run the scripts and make the triggers, or only to check
	 */
	SchemaInitializer(DataSource dataSource, MigrationScripts scripts, WatchedTables watched, boolean migrate) {
		this(dataSource, scripts, watched, migrate, true);
	}

	/**
	 * Create an initializer.
	 * @param dataSource connections as the cache's role, without a limit of time: a
	 * migration may have to wait for another instance's
	 * @param scripts the scripts
	 * @param watched the tables that are watched
	 * @param migrate whether to run the scripts and make the triggers, or only to check
	 * @param failFast whether to fail if the database cannot be reached
	 */
	public SchemaInitializer(DataSource dataSource, MigrationScripts scripts, WatchedTables watched, boolean migrate,
			boolean failFast) {
		this.dataSource = dataSource;
		this.scripts = scripts;
		this.watched = watched;
		this.migrate = migrate;
		this.failFast = failFast;
	}

	/**
	 * The same initializer with other connections.
	 */
	public SchemaInitializer on(DataSource other) {
		return new SchemaInitializer(other, this.scripts, this.watched, this.migrate);
	}

	/**
	 * Why the database could not be reached at the start.
	 * @return {@code null} if the schema is ready
	 */
	public @Nullable FailureCause outage() {
		return this.outage;
	}

	/**
	 * The database as {@link DatabaseDescription} describes it.
	 * @return {@code null} if it was not reached yet
	 */
	public @Nullable String database() {
		return this.database;
	}

	/**
	 * Make or check the schema. An outage of the database ends the start only if that is
	 * set.
	 * @throws CacheStartupException if that failed
	 */
	public void start() {
		try {
			initialize();
		}
		catch (CacheStartupException ex) {
			this.outage = this.failFast ? null : outage(ex);
			if (this.outage == null) {
				throw ex;
			}
			logger.warn("The application starts without its cache. {} {} Until the database answers, reads "
					+ "are misses, puts are dropped, and evictions wait in the backlog. psqache then "
					+ "creates or checks its schema. (Set psqache.fail-fast=true to fail the start " + "instead.)",
					oneLine(ex.description()), ex.action());
			logger.debug("The database cannot be reached", ex);
		}
	}

	/**
	 * What passes by itself. A login that is refused is a wrong setting, as is a missing
	 * privilege.
	 */
	private static @Nullable FailureCause outage(Throwable failure) {
		for (Throwable thrown = failure; thrown != null; thrown = thrown.getCause()) {
			if (thrown instanceof SQLException exception) {
				FailureCause cause = FailureCause.ofConnecting(exception);
				boolean passes = cause == FailureCause.UNAVAILABLE || cause == FailureCause.OUT_OF_RESOURCES
						|| (cause == FailureCause.TIMEOUT && isOfTheConnection(exception));
				if (passes) {
					return cause;
				}
			}
		}
		return null;
	}

	private static boolean isOfTheConnection(SQLException failure) {
		return failure.getSQLState() != null && failure.getSQLState().startsWith("08");
	}

	private static String oneLine(String text) {
		String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
		return line.endsWith(".") ? line : line + ".";
	}

	/**
	 * Make or check the schema now.
	 * @throws CacheStartupException if that failed
	 */
	void initialize() {
		String role = requirePostgres();
		if (this.migrate) {
			migrate(role);
		}
		check(role);
		watch();
	}

	/**
	 * Require a PostgreSQL that a cache can be in.
	 * @return the role that psqache connects as, quoted for SQL
	 */
	private String requirePostgres() {
		try (Connection connection = this.dataSource.getConnection()) {
			String product = connection.getMetaData().getDatabaseProductName();
			if (!"PostgreSQL".equals(product)) {
				throw new CacheStartupException(
						"psqache needs PostgreSQL, but its DataSource connects to " + product + ".",
						"Set psqache.datasource.url to a PostgreSQL database (jdbc:postgresql://...), or set "
								+ "psqache.enabled=false.",
						null);
			}
			int version = connection.getMetaData().getDatabaseMajorVersion();
			if (version < OLDEST_POSTGRES) {
				throw new CacheStartupException(
						"psqache requires PostgreSQL " + OLDEST_POSTGRES + " or later, but the server has version "
								+ version + ".",
						"Upgrade the server, or set psqache.datasource.url to a newer server.", null);
			}
			String role = requirePrimary(connection);
			this.database = DatabaseDescription.of(connection);
			return role;
		}
		catch (SQLException ex) {
			throw new CacheStartupException("psqache cannot connect to its database: " + withoutUrl(ex),
					"Check that PostgreSQL runs, and check the connection details: psqache.datasource.* "
							+ "if set, or those of the application's DataSource.",
					ex);
		}
	}

	/**
	 * A driver that cannot parse a URL repeats it in its message, and the URL may contain
	 * a password.
	 */
	private static String withoutUrl(SQLException failure) {
		return String.valueOf(failure.getMessage()).replaceAll("jdbc:\\S*", "its URL");
	}

	private static String requirePrimary(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select pg_is_in_recovery(), quote_ident(current_user)")) {
			rows.next();
			if (rows.getBoolean(1)) {
				throw new CacheStartupException(
						"psqache cannot use its database, because the server is a standby, which accepts no "
								+ "writes.",
						"Set psqache.datasource.url to the primary server.", null);
			}
			return rows.getString(2);
		}
	}

	private void migrate(String role) {
		String schema = this.scripts.schema().value();
		SchemaHistory history = new SchemaHistory(this.scripts);
		try (Connection lock = history.lock(this.dataSource)) {
			FluentConfiguration flyway = Flyway.configure(getClass().getClassLoader())
				.dataSource(this.dataSource)
				.locations("classpath:" + MigrationScripts.LOCATION)
				.placeholders(this.scripts.placeholders())
				.defaultSchema(schema)
				.schemas(schema)
				.table(SchemaHistory.TABLE)
				.failOnMissingLocations(true);
			history.mend(this.dataSource).ifPresent((version) -> {
				logger.info((version > 0)
						? "The migration history of psqache's schema '{}' is missing. psqache starts a new one "
								+ "at version {}."
						: "The migration history and tables of psqache's schema '{}' are missing. psqache "
								+ "creates the schema again.",
						schema, version);
				flyway.baselineOnMigrate(true).baselineVersion(String.valueOf(version));
			});
			flyway.load().migrate();
		}
		catch (FlywayException | SQLException ex) {
			throw isForbidden(ex) ? forbidden(role, ex)
					: new CacheStartupException(
							"psqache cannot migrate its schema '" + schema + "': " + ex.getMessage(),
							"If another program created this schema, set psqache.schema to another name. If an "
									+ "administrator creates psqache's tables, set psqache.migrate=false.",
							ex);
		}
	}

	private CacheStartupException forbidden(String role, Exception cause) {
		return new CacheStartupException(
				"psqache cannot create its schema '%s', because the role %s lacks the privilege."
					.formatted(this.scripts.schema(), role),
				"Have an administrator of the database run these statements, and start again:\n\n"
						+ this.scripts.grantsToMigrate(role)
						+ "\nIf another role created the schema, only that role can migrate it. Set "
						+ "psqache.migrate=false here, and run these statements as that role:\n\n"
						+ this.scripts.grantsToUse(role),
				cause);
	}

	private void check(String role) {
		try (Connection connection = this.dataSource.getConnection()) {
			SchemaCheck check = new SchemaCheck(this.scripts.schema());
			SchemaCheck.Problem problem = check.problem(connection);
			if (problem != null) {
				throw new CacheStartupException(
						"psqache's schema '%s' is not ready: %s.".formatted(this.scripts.schema(), problem.text()),
						remedy(role, problem, check.version(connection)), null);
			}
		}
		catch (SQLException ex) {
			throw new CacheStartupException("psqache cannot check its schema: " + ex.getMessage(),
					"Check that PostgreSQL still runs.", ex);
		}
	}

	private String remedy(String role, SchemaCheck.Problem problem, int version) {
		if (problem.isPrivilege() && version >= MigrationScripts.VERSION) {
			return "Have an administrator of the database, or the role that owns the schema, run these statements, "
					+ "and start again:\n\n" + this.scripts.grantsToUse(role);
		}
		if (this.migrate) {
			return "Another program changed the schema. It contains only cached data: run these "
					+ "statements, and psqache creates it again at the next start:\n\n" + this.scripts.drops();
		}
		if (version > 0 && version < MigrationScripts.VERSION) {
			return "psqache.migrate is false, so have an administrator run these statements in one transaction, "
					+ "as the role that owns the tables, and start again:\n\n" + this.scripts.textSince(version) + "\n"
					+ this.scripts.grantsToUse(role);
		}
		return "psqache.migrate is false, so have an administrator run these statements in an empty schema, "
				+ "and start again:\n\ncreate schema if not exists " + this.scripts.schema().quoted() + ";\n\n"
				+ this.scripts.textSince(0) + "\n" + this.scripts.grantsToUse(role);
	}

	private void watch() {
		try {
			if (this.migrate) {
				this.watched.install(this.dataSource);
			}
			else {
				this.watched.check(this.dataSource);
			}
		}
		catch (SQLException ex) {
			throw new CacheStartupException(
					"psqache cannot check the triggers of the watched tables: " + ex.getMessage(),
					"Check that PostgreSQL still runs.", ex);
		}
	}

	private static boolean isForbidden(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException exception && INSUFFICIENT_PRIVILEGE.equals(exception.getSQLState())) {
				return true;
			}
		}
		return false;
	}

}
