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

package io.psqache.internal.codec;

import java.util.Map;
import java.util.Objects;

import io.psqache.CacheOperation;
import io.psqache.FailureCause;
import io.psqache.PostgresCache;
import io.psqache.Storage;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.Cache.ValueWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The effects of PostgreSQL on values, and the handling of unreadable rows.
 */
class ValuesIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	@BeforeAll
	static void migrate() {
		TestCaches.migrate(database);
	}

	@AfterAll
	static void close() {
		database.close();
	}

	@ParameterizedTest
	@EnumSource
	void everyKindIsRestored(Storage storage) {
		try (TestCaches caches = TestCaches.on(database, (settings) -> settings.withStorage(storage))) {
			PostgresCache cache = caches.cache("kinds-" + storage);
			Map<String, Object> kinds = Kinds.all();
			kinds.forEach(cache::put);
			kinds.forEach((name, value) -> {
				ValueWrapper wrapper = cache.get(name);
				Object back = Objects.requireNonNull((wrapper != null) ? wrapper.get() : null, name);
				assertThat(back).as(name).isEqualTo(value);
				assertThat(back.getClass()).as(name).isEqualTo(value.getClass());
			});
		}
		assertThat(database.query("select count(*) from psqache.cache_entry join psqache.cache c on c.id = cache_id "
				+ "where c.name = 'kinds-BINARY' and value is not null"))
			.isEqualTo("0");
		assertThat(database.query("select string_agg(key, ',' order by key) from psqache.cache_entry "
				+ "join psqache.cache c on c.id = cache_id where c.name = 'kinds-JSONB' and payload is not null"))
			.isEqualTo("\"array-of-chars\",\"array-of-doubles\",\"big-decimal-exponent\",\"big-decimal-small\","
					+ "\"double-min\",\"double-minus-zero\",\"float-max\","
					+ "\"map-of-odd-strings\",\"numbers\",\"record-of-strings\",\"string-half-pair\",\"string-nul\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "payload = null, value = '[[[1]]]'", "payload = null, value = 'null'",
			"payload = null, value = '{\"title\": {}, \"pages\": 1e99999}'",
			"payload = null, value = '{\"title\": \"x\"}'", "value = null, payload = '\\x7b22'",
			"value = null, payload = ''", "value = null, payload = convert_to(repeat('[', 100000), 'UTF8')",
			"value = null, payload = convert_to('{\"pages\":' || repeat('9', 1000000) || '}', 'UTF8')",
			"type = 'no.such.Type'", "type = 'v9 ' || substr(type, 4)", "type = ''", "type = 'v1 java.lang.Runtime'",
			"type = 'v1 java.util.ArrayList<java.lang.Runtime>', payload = null, value = '[{}]'",
			"type = 'v1,tagged java.util.ArrayList', payload = null, value = '[{\"@class\": \"com.sun.rowset.JdbcRowSetImpl\"}]'" })
	void hostileRowIsCountedMissAndOverwritten(String change) {
		for (Storage storage : Storage.values()) {
			try (TestCaches caches = TestCaches.on(database, (settings) -> settings.withStorage(storage))) {
				PostgresCache cache = caches.cache("hostile-" + storage);
				cache.put("key", new Book("Middlemarch", 880));
				long failures = failures(cache);
				database.execute("update psqache.cache_entry set " + change
						+ " where cache_id = (select id from psqache.cache where name = 'hostile-" + storage + "')");
				assertThat(cache.get("key")).isNull();
				assertThat(failures(cache)).isEqualTo(failures + 1);
				assertThat(cache.putIfAbsent("key", new Book("Emma", 474))).isNull();
				assertThat(cache.get("key", Book.class)).isEqualTo(new Book("Emma", 474));
			}
		}
	}

	private static long failures(PostgresCache cache) {
		return cache.getStatistics().failures(CacheOperation.GET, FailureCause.UNREADABLE);
	}

	record Book(String title, int pages) {

	}

}
