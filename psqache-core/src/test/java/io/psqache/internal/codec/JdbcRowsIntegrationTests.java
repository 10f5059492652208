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

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.psqache.CacheOperation;
import io.psqache.FailureCause;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows of a {@code JdbcTemplate} are restored with the values of their columns.
 */
class JdbcRowsIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = new JdbcTemplate(
			new DriverManagerDataSource(database.url(), database.username(), database.password()));

	@BeforeAll
	static void migrate() {
		TestCaches.migrate(database);
	}

	@AfterAll
	static void close() {
		database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "timestamp '2026-01-02 03:04:05.123456'", "timestamptz '2026-01-02 03:04:05.123456+01'",
			"timestamp 'infinity'", "timestamp '0044-03-15 12:00:00 BC'", "date '2026-01-02'", "date 'infinity'",
			"time '10:15:30'", "time '10:15:30.123'", "timetz '10:15:30+05'", "12.30::numeric", "1e3::numeric",
			"gen_random_uuid()", "'\\x00ff'::bytea", "'{\"a\": 1}'::jsonb", "inet '127.0.0.1'", "interval '1 day'",
			"true", "1::smallint", "2::bigint", "1.5::real", "'text'::text", "null::timestamp", "b'101'" })
	void columnIsRestored(String expression) {
		Map<String, Object> row = this.jdbc.queryForMap("select " + expression + " as \"value\"");
		List<Map<String, Object>> rows = this.jdbc.queryForList("select " + expression + " as value, 1 as other");
		try (TestCaches caches = TestCaches.on(database, (settings) -> settings)) {
			PostgresCache cache = caches.cache("columns");
			cache.put("row", row);
			cache.put("rows", rows);
			same(((Map<?, ?>) cached(cache, "row")).get("value"), row.get("value"));
			same(((Map<?, ?>) ((List<?>) cached(cache, "rows")).get(0)).get("value"), rows.get(0).get("value"));
		}
	}

	@Test
	void rowIsRestoredWithAllColumns() {
		Map<String, Object> row = this.jdbc.queryForMap("select gen_random_uuid() as id, 12.30 as price,"
				+ " now()::timestamp as changed, current_date as day, null as nothing");
		assertThat(row.get("id")).isInstanceOf(UUID.class);
		assertThat(row.get("price")).isInstanceOf(BigDecimal.class);
		assertThat(row.get("changed")).isInstanceOf(Timestamp.class);
		try (TestCaches caches = TestCaches.on(database, (settings) -> settings)) {
			PostgresCache cache = caches.cache("rows");
			cache.put(1, row);
			assertThat(cached(cache, 1)).isEqualTo(row);
		}
	}

	@Test
	void sqlArrayIsNotCached() {
		List<Map<String, Object>> rows = this.jdbc.queryForList("select array[1, 2] as numbers");
		try (TestCaches caches = TestCaches.on(database, (settings) -> settings)) {
			PostgresCache cache = caches.cache("arrays");
			cache.put(1, rows);
			assertThat(cache.get(1)).isNull();
			assertThat(cache.getStatistics().failures(CacheOperation.PUT, FailureCause.UNREADABLE)).isEqualTo(1);
		}
	}

	private static Object cached(PostgresCache cache, Object key) {
		ValueWrapper wrapper = Objects.requireNonNull(cache.get(key));
		return Objects.requireNonNull(wrapper.get());
	}

	private static void same(@Nullable Object value, @Nullable Object expected) {
		assertThat(value).isEqualTo(expected);
		if (expected != null) {
			assertThat(value).hasSameClassAs(expected);
		}
	}

}
