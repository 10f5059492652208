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

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.CacheStartupException;
import io.psqache.Concurrently;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The schema that psqache makes for itself.
 */
class SchemaInitializerIntegrationTests {

	private static final String KIND = """
			select case relpersistence when 'u' then 'unlogged' when 'p' then 'logged' end
			from pg_class
			where oid = 'psqache.cache_entry'::regclass
			""";

	/**
	 * Changes when anything in the schema is made again or rewritten.
	 */
	private static final String FINGERPRINT = """
			select md5(string_agg(concat_ws(' ', oid, relname, relkind, relfilenode, relpersistence, relacl), ',' order by oid))
			  || (select count(*) || ' ' || max(installed_on) from psqache.schema_history)
			  || (select string_agg(cache::text, ',' order by id) from psqache.cache)
			  || (select string_agg(e::text, ',' order by cache_id, key_hash) from psqache.cache_entry e)
			from pg_class
			where relnamespace = 'psqache'::regnamespace
			""";

	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void tableOfEntriesIsUnlogged() {
		this.application.run((context) -> assertKind("unlogged", context));
	}

	@Test
	void tableOfEntriesIsLoggedWhereThatIsAsked() {
		this.application.withPropertyValues("psqache.unlogged=false").run((context) -> assertKind("logged", context));
	}

	@Test
	void tableOfCachesIsLogged() {
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.database.query("select relpersistence from pg_class where oid = 'psqache.cache'::regclass"))
				.isEqualTo("p");
		});
	}

	@ParameterizedTest
	@CsvSource({ "true,unlogged,false,logged", "false,logged,true,unlogged" })
	void kindOfTableFollowsTheSettingAndBack(String setting, String kind, String other, String otherKind) {
		ApplicationContextRunner first = this.application.withPropertyValues("psqache.unlogged=" + setting);
		ApplicationContextRunner changed = this.application.withPropertyValues("psqache.unlogged=" + other);
		first.run((context) -> {
			TestApplication.cache(context, "books").put(1, "kept");
			assertKind(kind, context);
		});
		changed.run((context) -> assertKind(otherKind, context));
		first.run((context) -> {
			assertKind(kind, context);
			assertThat(TestApplication.cache(context, "books").get(1, String.class)).isEqualTo("kept");
		});
		changed.run((context) -> assertKind(otherKind, context));
	}

	@Test
	void secondSchemaWorksBesideTheFirst() {
		this.application.run((first) -> this.application.withPropertyValues("psqache.schema=Other_1").run((second) -> {
			TestApplication.cache(first, "books").put(1, "in the first");
			assertThat(TestApplication.cache(second, "books").get(1)).isNull();
			TestApplication.cache(second, "books").put(1, "in the second");
			assertThat(TestApplication.cache(first, "books").get(1, String.class)).isEqualTo("in the first");
			assertThat(this.database.query("select value #>> '{}' from psqache.cache_entry")).isEqualTo("in the first");
			assertThat(this.database.query("select value #>> '{}' from \"Other_1\".cache_entry"))
				.isEqualTo("in the second");
			assertThat(this.database.query("select count(*) from \"Other_1\".schema_history where not success"))
				.isEqualTo("0");
		}));
	}

	@Test
	void startingAgainChangesNothing() {
		this.application.run((context) -> TestApplication.cache(context, "books").put(1, "kept"));
		String before = this.database.query(FINGERPRINT);
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.database.query(FINGERPRINT)).isNotNull().isEqualTo(before);
		});
		assertThat(this.database.query(FINGERPRINT)).isEqualTo(before);
	}

	@Test
	void droppedSchemaIsMadeAgainAtTheNextStart() {
		this.application.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
		this.database.execute("drop schema psqache cascade");
		this.application.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	@Test
	void emptySchemaOfSomeoneElseIsUsed() {
		this.database.execute("create schema psqache");
		this.application.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	@Test
	void schemaWithTablesOfSomeoneElseIsLeftAlone() {
		this.database.execute("create schema psqache create table entry (mine int)");
		this.application.run((context) -> {
			assertThat(context).getFailure()
				.cause()
				.isInstanceOf(CacheStartupException.class)
				.hasMessageContaining("psqache cannot migrate its schema 'psqache'")
				.hasMessageContaining("set psqache.schema to another name");
			assertThat(this.database.query("""
					select string_agg(relname, ',' order by relname)
					from pg_class
					where relnamespace = 'psqache'::regnamespace
					""")).isEqualTo("entry");
		});
	}

	@Test
	void instancesMayStartAtTheSameInstant() throws Exception {
		List<@Nullable Object> answers = Concurrently.run(6, (instance) -> {
			AtomicReference<Object> answer = new AtomicReference<>();
			this.application.run((context) -> answer.set(TestApplication.roundTrip(context)));
			return answer.get();
		});
		assertThat(answers).containsOnly("yes");
		assertThat(this.database
			.query("select count(*) from psqache.schema_history where version is not null and success")).isEqualTo("3");
		assertThat(this.database.query("select count(*) from psqache.cache")).isEqualTo("1");
	}

	private void assertKind(String kind, AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(this.database.query(KIND)).isEqualTo(kind);
	}

}
