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
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.psqache.CacheStartupException;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.SingleFlightScope;
import io.psqache.TableWatch;
import io.psqache.internal.store.SchemaName;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose role may not do everything: it is told what is missing, and what
 * it prints for the administrator is enough.
 */
class SchemaPrivilegesIntegrationTests {

	private static final String START_AGAIN = "start again:";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final String role = this.database.createRole();

	@Test
	void roleThatMayNotCreateTheSchemaIsNamed() {
		CacheStartupException report = fail();
		assertThat(report.description()).isEqualTo(
				"psqache cannot create its schema 'psqache', because the role " + this.role + " lacks the privilege.");
		assertThat(statements(report, START_AGAIN)).contains("create schema").contains("grant");
	}

	@Test
	void printedStatementsLetTheRoleMigrate() {
		this.database.execute(statements(fail(), START_AGAIN));
		assertStarts();
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'cache_entry'"))
			.isEqualTo(this.role);
	}

	@Test
	void printedStatementsAreEnoughInSchemaOfTheAdministrator() throws SQLException {
		this.database.execute("create schema psqache");
		this.database.execute(statements(fail(), START_AGAIN));
		assertStarts();
	}

	@Test
	void roleThatDidNotMakeTheTablesIsToldToUseThem() {
		TestManagers.start(this.database.dataSource()).close();
		CacheStartupException report = fail();
		assertThat(report.description()).contains("the role " + this.role + " lacks the privilege");
		assertThat(report.action()).contains("If another role created the schema", "Set psqache.migrate=false here");
		this.database.execute(statements(report, "run these statements as that role:"));
		assertStarts(SchemaPrivilegesIntegrationTests::withoutMigration);
	}

	@Test
	void missingSchemaIsNotMadeWhereMigrationIsOff() {
		CacheStartupException report = fail(SchemaPrivilegesIntegrationTests::withoutMigration);
		assertThat(report.description())
			.isEqualTo("psqache's schema 'psqache' is not ready: ERROR: schema \"psqache\" does not exist.");
		assertThat(report.action())
			.startsWith("psqache.migrate is false, so have an administrator run these statements");
		assertThat(this.database.query("select to_regnamespace('psqache')")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "psqache,true,u", "psqache,false,p", "Cache_Of_Orders,true,u" })
	void printedStatementsMakeTheSchema(String schema, boolean unlogged, String persistence) {
		Consumer<PostgresCacheManagerBuilder> settings = (
				builder) -> builder.migrate(false).schema(schema).unlogged(unlogged);
		this.database.execute(statements(fail(settings), START_AGAIN));
		assertStarts(settings);
		assertThat(this.database.query("select relpersistence from pg_class where relname = 'cache_entry'"))
			.isEqualTo(persistence);
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'cache_entry'"))
			.isEqualTo(this.database.username());
	}

	@ParameterizedTest
	@CsvSource({ "insert,cache", "update,cache", "select,cache_entry", "insert,cache_entry", "update,cache_entry",
			"delete,cache_entry", "select,bound_eviction" })
	void missingPrivilegeIsNamed(String privilege, String table) {
		makeSchema();
		this.database.execute("revoke " + privilege + " on psqache." + table + " from " + this.role);
		CacheStartupException report = fail(SchemaPrivilegesIntegrationTests::withoutMigration);
		assertThat(report.description()).startsWith("psqache's schema 'psqache' is not ready: ").contains(table);
		assertThat(report.description()).containsAnyOf("the role lacks " + privilege + " on \"psqache\"." + table,
				"permission denied for table " + table);
		assertThat(statements(report, START_AGAIN)).contains("grant select, insert, update, delete");
	}

	@Test
	void missingUsageOfSchemaIsNamed() {
		makeSchema();
		this.database.execute("revoke usage on schema psqache from " + this.role);
		assertThat(fail(SchemaPrivilegesIntegrationTests::withoutMigration).description())
			.contains("permission denied for schema psqache");
	}

	@Test
	void printedGrantsRestorePrivileges() {
		makeSchema();
		this.database.execute("revoke usage on schema psqache from " + this.role);
		this.database.execute("revoke all on all tables in schema psqache from " + this.role);
		this.database.execute(statements(fail(SchemaPrivilegesIntegrationTests::withoutMigration), START_AGAIN));
		assertStarts(SchemaPrivilegesIntegrationTests::withoutMigration);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			alter table psqache.cache_entry drop column live_until      | column "live_until" does not exist
			alter table psqache.cache drop column epoch cascade           | column "epoch" does not exist
			drop table psqache.cache_entry                              | relation "psqache.cache_entry" does not exist
			drop function psqache.schema_version                  | function psqache.schema_version() does not exist
			drop function psqache.evict_changed                   | function ""psqache".evict_changed" does not exist
			drop view psqache.entries                             | relation "psqache.entries" does not exist
			""")
	void missingPartIsNamed(String damage, String problem) {
		makeSchema();
		this.database.execute(damage);
		assertThat(fail(SchemaPrivilegesIntegrationTests::withoutMigration).description()).endsWith(problem + ".");
	}

	@Test
	void olderVersionIsNamed() {
		makeSchema();
		this.database
			.execute("create or replace function psqache.schema_version() returns int language sql as 'select 0'");
		assertThat(fail(SchemaPrivilegesIntegrationTests::withoutMigration).description()).isEqualTo(
				"psqache's schema 'psqache' is not ready: " + "it has version 0, and this version of psqache needs 4.");
	}

	@Test
	void printedStatementsBringAnOlderSchemaUpToDate() {
		VersionOneInstance.migrate(this.database);
		this.database.execute("grant usage on schema psqache to " + this.role);
		CacheStartupException report = fail(SchemaPrivilegesIntegrationTests::withoutMigration);
		assertThat(report.description()).endsWith("it has version 1, and this version of psqache needs 4.");
		this.database.execute(statements(report, START_AGAIN));
		assertThat(this.database.query("select psqache.schema_version()")).isEqualTo("4");
		assertStarts(SchemaPrivilegesIntegrationTests::withoutMigration);
	}

	@Test
	void damagedSchemaIsReportedWhereMigrationIsOnToo() {
		TestManagers.start(this.database.dataSource()).close();
		this.database.execute("alter table psqache.cache_entry drop column payload");
		CacheStartupException report = TestManagers.failure(this.database.dataSource());
		assertThat(report.description()).endsWith("column \"payload\" does not exist.");
		this.database.execute(statements(report, "at the next start:"));
		assertThat(this.database.query("select count(*) from pg_proc where pronamespace = 'psqache'::regnamespace"))
			.isEqualTo("0");
		try (PostgresCacheManager manager = TestManagers.start(this.database.dataSource())) {
			assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void reportHoldsNoPassword(boolean migrate) {
		this.database.execute("alter role " + this.role + " password 's3cret-Word'");
		CacheStartupException report = TestManagers.failure(
				new DriverManagerDataSource(this.database.url(), this.role, "s3cret-Word"),
				(builder) -> builder.migrate(migrate));
		assertThat(report.getMessage()).doesNotContain("s3cret-Word").doesNotContain("jdbc:");
	}

	/**
	 * A database in which a function is for its owner alone, unless it is granted.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "revoke usage on schema psqache from %s",
			"revoke all on all tables in schema psqache from %s", "revoke insert on psqache.cache_entry from %s",
			"revoke delete on psqache.load from %s", "revoke all on all functions in schema psqache from %s",
			"revoke execute on function psqache.schema_version from %s",
			"revoke execute on function psqache.sweep_old_entries from %s",
			"revoke execute on function psqache.require_newer_than_deleted from %s",
			"revoke usage on schema psqache from %1$s; revoke all on all functions in schema psqache from %1$s" })
	void printedStatementsAreEnoughWithoutDefaultPrivileges(String revoke) throws SQLException {
		this.database.execute("alter default privileges revoke execute on functions from public");
		if (!revoke.isEmpty()) {
			makeSchema();
			this.database.execute(revoke.formatted(this.role));
			assertThat(statements(fail(SchemaPrivilegesIntegrationTests::withoutMigration), START_AGAIN))
				.contains("grant execute")
				.doesNotContain("create table");
		}
		startAsTold(SchemaPrivilegesIntegrationTests::withoutMigration);
	}

	@Test
	void printedStatementsAreEnoughWhereAnotherRoleMigrates() throws SQLException {
		String deployer = this.database.createRole();
		this.database
			.execute("alter default privileges for role " + deployer + " revoke execute on functions from public");
		this.database.execute("create schema psqache authorization " + deployer);
		TestManagers.start(new DriverManagerDataSource(this.database.url(), deployer, this.database.password()))
			.close();
		startAsTold(SchemaPrivilegesIntegrationTests::withoutMigration);
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'cache_entry'"))
			.isEqualTo(deployer);
	}

	@Test
	void printedStatementsAreEnoughWhereTheRoleMigratesInASchemaOfAnotherOwner() throws SQLException {
		this.database.execute("alter default privileges revoke execute on functions from public");
		this.database.execute("create schema psqache");
		startAsTold((builder) -> {
		});
	}

	@Test
	void everyMissingPrivilegeIsFoundAndGranted() throws SQLException {
		this.database.execute("alter default privileges revoke execute on functions from public");
		makeSchema();
		MigrationScripts scripts = new MigrationScripts(new SchemaName("psqache"), true);
		SchemaCheck check = new SchemaCheck(scripts.schema());
		List<String> privileges = new ArrayList<>(List.of("usage on schema psqache"));
		for (String table : List.of("cache", "cache_entry", "bound_eviction", "incarnation", "figures", "sweeper",
				"load")) {
			for (String privilege : List.of("select", "insert", "update", "delete")) {
				privileges.add(privilege + " on psqache." + table);
			}
		}
		MigrationScripts.FUNCTIONS.forEach((function) -> privileges.add("execute on function psqache." + function));
		try (Connection connection = DriverManager.getConnection(this.database.url(), this.role,
				this.database.password())) {
			for (String privilege : privileges) {
				this.database.execute("revoke " + privilege + " from " + this.role);
				assertThat(check.problem(connection)).as(privilege)
					.isNotNull()
					.matches(SchemaCheck.Problem::isPrivilege);
				assertThat(check.version(connection)).isEqualTo(MigrationScripts.VERSION);
				this.database.execute(scripts.grantsToUse(this.role));
				assertThat(check.problem(connection)).as(privilege).isNull();
			}
		}
	}

	/**
	 * Start, and execute what is printed as the administrator, until nothing is printed.
	 * Then the application does all that it can do. Its table is not its own.
	 */
	private void startAsTold(Consumer<PostgresCacheManagerBuilder> settings) throws SQLException {
		this.database.execute("create table public.book (id int primary key)");
		this.database.execute("grant all on public.book to " + this.role);
		Consumer<PostgresCacheManagerBuilder> all = settings.andThen((builder) -> builder
			.watch(List.of(TableWatch.evicting("public.book", "books", "id")))
			.defaults(
					(defaults) -> defaults.withLoading(defaults.loading().withSingleFlight(SingleFlightScope.CLUSTER)))
			.cache("books", (books) -> books.withMaxEntries(1_000L)));
		boolean started = false;
		for (int start = 0; start < 4 && !started; start++) {
			try (PostgresCacheManager manager = TestManagers.start(ofTheRole(), all)) {
				started = true;
				assertDoesEverything(manager);
			}
			catch (CacheStartupException ex) {
				this.database.execute(statements(ex, START_AGAIN));
			}
		}
		assertThat(started).isTrue();
	}

	private void assertDoesEverything(PostgresCacheManager manager) throws SQLException {
		PostgresCache books = TestManagers.cache(manager, "books");
		books.put(1, "one");
		assertThat(books.get(1, String.class)).isEqualTo("one");
		assertThat(books.evictIfPresent(1)).isTrue();
		assertThat(books.get(2, () -> "loaded")).isEqualTo("loaded");
		assertThat(books.get(2, String.class)).isEqualTo("loaded");
		assertThat(books.putIfAbsent(3, "three")).isNull();
		try (Connection connection = DriverManager.getConnection(this.database.url(), this.role,
				this.database.password()); Statement statement = connection.createStatement()) {
			statement.execute("insert into public.book values (2)");
			assertThat(books.get(2)).isNull();
			statement.execute("truncate public.book");
			assertThat(books.get(3)).isNull();
			books.put(4, "four");
			statement.execute("select * from psqache.entries");
			statement.execute("select * from psqache.find('', 'books', '4')");
			statement.execute("select psqache.evict('', 'books', '4')");
			assertThat(books.get(4)).isNull();
		}
		books.put(5, "five");
		books.clear();
		assertThat(books.get(5)).isNull();
		assertThat(manager.cleanup()).isPositive();
	}

	/**
	 * As an administrator would: with the printed statements, but without a failed start.
	 */
	private void makeSchema() {
		MigrationScripts scripts = new MigrationScripts(new SchemaName("psqache"), true);
		this.database.execute("create schema psqache;" + scripts.textSince(0) + scripts.grantsToUse(this.role));
	}

	private static void withoutMigration(PostgresCacheManagerBuilder builder) {
		builder.migrate(false);
	}

	private DataSource ofTheRole() {
		return new DriverManagerDataSource(this.database.url(), this.role, this.database.password());
	}

	private CacheStartupException fail() {
		return TestManagers.failure(ofTheRole());
	}

	private CacheStartupException fail(Consumer<PostgresCacheManagerBuilder> settings) {
		return TestManagers.failure(ofTheRole(), settings);
	}

	private void assertStarts() {
		assertStarts((builder) -> {
		});
	}

	private void assertStarts(Consumer<PostgresCacheManagerBuilder> settings) {
		try (PostgresCacheManager manager = TestManagers.start(ofTheRole(), settings)) {
			assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes");
		}
	}

	/**
	 * The statements to be executed: the lines between an introduction and the sentence
	 * that follows them.
	 */
	private static String statements(CacheStartupException failure, String introduction) {
		String action = failure.action();
		String following = action.substring(action.indexOf(introduction) + introduction.length());
		return following.split("\\R\\R(?=If )", 2)[0];
	}

}
