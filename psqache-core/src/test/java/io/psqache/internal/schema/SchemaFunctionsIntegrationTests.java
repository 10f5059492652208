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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What psqache's schema offers to users of psql.
 */
class SchemaFunctionsIntegrationTests {

	private static final String LONG_KEY = "to_jsonb(repeat('k', 1000))::text";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
		this.database
			.execute("insert into psqache.cache (namespace, name) values ('shop', 'books'), ('shop', 'users')");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			'42'                     | 42
			to_jsonb('a "b"'::text)  | "a \\"b\\""
			""")
	void entryIsFoundByItsKey(String key, String stored) {
		put("books", key + "::text", "value", "'{\"title\": \"Emma\"}'");
		assertThat(find(key + "::text", "value ->> 'title'")).isEqualTo("Emma");
		assertThat(query("select key from psqache.entries")).isEqualTo(stored);
	}

	@Test
	void longKeyIsFound() {
		put("books", "(psqache.stored_keys(array[" + LONG_KEY + "]))[1]", "value", "'1'");
		assertThat(find(LONG_KEY, "value")).isEqualTo("1");
		assertThat(query("select psqache.evict('shop', 'books', " + LONG_KEY + ")")).isEqualTo("1");
		assertThat(find(LONG_KEY, "count(*)")).isEqualTo("0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			convert_to('{"a": "\u00e4"}', 'UTF8')  | {"a": "\u00e4"} |
			'\\x1f8b00'::bytea                     |                 | \\x1f8b00
			convert_to('"\\u0000"', 'UTF8')        |                 | \\x225c753030303022
			convert_to(repeat('[', 9), 'UTF8')     |                 | \\x5b5b5b5b5b5b5b5b5b
			""")
	void payloadComesAsJsonWhereItIsJson(String payload, @Nullable String json, @Nullable String bytes) {
		put("books", "'42'", "payload", payload);
		assertThat(find("'42'", "value")).isEqualTo(json);
		assertThat(find("'42'", "payload")).isEqualTo(bytes);
	}

	@Test
	void timesAndTypeAreThoseOfTheEntry() {
		put("books", "'42'", "value", "'1'");
		assertThat(query("""
				select count(*)
				from psqache.find('shop', 'books', '42') f
				join psqache.cache_entry e using (type, written_at, used_at, expires_at)
				join psqache.entries s using (type, written_at, used_at, expires_at)
				""")).isEqualTo("1");
	}

	@Test
	void cachedNullIsFound() {
		put("books", "'42'", "type", "'null'");
		assertThat(find("'42'", "type || coalesce(value::text, '') || coalesce(payload::text, '')")).isEqualTo("null");
		assertThat(query("select count(*) from psqache.entries")).isEqualTo("1");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			update psqache.cache_entry set expires_at = now()
			update psqache.cache_entry set key = 'other'
			select psqache.evict('shop', 'books', '1', '42')
			select psqache.clear('shop', 'books')
			delete from psqache.cache
			""")
	void whatCannotBeReadIsNotFound(String change) {
		put("books", "'42'", "value", "'1'");
		assertThat(find("'42'", "count(*)")).isEqualTo("1");
		this.database.execute(change);
		assertThat(find("'42'", "count(*)")).isEqualTo("0");
		assertThat(query("select count(*) from psqache.entries where key = '42'")).isEqualTo("0");
	}

	@Test
	void entryOfAnotherCacheIsNotFound() {
		put("users", "'42'", "value", "'1'");
		assertThat(find("'42'", "count(*)")).isEqualTo("0");
		assertThat(query("select count(*) from psqache.find('shop', 'none', '42')")).isEqualTo("0");
		assertThat(query("select count(*) from psqache.find('shop', 'books', null)")).isEqualTo("0");
		assertThat(query("select string_agg(cache || key, ',') from psqache.entries")).isEqualTo("users42");
	}

	@Test
	void evictionTellsHowManyThereWere() {
		put("books", "'1'", "value", "'1'");
		put("books", "'2'", "value", "'1'");
		assertThat(query("select psqache.evict('shop', 'books', '2', '1', '2', '3')")).isEqualTo("2");
		assertThat(query("select psqache.evict('shop', 'books', '1')")).isEqualTo("0");
		assertThat(query("select string_agg(key || type, ',' order by key) from psqache.cache_entry"))
			.isEqualTo("1evicted,2evicted,3evicted");
		assertThat(query("select psqache.evict('shop', 'none', '1')")).isEqualTo("0");
	}

	/**
	 * A row of another key with the same hash.
	 */
	@Test
	void evictionTakesOverTheRowOfAnotherKey() {
		put("books", "'42'", "value", "'1'");
		this.database.execute("update psqache.cache_entry set key = 'other'");
		assertThat(query("select psqache.evict('shop', 'books', '42')")).isEqualTo("0");
		assertThat(query("select key || type from psqache.cache_entry")).isEqualTo("42evicted");
	}

	/**
	 * No two keys with the same hash are known: so every key gets it.
	 */
	@Test
	void keysWithTheSameHashAreEvictedTogether() {
		put("books", "'1'", "value", "'1'");
		this.database.execute("""
				create or replace function psqache.key_hash(key text) returns bigint
				language sql immutable as 'select 7::bigint';
				update psqache.cache_entry set key_hash = 7
				""");
		assertThat(query("select psqache.evict('shop', 'books', '1', '2')")).isIn("0", "1");
		assertThat(query("select string_agg(type, ',') from psqache.cache_entry")).isEqualTo("evicted");
	}

	@Test
	void evictionTakesEffectWithItsTransactionAndIsAnnounced() throws SQLException {
		put("books", "'1'", "value", "'1'");
		this.database.execute("update psqache.cache set near = true");
		try (Connection listener = this.database.connect();
				Connection connection = this.database.connect();
				Statement listen = listener.createStatement();
				Statement statement = connection.createStatement()) {
			listen.execute("listen psqache");
			connection.setAutoCommit(false);
			statement.execute("select psqache.evict('shop', 'books', '1')");
			assertThat(find("'1'", "count(*)")).isEqualTo("1");
			connection.rollback();
			statement.execute("select psqache.evict('shop', 'books', '1', '3')");
			connection.commit();
			PGNotification[] messages = listener.unwrap(PGConnection.class).getNotifications(5_000);
			assertThat(messages).singleElement()
				.satisfies((message) -> assertThat(message.getParameter()).matches("v1 sql \\d+ changed \\d+ " + query(
						"select left(encode(sha256('1'), 'hex'), 16) || ',' || left(encode(sha256('3'), 'hex'), 16)")));
		}
		assertThat(find("'1'", "count(*)")).isEqualTo("0");
	}

	@Test
	void findReadsOneRowByThePrimaryKey() throws SQLException {
		this.database.execute("""
				insert into psqache.cache_entry
				  (key_hash, epoch, expires_at, live_until, written_at, used_at, cache_id, key, type, value)
				select psqache.key_hash(n::text), epoch, 'infinity', 'infinity', now(), now(), id, n, 'v1 int', '1'
				from psqache.cache, generate_series(1, 5000) n
				""");
		this.database.execute("analyze psqache.cache_entry");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			String reads = "select pg_stat_get_xact_tuples_fetched(oid) || ' ' || pg_stat_get_xact_tuples_returned(oid) "
					+ "from pg_class where oid = 'psqache.cache_entry_pkey'::regclass";
			connection.setAutoCommit(false);
			statement.execute("select * from psqache.find('shop', 'books', '42')");
			try (var rows = statement.executeQuery(reads)) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getString(1)).isEqualTo("1 1");
			}
		}
	}

	/**
	 * A migration may drop a table and make it again.
	 */
	@Test
	void viewKeepsNoTableFromBeingDropped() {
		this.database.execute("drop table psqache.cache, psqache.cache_entry");
		assertThat(query("select to_regclass('psqache.entries')")).isEqualTo("psqache.entries");
	}

	@Test
	void roleNeedsNoMoreThanThePrintedPrivileges() throws SQLException {
		put("books", "'42'", "value", "'1'");
		String role = this.database.createRole();
		this.database.execute(new MigrationScripts(TestCaches.SCHEMA, true).grantsToUse(role));
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("set role " + role);
			assertThat(new SchemaCheck(TestCaches.SCHEMA).problem(connection)).isNull();
			for (String call : new String[] { "find('shop', 'books', '42')", "entries", "evict('shop', 'books', '42')",
					"clear('shop', 'books')" }) {
				try (var rows = statement.executeQuery("select * from psqache." + call)) {
					assertThat(rows.next()).as(call).isTrue();
				}
			}
		}
	}

	private void put(String cache, String key, String column, String value) {
		String type = column.equals("type") ? "" : ", type";
		String typeValue = column.equals("type") ? "" : ", 'v1 int'";
		this.database.execute(
				"""
						insert into psqache.cache_entry
						  (key_hash, epoch, expires_at, live_until, written_at, used_at, cache_id, key, %s%s)
						select psqache.key_hash(e.key), c.epoch, 'infinity', 'infinity', now() - interval '1 hour', now(), c.id, e.key,
						  %s%s
						from psqache.cache c, (values (%s)) as e (key)
						where c.name = '%s'
						"""
					.formatted(column, type, value, typeValue, key, cache));
	}

	private @Nullable String find(String key, String expression) {
		return query("select " + expression + " from psqache.find('shop', 'books', " + key + ")");
	}

	private @Nullable String query(String sql) {
		return this.database.query(Objects.requireNonNull(sql));
	}

}
