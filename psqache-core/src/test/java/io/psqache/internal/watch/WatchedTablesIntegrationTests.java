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

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.psqache.test.Concurrently;
import io.psqache.TableWatch;
import io.psqache.TestCaches;
import io.psqache.CacheStartupException;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests which tables can be watched, and which triggers exist after a change of settings.
 */
class WatchedTablesIntegrationTests {

	private static final TableWatch BY_ID = TableWatch.evicting("book", "books", "id");

	private static final TableWatch CLEARING = TableWatch.clearing("book", "lists");

	private static final String IDENTITIES = "select string_agg(oid::text, ',' order by oid) from pg_trigger";

	private final WatchFixture fixture = new WatchFixture();

	@BeforeEach
	void createTables() {
		this.fixture.execute("create table book (id int primary key, title text)");
		this.fixture.execute("create table film (id int primary key)");
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void addedAndRemovedWatchesTakeEffect() {
		this.fixture.watch(BY_ID);
		assertThat(this.fixture.triggers()).isEqualTo("book:books,1000,id");
		this.fixture.watch(BY_ID, CLEARING, TableWatch.evicting("film", "films", "id"));
		assertThat(this.fixture.triggers()).isEqualTo("book:books,1000,id book:lists,0 film:films,1000,id");
		this.fixture.watch(CLEARING);
		assertThat(this.fixture.triggers()).isEqualTo("book:lists,0");
		this.fixture.watch();
		assertThat(this.fixture.triggers()).isNull();
	}

	@Test
	void changedWatchReplacesTheEarlierOne() {
		this.fixture.watch(BY_ID);
		this.fixture.watch(BY_ID.withMaxRows(7));
		assertThat(this.fixture.triggers()).isEqualTo("book:books,7,id");
		this.fixture.watch(TableWatch.evicting("book", "books", "id", "title"));
		assertThat(this.fixture.triggers()).isEqualTo("book:books,1000,id,title");
		this.fixture.watch(TableWatch.evicting("book", "novels", "title", "id"));
		assertThat(this.fixture.triggers()).isEqualTo("book:novels,1000,title,id");
		this.fixture.watch(TableWatch.evicting("film", "novels", "id"));
		assertThat(this.fixture.triggers()).isEqualTo("film:novels,1000,id");
	}

	@Test
	void unchangedSettingsChangeAndLockNothing() {
		this.fixture.watch(BY_ID, CLEARING, BY_ID);
		String before = this.fixture.query(IDENTITIES);
		try (TestDatabase.Lock lock = this.fixture.database().lockWrites("book")) {
			assertThat(lock).isNotNull();
			this.fixture.watch(CLEARING, BY_ID);
		}
		assertThat(this.fixture.query(IDENTITIES)).isNotNull().isEqualTo(before);
	}

	@Test
	void otherTriggersRemain() {
		this.fixture.execute("""
				create function own() returns trigger language plpgsql as 'begin return null; end';
				create trigger own after insert on film execute function own()
				""");
		this.fixture.watchAs("other", TableWatch.clearing("film", "films"));
		this.fixture.watch(BY_ID);
		this.fixture.watch();
		assertThat(this.fixture.triggers()).isEqualTo("film: film:films,0");
	}

	@Test
	void disabledTriggerIsCreatedAgain() {
		this.fixture.watch(BY_ID);
		this.fixture.execute("alter table book disable trigger user");
		this.fixture.watch(BY_ID);
		assertThat(
				this.fixture.query("select count(*) from pg_trigger where tgname like 'psqache%' and tgenabled = 'O'"))
			.isEqualTo("4");
	}

	@Test
	void rowsOfTheCachesAreInserted() {
		this.fixture.watch(BY_ID, CLEARING);
		assertThat(
				this.fixture.query("select string_agg(namespace || ':' || name, ' ' order by id) from psqache.cache"))
			.isEqualTo("test:books test:lists");
	}

	@Test
	void droppingTheSchemaDropsItsTriggers() {
		this.fixture.watch(BY_ID);
		this.fixture.execute("drop schema psqache cascade");
		this.fixture.execute("insert into book values (1)");
		assertThat(this.fixture.triggers()).isNull();
	}

	@Test
	void instancesMayInstallConcurrently() throws Exception {
		Concurrently.run(6, (instance) -> {
			this.fixture.watch(BY_ID, CLEARING, TableWatch.evicting("film", "films", "id"));
			return null;
		});
		assertThat(this.fixture.query("select count(*) from pg_trigger where tgname like 'psqache%'")).isEqualTo("12");
	}

	@Test
	void waitForALockIsLimited() {
		WatchedTables watched = new WatchedTables(TestCaches.SCHEMA, WatchFixture.NAMESPACE, List.of(BY_ID),
				Duration.ofMillis(50));
		try (TestDatabase.Lock lock = this.fixture.database().lock("book")) {
			assertThat(lock).isNotNull();
			assertThatExceptionOfType(CacheStartupException.class)
				.isThrownBy(() -> watched.install(this.fixture.database().dataSource()))
				.satisfies((ex) -> assertThat(ex.description()).contains("other sessions held locks on it"))
				.satisfies((ex) -> assertThat(ex.action()).contains("create trigger psqache_"));
		}
		assertThat(this.fixture.triggers()).isNull();
	}

	@Test
	void namesAreWrittenAsInSql() {
		this.fixture.execute("create schema \"Odd.Schema\"");
		this.fixture.execute("create table \"Odd.Schema\".\"Weird \"\"Table\"\"\" (\"My Key\" int, \"select\" int)");
		this.fixture.watch(
				TableWatch.evicting("\"Odd.Schema\".\"Weird \"\"Table\"\"\"", "weird", "\"My Key\"", "SELECT"),
				TableWatch.evicting("PUBLIC.Book", "books", "ID"));
		this.fixture.put("weird", List.of(1, 2), List.of(2, 1));
		this.fixture.put("books", 1);
		this.fixture.execute("insert into \"Odd.Schema\".\"Weird \"\"Table\"\"\" values (1, 2)");
		this.fixture.execute("insert into book values (1)");
		assertThat(this.fixture.has("weird", List.of(1, 2))).isFalse();
		assertThat(this.fixture.has("weird", List.of(2, 1))).isTrue();
		assertThat(this.fixture.has("books", 1)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "it's", "'); drop table film; --", "\\'); drop table film; --", "$$;drop table film;$$",
			"?{d 'x'}%s\u00e4", "${schema}" })
	void nameOfACacheOrNamespaceIsOnlyAName(String name) {
		this.fixture.watchAs(name, TableWatch.clearing("book", name));
		this.fixture.execute("insert into book values (1)");
		String quoted = WatchFixture.quote(name);
		assertThat(this.fixture
			.query("select epoch from psqache.cache where name = %1$s and namespace = %1$s".formatted(quoted)))
			.isEqualTo("1");
		assertThat(this.fixture.query("select to_regclass('film')")).isEqualTo("film");
		this.fixture.watchAs(name);
		assertThat(this.fixture.triggers()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "books", "other.book", "other.db.book", "a.b.c.d", "book; drop table film", "Weird Table",
			"\"book", "'book'", ".", "book(id)" })
	void unknownTableIsRefused(String table) {
		CacheStartupException refusal = refusal(TableWatch.evicting(table, "books", "id"));
		assertThat(refusal.description())
			.isEqualTo("psqache cannot watch the table '" + table + "': the table does not exist.");
		assertThat(refusal.action()).contains("Write the name as in SQL").contains("before psqache starts");
		assertThat(this.fixture.query("select to_regclass('film')")).isEqualTo("film");
	}

	@ParameterizedTest
	@ValueSource(strings = { "isbn", "ctid", "book.id", "\"ID\"", "id, title", "id::text; drop table film", "\"id" })
	void unknownColumnIsRefused(String column) {
		CacheStartupException refusal = refusal(TableWatch.evicting("book", "books", column));
		assertThat(refusal.description())
			.isEqualTo("psqache cannot evict from the cache 'books' on changes of public.book, because the "
					+ "table has no column '" + column + "'.");
		assertThat(refusal.action()).contains("as in SQL");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					create view odd as select * from book                                     | a view, and no trigger can collect its changes
					create materialized view odd as select * from book                        | a materialized view
					create sequence odd                                                       | a sequence
					create foreign data wrapper w; create server s foreign data wrapper w; create foreign table odd (id int) server s | a foreign table
					create table whole (id int) partition by list (id); create table odd partition of whole for values in (1) | a partition or child of another table
					create table odd () inherits (book)                                       | a partition or child of another table
					""")
	void tableWithoutUsableTriggersIsRefused(String make, String reason) {
		this.fixture.execute(make);
		assertThat(refusal(TableWatch.clearing("odd", "books")).description())
			.startsWith("psqache cannot watch public.odd: it is")
			.contains(reason);
	}

	@Test
	void tableOfPsqacheIsRefused() {
		assertThat(refusal(TableWatch.clearing("psqache.cache_entry", "books")).description())
			.isEqualTo("psqache cannot watch psqache.cache_entry: it is psqache's own.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jsonb", "real", "double precision", "character(3)", "timestamp with time zone", "bytea",
			"integer[]", "mood", "isbn", "interval" })
	void typeWhoseTextIsNotThatOfAKeyIsRefused(String type) {
		this.fixture.execute("create type mood as enum ('good'); create domain isbn as text");
		this.fixture.execute("create table odd (key " + type + ")");
		CacheStartupException refusal = refusal(TableWatch.evicting("odd", "odds", "key"));
		assertThat(refusal.description())
			.isEqualTo("psqache cannot create keys from the column 'key' of public.odd, because it does not "
					+ "support the type '" + type + "' in a key.");
		assertThat(refusal.action()).contains("generated").contains("clear the cache instead");
	}

	@Test
	void storedGeneratedColumnIsAKey() {
		this.fixture.execute("create table odd (id int, key text generated always as ('no ' || id) stored)");
		this.fixture.watch(TableWatch.evicting("odd", "odds", "key"));
		this.fixture.put("odds", "no 1");
		this.fixture.execute("insert into odd values (1)");
		assertThat(this.fixture.has("odds", "no 1")).isFalse();
	}

	@Test
	void virtualGeneratedColumnIsRefused() {
		assumeTrue(Integer.parseInt(String.valueOf(this.fixture.query("show server_version_num"))) >= 180_000,
				"PostgreSQL has them since 18");
		this.fixture.execute("create table odd (id int, key int generated always as (id * 2) virtual)");
		assertThat(refusal(TableWatch.evicting("odd", "odds", "key")).description())
			.contains("it is a virtual generated column");
	}

	@Test
	void refusedWatchChangesNothing() {
		this.fixture.watch(BY_ID);
		assertThat(refusal(CLEARING, TableWatch.clearing("books", "books"))).isNotNull();
		assertThat(this.fixture.triggers()).isEqualTo("book:books,1000,id");
	}

	@Test
	void checkChangesNothingAndToleratesExtraTriggers() throws SQLException {
		WatchedTables watched = new WatchedTables(TestCaches.SCHEMA, WatchFixture.NAMESPACE, List.of(BY_ID));
		assertThatExceptionOfType(CacheStartupException.class)
			.isThrownBy(() -> watched.check(this.fixture.database().dataSource()))
			.satisfies((ex) -> assertThat(ex.description())
				.isEqualTo("psqache cannot watch tables, because their triggers are missing: [public.book]."));
		assertThat(this.fixture.triggers()).isNull();
		this.fixture.watch(BY_ID, CLEARING);
		watched.check(this.fixture.database().dataSource());
		assertThat(this.fixture.triggers()).isEqualTo("book:books,1000,id book:lists,0");
	}

	private CacheStartupException refusal(TableWatch... watches) {
		try {
			this.fixture.watch(watches);
		}
		catch (CacheStartupException ex) {
			return ex;
		}
		throw new AssertionError("It was not refused");
	}

}
