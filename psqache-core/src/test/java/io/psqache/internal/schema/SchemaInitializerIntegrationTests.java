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
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void tableOfEntriesIsUnlogged() {
		run((manager) -> assertKind("unlogged"));
	}

	@Test
	void tableOfEntriesIsLoggedWhereThatIsAsked() {
		run((builder) -> builder.unlogged(false), (manager) -> assertKind("logged"));
	}

	@Test
	void tableOfCachesIsLogged() {
		run((manager) -> {
			assertThat(this.database.query("select relpersistence from pg_class where oid = 'psqache.cache'::regclass"))
				.isEqualTo("p");
		});
	}

	@ParameterizedTest
	@CsvSource({ "true,unlogged,false,logged", "false,logged,true,unlogged" })
	void kindOfTableFollowsTheSettingAndBack(boolean setting, String kind, boolean other, String otherKind) {
		run((builder) -> builder.unlogged(setting), (manager) -> {
			TestManagers.cache(manager, "books").put(1, "kept");
			assertKind(kind);
		});
		run((builder) -> builder.unlogged(other), (manager) -> assertKind(otherKind));
		run((builder) -> builder.unlogged(setting), (manager) -> {
			assertKind(kind);
			assertThat(TestManagers.cache(manager, "books").get(1, String.class)).isEqualTo("kept");
		});
		run((builder) -> builder.unlogged(other), (manager) -> assertKind(otherKind));
	}

	@Test
	void secondSchemaWorksBesideTheFirst() {
		run((first) -> run((builder) -> builder.schema("Other_1"), (second) -> {
			TestManagers.cache(first, "books").put(1, "in the first");
			assertThat(TestManagers.cache(second, "books").get(1)).isNull();
			TestManagers.cache(second, "books").put(1, "in the second");
			assertThat(TestManagers.cache(first, "books").get(1, String.class)).isEqualTo("in the first");
			assertThat(this.database.query("select value #>> '{}' from psqache.cache_entry")).isEqualTo("in the first");
			assertThat(this.database.query("select value #>> '{}' from \"Other_1\".cache_entry"))
				.isEqualTo("in the second");
			assertThat(this.database.query("select count(*) from \"Other_1\".schema_history where not success"))
				.isEqualTo("0");
		}));
	}

	@Test
	void startingAgainChangesNothing() {
		run((manager) -> TestManagers.cache(manager, "books").put(1, "kept"));
		String before = this.database.query(FINGERPRINT);
		run((manager) -> {
			assertThat(this.database.query(FINGERPRINT)).isNotNull().isEqualTo(before);
		});
		assertThat(this.database.query(FINGERPRINT)).isEqualTo(before);
	}

	@Test
	void droppedSchemaIsMadeAgainAtTheNextStart() {
		run((manager) -> assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes"));
		this.database.execute("drop schema psqache cascade");
		run((manager) -> assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes"));
	}

	@Test
	void emptySchemaOfSomeoneElseIsUsed() {
		this.database.execute("create schema psqache");
		run((manager) -> assertThat(TestManagers.roundTrip(manager)).isEqualTo("yes"));
	}

	@Test
	void schemaWithTablesOfSomeoneElseIsLeftAlone() {
		this.database.execute("create schema psqache create table entry (mine int)");
		assertThatExceptionOfType(CacheStartupException.class).isThrownBy(() -> run((manager) -> {
		}))
			.withMessageContaining("psqache cannot migrate its schema 'psqache'")
			.withMessageContaining("set psqache.schema to another name");
		assertThat(this.database.query("""
				select string_agg(relname, ',' order by relname)
				from pg_class
				where relnamespace = 'psqache'::regnamespace
				""")).isEqualTo("entry");
	}

	@Test
	void instancesMayStartAtTheSameInstant() throws Exception {
		List<@Nullable Object> answers = Concurrently.run(6, (instance) -> {
			AtomicReference<Object> answer = new AtomicReference<>();
			run((manager) -> answer.set(TestManagers.roundTrip(manager)));
			return answer.get();
		});
		assertThat(answers).containsOnly("yes");
		assertThat(this.database
			.query("select count(*) from psqache.schema_history where version is not null and success")).isEqualTo("4");
		assertThat(this.database.query("select count(*) from psqache.cache")).isEqualTo("1");
	}

	private void assertKind(String kind) {
		assertThat(this.database.query(KIND)).isEqualTo(kind);
	}

	private void run(Consumer<PostgresCacheManager> test) {
		run((builder) -> {
		}, test);
	}

	private void run(Consumer<PostgresCacheManagerBuilder> settings, Consumer<PostgresCacheManager> test) {
		try (PostgresCacheManager manager = TestManagers.start(this.database.dataSource(), settings)) {
			test.accept(manager);
		}
	}

}
