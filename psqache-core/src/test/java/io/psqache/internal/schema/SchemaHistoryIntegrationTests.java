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

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.psqache.CacheStartupException;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Starts after Flyway's history of psqache's schema was emptied or lost.
 */
class SchemaHistoryIntegrationTests {

	private static final String VERSION = "select max(version) from psqache.schema_history where success";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@ParameterizedTest
	@ValueSource(strings = { "truncate psqache.schema_history", "delete from psqache.schema_history",
			"delete from psqache.schema_history where version = '4'",
			"delete from psqache.schema_history where version is null", "drop table psqache.schema_history",
			"truncate psqache.cache, psqache.cache_entry, psqache.schema_history restart identity" })
	void applicationStarts(String statement) {
		for (int start = 0; start < 2; start++) {
			run((manager) -> assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes"));
			this.database.execute(statement);
		}
		run((manager) -> {
			assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes");
			assertThat(this.database.query(VERSION)).isEqualTo("4");
		});
	}

	/**
	 * The functions still tell the version.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "truncate psqache.schema_history; drop table psqache.cache_entry cascade",
			"drop table psqache.cache, psqache.schema_history cascade", """
					do $$
					declare
					  name text;
					begin
					  for name in select tablename from pg_tables where schemaname = 'psqache' loop
					    execute format('drop table psqache.%I cascade', name);
					  end loop;
					end
					$$
					""", """
					create table psqache.other (id int);
					truncate psqache.schema_history;
					drop table psqache.incarnation cascade
					""" })
	void schemaWithoutItsTablesIsMadeAgain(String statement) {
		start();
		this.database.execute(statement);
		for (int start = 0; start < 2; start++) {
			run((manager) -> {
				assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes");
				assertThat(this.database.query(VERSION)).isEqualTo("4");
			});
		}
	}

	/**
	 * A later instance must not drop the history that an earlier one is writing.
	 */
	@Test
	void instancesMayStartAtTheSameInstantWithoutTables() throws Exception {
		start();
		this.database.execute("drop table psqache.cache_entry, psqache.schema_history cascade");
		List<@Nullable Object> answers = Concurrently.run(4, (instance) -> {
			AtomicReference<Object> answer = new AtomicReference<>();
			run((manager) -> answer.set(TestManagers.roundTrip(manager)));
			return answer.get();
		});
		assertThat(answers).containsOnly("yes");
		assertThat(this.database.query(VERSION)).isEqualTo("4");
	}

	@Test
	void functionOfAnotherProgramIsNotTakenForTheSchema() {
		this.database.execute("""
				create schema psqache;
				create table psqache.cache (id int);
				create function psqache.schema_version() returns int language sql as 'select 7'
				""");
		assertThatExceptionOfType(CacheStartupException.class).isThrownBy(this::start);
		assertThat(this.database.query("select count(*) from psqache.cache")).isEqualTo("0");
	}

	@Test
	void entriesStay() {
		run((manager) -> TestManagers.cache(manager, "books").put(1, "kept"));
		this.database.execute("truncate psqache.schema_history");
		run((manager) -> assertThat(TestManagers.cache(manager, "books").get(1, String.class)).isEqualTo("kept"));
	}

	@Test
	void olderSchemaIsMigrated() {
		VersionOneInstance.migrate(this.database);
		this.database.execute("drop table psqache.flyway_schema_history");
		run((manager) -> assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes"));
		assertThat(this.database.query("select psqache.schema_version()")).isEqualTo("4");
	}

	@Test
	void instancesMayStartAtTheSameInstant() throws Exception {
		start();
		this.database.execute("truncate psqache.schema_history");
		List<@Nullable Object> answers = Concurrently.run(4, (instance) -> {
			AtomicReference<Object> answer = new AtomicReference<>();
			run((manager) -> answer.set(TestManagers.roundTrip(manager)));
			return answer.get();
		});
		assertThat(answers).containsOnly("yes");
	}

	private void start() {
		run((manager) -> {
		});
	}

	private void run(Consumer<PostgresCacheManager> test) {
		try (PostgresCacheManager manager = TestManagers.start(this.database.dataSource())) {
			test.accept(manager);
		}
	}

}
