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
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.internal.schema.MigrationScripts;
import io.psqache.internal.schema.SchemaCheck;
import io.psqache.internal.store.SchemaName;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose role may not do everything: it is told what is missing, and what
 * it prints for the administrator is enough.
 */
@ExtendWith(OutputCaptureExtension.class)
class SchemaPrivilegesIntegrationTests {

	private static final String START_AGAIN = "start again:";

	private final TestDatabase database = TestDatabase.create();

	private final String role = this.database.createRole();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void roleThatMayNotCreateTheSchemaIsNamed(CapturedOutput output) {
		StartupReport report = fail(output);
		assertThat(report.description()).isEqualTo(
				"psqache cannot create its schema 'psqache', because the role " + this.role + " lacks the privilege.");
		assertThat(report.statements(START_AGAIN)).contains("create schema").contains("grant");
	}

	@Test
	void printedStatementsLetTheRoleMigrate(CapturedOutput output) {
		this.database.execute(fail(output).statements(START_AGAIN));
		assertStarts();
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'cache_entry'"))
			.isEqualTo(this.role);
	}

	@Test
	void printedStatementsAreEnoughInSchemaOfTheAdministrator(CapturedOutput output) {
		this.database.execute("create schema psqache");
		this.database.execute(fail(output).statements(START_AGAIN));
		assertStarts();
	}

	@Test
	void roleThatDidNotMakeTheTablesIsToldToUseThem(CapturedOutput output) {
		TestApplication.on(this.database).run((context) -> assertThat(context).hasNotFailed());
		StartupReport report = fail(output);
		assertThat(report.description()).contains("the role " + this.role + " lacks the privilege");
		assertThat(report.action()).contains("If another role created the schema", "Set psqache.migrate=false here");
		this.database.execute(report.statements("run these statements as that role:"));
		assertStarts("psqache.migrate=false");
	}

	@Test
	void missingSchemaIsNotMadeWhereMigrationIsOff(CapturedOutput output) {
		StartupReport report = fail(output, "psqache.migrate=false");
		assertThat(report.description())
			.isEqualTo("psqache's schema 'psqache' is not ready: ERROR: schema \"psqache\" does not exist.");
		assertThat(report.action())
			.startsWith("psqache.migrate is false, so have an administrator run these statements");
		assertThat(this.database.query("select to_regnamespace('psqache')")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "psqache,true,u", "psqache,false,p", "Cache_Of_Orders,true,u" })
	void printedStatementsMakeTheSchema(String schema, String unlogged, String persistence, CapturedOutput output) {
		String[] settings = { "psqache.migrate=false", "psqache.schema=" + schema, "psqache.unlogged=" + unlogged };
		this.database.execute(fail(output, settings).statements(START_AGAIN));
		assertStarts(settings);
		assertThat(this.database.query("select relpersistence from pg_class where relname = 'cache_entry'"))
			.isEqualTo(persistence);
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'cache_entry'"))
			.isEqualTo(this.database.username());
	}

	@ParameterizedTest
	@CsvSource({ "insert,cache", "update,cache", "select,cache_entry", "insert,cache_entry", "update,cache_entry",
			"delete,cache_entry", "select,bound_eviction" })
	void missingPrivilegeIsNamed(String privilege, String table, CapturedOutput output) {
		makeSchema();
		this.database.execute("revoke " + privilege + " on psqache." + table + " from " + this.role);
		StartupReport report = fail(output, "psqache.migrate=false");
		assertThat(report.description()).startsWith("psqache's schema 'psqache' is not ready: ").contains(table);
		assertThat(report.description()).containsAnyOf("the role lacks " + privilege + " on \"psqache\"." + table,
				"permission denied for table " + table);
		assertThat(report.statements(START_AGAIN)).contains("grant select, insert, update, delete");
	}

	@Test
	void missingUsageOfSchemaIsNamed(CapturedOutput output) {
		makeSchema();
		this.database.execute("revoke usage on schema psqache from " + this.role);
		assertThat(fail(output, "psqache.migrate=false").description())
			.contains("permission denied for schema psqache");
	}

	@Test
	void printedGrantsRestorePrivileges(CapturedOutput output) {
		makeSchema();
		this.database.execute("revoke usage on schema psqache from " + this.role);
		this.database.execute("revoke all on all tables in schema psqache from " + this.role);
		this.database.execute(fail(output, "psqache.migrate=false").statements(START_AGAIN));
		assertStarts("psqache.migrate=false");
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
	void missingPartIsNamed(String damage, String problem, CapturedOutput output) {
		makeSchema();
		this.database.execute(damage);
		assertThat(fail(output, "psqache.migrate=false").description()).endsWith(problem + ".");
	}

	@Test
	void olderVersionIsNamed(CapturedOutput output) {
		makeSchema();
		this.database
			.execute("create or replace function psqache.schema_version() returns int language sql as 'select 0'");
		assertThat(fail(output, "psqache.migrate=false").description()).isEqualTo(
				"psqache's schema 'psqache' is not ready: " + "it has version 0, and this version of psqache needs 3.");
	}

	@Test
	void printedStatementsBringAnOlderSchemaUpToDate(CapturedOutput output) {
		VersionOneInstance.migrate(this.database);
		this.database.execute("grant usage on schema psqache to " + this.role);
		StartupReport report = fail(output, "psqache.migrate=false");
		assertThat(report.description()).endsWith("it has version 1, and this version of psqache needs 3.");
		this.database.execute(report.statements(START_AGAIN));
		assertThat(this.database.query("select psqache.schema_version()")).isEqualTo("3");
		assertStarts("psqache.migrate=false");
	}

	@Test
	void damagedSchemaIsReportedWhereMigrationIsOnToo(CapturedOutput output) {
		TestApplication.on(this.database).run((context) -> assertThat(context).hasNotFailed());
		this.database.execute("alter table psqache.cache_entry drop column payload");
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database));
		assertThat(report.description()).endsWith("column \"payload\" does not exist.");
		this.database.execute(report.statements("at the next start:"));
		assertThat(this.database.query("select count(*) from pg_proc where pronamespace = 'psqache'::regnamespace"))
			.isEqualTo("0");
		TestApplication.on(this.database)
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.migrate=true", "psqache.migrate=false" })
	void reportHoldsNoPassword(String setting, CapturedOutput output) {
		this.database.execute("alter role " + this.role + " password 's3cret-Word'");
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database.url(), this.role, "s3cret-Word", setting));
		assertThat(report.text()).doesNotContain("s3cret-Word").doesNotContain("jdbc:");
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
	void printedStatementsAreEnoughWithoutDefaultPrivileges(String revoke, CapturedOutput output) {
		this.database.execute("alter default privileges revoke execute on functions from public");
		if (!revoke.isEmpty()) {
			makeSchema();
			this.database.execute(revoke.formatted(this.role));
			assertThat(fail(output, "psqache.migrate=false").statements(START_AGAIN)).contains("grant execute")
				.doesNotContain("create table");
		}
		startAsTold(output, "psqache.migrate=false");
	}

	@Test
	void printedStatementsAreEnoughWhereAnotherRoleMigrates(CapturedOutput output) {
		String deployer = this.database.createRole();
		this.database
			.execute("alter default privileges for role " + deployer + " revoke execute on functions from public");
		this.database.execute("create schema psqache authorization " + deployer);
		new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(TestApplication.properties(this.database.url(), deployer, this.database.password()))
			.run((context) -> assertThat(context).hasNotFailed());
		startAsTold(output, "psqache.migrate=false");
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'cache_entry'"))
			.isEqualTo(deployer);
	}

	@Test
	void printedStatementsAreEnoughWhereTheRoleMigratesInASchemaOfAnotherOwner(CapturedOutput output) {
		this.database.execute("alter default privileges revoke execute on functions from public");
		this.database.execute("create schema psqache");
		startAsTold(output);
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
	private void startAsTold(CapturedOutput output, String... settings) {
		this.database.execute("create table public.book (id int primary key)");
		this.database.execute("grant all on public.book to " + this.role);
		String[] all = Stream
			.concat(Stream.of("psqache.watch[0].table=public.book", "psqache.watch[0].cache=books",
					"psqache.watch[0].key=id", "psqache.caches.books.max-entries=1000",
					"psqache.defaults.single-flight=cluster"), Stream.of(settings))
			.toArray(String[]::new);
		ApplicationContextRunner application = new ApplicationContextRunner()
			.withUserConfiguration(TestApplication.class)
			.withPropertyValues(
					TestApplication.properties(this.database.url(), this.role, this.database.password(), all));
		AtomicBoolean started = new AtomicBoolean();
		for (int start = 0; start < 4 && !started.get(); start++) {
			application.run((context) -> {
				if (context.getStartupFailure() == null) {
					started.set(true);
					assertDoesEverything(context);
				}
			});
			if (!started.get()) {
				this.database.execute(fail(output, all).statements(START_AGAIN));
			}
		}
		assertThat(started).isTrue();
	}

	private void assertDoesEverything(BeanFactory context) throws SQLException {
		PostgresCache books = TestApplication.cache(context, "books");
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
		assertThat(context.getBean(PostgresCacheManager.class).cleanup()).isPositive();
	}

	/**
	 * As an administrator would: with the printed statements, but without a failed start.
	 */
	private void makeSchema() {
		MigrationScripts scripts = new MigrationScripts(new SchemaName("psqache"), true);
		this.database.execute("create schema psqache;" + scripts.textSince(0) + scripts.grantsToUse(this.role));
	}

	private StartupReport fail(CapturedOutput output, String... settings) {
		return StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database.url(), this.role, this.database.password(), settings));
	}

	private void assertStarts(String... settings) {
		new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(
					TestApplication.properties(this.database.url(), this.role, this.database.password(), settings))
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

}
