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

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.UUID;
import java.util.stream.Stream;

import io.psqache.test.Concurrently;
import io.psqache.TableWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests which entries a change of a watched table by plain SQL evicts.
 */
class EvictionByTriggerIntegrationTests {

	/**
	 * Inserts rows in the order of a batch, which differs from their physical order.
	 */
	private static final String PUT_TAGS = """
			insert into psqache.cache_entry
			  (key_hash, epoch, expires_at, live_until, written_at, used_at, cache_id, key, type, value)
			select psqache.key_hash(key), 0, 'infinity', 'infinity', now(), now(), psqache.cache_id('test', 'tags'), key,
			  'v1 int', '1'
			from (select to_jsonb('tag ' || i)::text from generate_series(0, 99) i) as tag (key)
			order by psqache.key_hash(key)
			on conflict (cache_id, key_hash) do update
			set written_at = excluded.written_at
			""";

	private final WatchFixture fixture = new WatchFixture();

	@BeforeEach
	void createTable() {
		this.fixture.execute("create table book (id int primary key, title text)");
		this.fixture.execute("insert into book select i, 'old' from generate_series(1, 10) i");
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void changeEvictsWithItsCommit() throws SQLException {
		watchById();
		this.fixture.put("books", 1, 2);
		try (Connection connection = this.fixture.database().connect();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("update book set title = 'new' where id = 1");
			assertThat(this.fixture.has("books", 1)).isTrue();
			connection.commit();
		}
		assertThat(this.fixture.has("books", 1)).isFalse();
		assertThat(this.fixture.has("books", 2)).isTrue();
	}

	@Test
	void rollbackUndoesTheEviction() throws SQLException {
		this.fixture.watch(TableWatch.evicting("book", "books", "id"), TableWatch.clearing("book", "lists"));
		this.fixture.put("books", 1);
		this.fixture.put("lists", "all");
		try (Connection connection = this.fixture.database().connect();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("update book set title = 'new' where id = 1");
			connection.rollback();
		}
		assertThat(this.fixture.has("books", 1)).isTrue();
		assertThat(this.fixture.has("lists", "all")).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			insert into book values (20, 'new')                                                         | 20
			update book set title = 'new' where id = 2                                                  | 2
			update book set id = 20 where id = 2                                                        | 2
			update book set id = 20 where id = 2                                                        | 20
			delete from book where id = 2                                                               | 2
			insert into book values (2, 'new') on conflict (id) do update set title = excluded.title    | 2
			with gone as (delete from book where id = 2 returning id) select from gone                  | 2
			do $$ begin for i in 1..3 loop update book set title = 'new' where id = i; end loop; end $$ | 2
			""")
	void everyChangeOfARowEvictsItsKey(String change, int key) {
		watchById();
		this.fixture.put("books", key, 9);
		this.fixture.execute(change);
		assertThat(this.fixture.has("books", key)).isFalse();
		assertThat(this.fixture.has("books", 9)).isTrue();
		assertThat(this.fixture.clears("books")).isZero();
	}

	@Test
	void cascadeOfAForeignKeyEvicts() {
		this.fixture.execute("create table chapter (id int, book int references book on delete cascade)");
		this.fixture.execute("insert into chapter values (1, 1), (2, 2)");
		this.fixture.watch(TableWatch.evicting("chapter", "chapters", "id"));
		this.fixture.put("chapters", 1, 2);
		this.fixture.execute("delete from book where id = 1");
		assertThat(this.fixture.has("chapters", 1)).isFalse();
		assertThat(this.fixture.has("chapters", 2)).isTrue();
	}

	@Test
	void statementThatChangesNoRowEvictsNothing() {
		this.fixture.watch(TableWatch.evicting("book", "books", "id"), TableWatch.clearing("book", "lists"));
		this.fixture.put("books", 1);
		this.fixture.put("lists", "all");
		this.fixture.execute("update book set title = 'new' where id = -1");
		assertThat(this.fixture.has("books", 1)).isTrue();
		assertThat(this.fixture.has("lists", "all")).isTrue();
	}

	@Test
	void severalColumnsAreTheKeyOfSeveralArguments() {
		this.fixture.execute("create table price (isbn text, region text, net boolean)");
		this.fixture.watch(TableWatch.evicting("price", "prices", "region", "isbn", "net"));
		SimpleKey key = new SimpleKey("EU", "say \"hi\", \u00e4", true);
		SimpleKey partlyNull = new SimpleKey(null, "978", false);
		this.fixture.put("prices", key, partlyNull, new SimpleKey("US", "978", true));
		this.fixture.execute("insert into price values ('say \"hi\", \u00e4', 'EU', true), ('978', null, false)");
		assertThat(this.fixture.has("prices", key)).isFalse();
		assertThat(this.fixture.has("prices", partlyNull)).isFalse();
		assertThat(this.fixture.has("prices", new SimpleKey("US", "978", true))).isTrue();
	}

	@Test
	void nullIsTheKeyOfAnArgumentThatIsNull() {
		this.fixture.watch(TableWatch.evicting("book", "titles", "title"));
		SimpleKey key = new SimpleKey((Object) null);
		this.fixture.put("titles", key);
		this.fixture.execute("insert into book values (20, null)");
		assertThat(this.fixture.has("titles", key)).isFalse();
	}

	@ParameterizedTest
	@MethodSource
	void keyIsEqualToThatOfTheCodec(String type, String value, Object key) {
		this.fixture.execute("create table typed (key " + type + ")");
		this.fixture.watch(TableWatch.evicting("typed", "typed", "key"));
		this.fixture.put("typed", key, "another");
		this.fixture.execute("insert into typed values (" + WatchFixture.quote(value) + ")");
		assertThat(this.fixture.has("typed", key)).isFalse();
		assertThat(this.fixture.has("typed", "another")).isTrue();
	}

	static Stream<Arguments> keyIsEqualToThatOfTheCodec() {
		UUID uuid = UUID.randomUUID();
		String everything = "\"\\/\b\t\n\f\r\u0001\u007f \u00df\u2028\ufeff\ud83d\ude00";
		return Stream.of(arguments("smallint", "-7", -7), arguments("int", "42", 42),
				arguments("bigint", "-9223372036854775808", Long.MIN_VALUE),
				arguments("numeric", "1.50", new BigDecimal("1.50")),
				arguments("numeric(12, 2)", "-1234567890.5", new BigDecimal("-1234567890.50")),
				arguments("text", everything, everything), arguments("text", "", ""),
				arguments("varchar(20)", "978-1", "978-1"), arguments("uuid", uuid.toString(), uuid),
				arguments("boolean", "true", true), arguments("date", "2026-01-02", LocalDate.of(2026, 1, 2)),
				arguments("text", "k".repeat(998), "k".repeat(998)),
				arguments("text", "k".repeat(999), "k".repeat(999)),
				arguments("text", "\u00e4".repeat(600), "\u00e4".repeat(600)));
	}

	@Test
	void settingsOfTheSessionDoNotChangeTheKey() {
		this.fixture.execute("create table event (day date)");
		this.fixture.watch(TableWatch.evicting("event", "events", "day"));
		LocalDate day = LocalDate.of(2026, 1, 2);
		this.fixture.put("events", day);
		this.fixture.execute("""
				do $$
				begin
				  perform set_config('datestyle', 'German', true), set_config('search_path', '', true);
				  insert into public.event values ('2026-01-02');
				end
				$$
				""");
		assertThat(this.fixture.has("events", day)).isFalse();
	}

	@Test
	void moreRowsThanTheBoundClear() {
		this.fixture.watch(TableWatch.evicting("book", "books", "id").withMaxRows(3));
		this.fixture.put("books", 1, 2, 9);
		this.fixture.execute("update book set title = 'new' where id <= 3");
		assertThat(this.fixture.clears("books")).isZero();
		assertThat(this.fixture.has("books", 9)).isTrue();
		assertThat(this.fixture.has("books", 1)).isFalse();
		this.fixture.execute("update book set title = 'new' where id <= 4");
		assertThat(this.fixture.clears("books")).isEqualTo(1);
		assertThat(this.fixture.has("books", 9)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "insert into book values (20)", "update book set title = 'new' where id = 1",
			"delete from book where id = 1", "truncate book" })
	void withoutAKeyEveryChangeClears(String change) {
		this.fixture.watch(TableWatch.clearing("book", "lists"));
		this.fixture.put("lists", "all");
		this.fixture.execute(change);
		assertThat(this.fixture.has("lists", "all")).isFalse();
		assertThat(this.fixture.clears("lists")).isEqualTo(1);
	}

	@Test
	void truncateClears() {
		watchById();
		this.fixture.put("books", 1, 77);
		this.fixture.execute("truncate book");
		assertThat(this.fixture.has("books", 1)).isFalse();
		assertThat(this.fixture.has("books", 77)).isFalse();
	}

	@Test
	void roleWithoutRightsInTheSchemaEvicts() throws SQLException {
		watchById();
		this.fixture.put("books", 1);
		String role = this.fixture.database().createRole();
		this.fixture.execute("grant select, update on book to " + role);
		try (Connection connection = DriverManager.getConnection(this.fixture.database().url(), role,
				this.fixture.database().password()); Statement statement = connection.createStatement()) {
			statement.execute("update book set title = 'new' where id = 1");
			assertThat(isAllowed(statement, "delete from psqache.cache_entry")).isFalse();
			assertThat(isAllowed(statement, "select psqache.clear_cache(1)")).isFalse();
		}
		assertThat(this.fixture.has("books", 1)).isFalse();
	}

	@Test
	void triggerFunctionCannotBeCalledDirectly() throws SQLException {
		String role = this.fixture.database().createRole();
		this.fixture
			.execute("grant usage on schema psqache to " + role + "; create schema theirs authorization " + role);
		try (Connection connection = DriverManager.getConnection(this.fixture.database().url(), role,
				this.fixture.database().password()); Statement statement = connection.createStatement()) {
			statement.execute("create table theirs.book (id int)");
			assertThat(isAllowed(statement, """
					create trigger clears after insert on theirs.book referencing new table as new_rows
					for each statement execute function psqache.evict_changed('test', 'books', '0')
					""")).isFalse();
		}
	}

	private static boolean isAllowed(Statement statement, String sql) {
		try {
			statement.execute(sql);
			return true;
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo("42501");
			return false;
		}
	}

	@Test
	void renamedColumnClears() {
		watchById();
		this.fixture.put("books", 1, 9);
		this.fixture.execute("alter table book rename id to number; update book set title = 'new' where number = 1");
		assertThat(this.fixture.has("books", 1)).isFalse();
		assertThat(this.fixture.clears("books")).isEqualTo(1);
	}

	@Test
	void droppedCacheIsCreatedAgain() {
		watchById();
		this.fixture.execute("delete from psqache.cache");
		this.fixture.execute("update book set title = 'new' where id = 1");
		assertThat(this.fixture.query("select name from psqache.cache")).isEqualTo("books");
	}

	@Test
	void changesSucceedWithoutTheTablesOfTheCache() {
		watchById();
		this.fixture.execute("drop table psqache.cache_entry");
		this.fixture.execute("update book set title = 'new' where id = 1");
		assertThat(this.fixture.query("select title from book where id = 1")).isEqualTo("new");
		this.fixture.execute("drop table psqache.cache; truncate book");
		assertThat(this.fixture.query("select count(*) from book")).isEqualTo("0");
	}

	@Test
	void partitionedTableIsWatchedAsAWhole() {
		this.fixture.execute("""
				create table sale (id int, day date) partition by range (id);
				create table sale_1 partition of sale for values from (1) to (100);
				create table sale_2 partition of sale for values from (100) to (200)
				""");
		this.fixture.watch(TableWatch.evicting("sale", "sales", "id"));
		this.fixture.put("sales", 1, 101);
		this.fixture.execute("insert into sale values (1, now())");
		assertThat(this.fixture.has("sales", 1)).isFalse();
		assertThat(this.fixture.has("sales", 101)).isTrue();
		this.fixture.execute("update sale set id = 101");
		assertThat(this.fixture.has("sales", 101)).isFalse();
	}

	@Test
	void changeOfAPartitionByItsOwnNameEvictsNothing() {
		this.fixture.execute("create table sale (id int) partition by range (id)");
		this.fixture.execute("create table sale_1 partition of sale for values from (1) to (100)");
		this.fixture.watch(TableWatch.evicting("sale", "sales", "id"));
		this.fixture.put("sales", 1);
		this.fixture.execute("insert into sale_1 values (1)");
		assertThat(this.fixture.has("sales", 1)).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			repeatable read | update psqache.cache_entry set written_at = now()
			serializable    | update psqache.cache_entry set written_at = now()
			repeatable read | select psqache.clear_cache(id) from psqache.cache where name = 'lists'
			""")
	void entryWrittenAfterTheSnapshotCausesASerializationFailure(String level, String write) throws SQLException {
		this.fixture.watch(TableWatch.evicting("book", "books", "id"), TableWatch.clearing("book", "lists"));
		this.fixture.put("books", 1);
		try (Connection connection = this.fixture.database().connect();
				Statement statement = connection.createStatement()) {
			statement.execute("begin isolation level " + level);
			statement.execute("select from book");
			this.fixture.execute(write);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("update book set title = 'new' where id = 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("40001"));
			statement.execute("rollback");
		}
		assertThat(this.fixture.has("books", 1)).isTrue();
	}

	/**
	 * Index scans are disabled, because they would return the entries in order.
	 */
	@Test
	void evictionsAndBatchesOfPutsDoNotDeadlock() throws Exception {
		this.fixture.execute("""
				do $$
				begin
				  execute format('alter database %I set enable_indexscan = off', current_database());
				  execute format('alter database %I set enable_bitmapscan = off', current_database());
				end
				$$
				""");
		this.fixture.execute("create table tag (place int primary key, tag text)");
		this.fixture.execute("insert into tag select i, 'tag ' || i % 100 from generate_series(0, 799) i");
		this.fixture.watch(TableWatch.evicting("tag", "tags", "tag"));
		Concurrently.run(8, (thread) -> {
			for (int round = 0; round < 25; round++) {
				this.fixture
					.execute((thread % 2 == 0) ? PUT_TAGS : "update tag set tag = tag where place / 100 = " + thread);
			}
			return null;
		});
		assertThat(this.fixture.clears("tags")).isZero();
	}

	private void watchById() {
		this.fixture.watch(TableWatch.evicting("book", "books", "id"));
	}

}
