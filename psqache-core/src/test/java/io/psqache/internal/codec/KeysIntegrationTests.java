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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;

import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * PostgreSQL stores and finds any key, and SQL can compute the stored form of most keys.
 */
class KeysIntegrationTests {

	private static final KeyCodec CODEC = new KeyCodec(List.of());

	private static final TestDatabase DATABASE = TestDatabase.create();

	private static TestCaches caches;

	@BeforeAll
	static void migrate() {
		TestCaches.migrate(DATABASE);
		caches = TestCaches.on(DATABASE, UnaryOperator.identity());
	}

	@AfterAll
	static void close() {
		caches.close();
		DATABASE.close();
	}

	@Test
	void randomKeysAreStoredFoundAndEvicted() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		PostgresCache cache = caches.cache("keys");
		Map<RandomKey, String> values = new HashMap<>();
		Map<String, String> byText = new HashMap<>();
		for (int i = 0; i < 300; i++) {
			RandomKey key = RandomKey.key(random, 2);
			SimpleKey built = new SimpleKey(key.build(random));
			String value = byText.computeIfAbsent(CODEC.encode(built), (text) -> "value " + byText.size());
			cache.put(built, value);
			values.put(key, value);
		}
		assertThat(DATABASE.query("select count(*) from psqache.cache_entry")).isEqualTo(String.valueOf(byText.size()));
		values.forEach((key, value) -> assertThat(cache.get(new SimpleKey(key.build(random)), String.class))
			.as("%s, seed %d", key, seed)
			.isEqualTo(value));
		values.keySet().forEach((key) -> cache.evict(new SimpleKey(key.build(random))));
		assertThat(DATABASE.query("select count(*) from psqache.cache_entry where type <> 'evicted'")).isEqualTo("0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "42", "Stra\u00dfe", "say \"hi\"", "a\\b/c", "\b\t\n\f\r", "\u0001\u000b\u001f\u007f",
			"\u2028\u2029\u0085\ufeff", "\ud83d\ude00", "<a>&'", "null" })
	void sqlComputesTheTextOfAString(String string) throws SQLException {
		assertThat(compute("to_jsonb(?::text)::text", string)).isEqualTo(CODEC.encode(string));
	}

	@Test
	void sqlComputesTheTextOfEverySupportedCharacter() throws SQLException {
		StringBuilder some = new StringBuilder();
		for (char c = 1; c < Character.MIN_SURROGATE; c++) {
			some.append(c);
			if (some.length() == 200 || c == Character.MIN_SURROGATE - 1) {
				assertThat(compute("to_jsonb(?::text)::text", some.toString()))
					.isEqualTo(CODEC.encode(some.toString()));
				some.setLength(0);
			}
		}
	}

	@Test
	void sqlComputesTheTextOfOtherValues() throws SQLException {
		UUID uuid = UUID.randomUUID();
		assertThat(compute("to_jsonb(?::bigint)::text", Long.MIN_VALUE)).isEqualTo(CODEC.encode(Long.MIN_VALUE));
		assertThat(compute("to_jsonb(?::uuid)::text", uuid)).isEqualTo(CODEC.encode(uuid));
		assertThat(compute("to_jsonb(?::boolean)::text", true)).isEqualTo(CODEC.encode(true));
		BigDecimal price = new BigDecimal("1.50");
		assertThat(compute("to_jsonb(?::numeric)::text", price)).isEqualTo(CODEC.encode(price));
		LocalDate day = LocalDate.of(2026, 1, 2);
		assertThat(compute("to_jsonb(?::date)::text", day)).isEqualTo(CODEC.encode(day));
	}

	@Test
	void sqlComputesTheTextOfSeveralArguments() throws SQLException {
		assertThat(compute("'[' || to_jsonb(?::int)::text || ',' || to_jsonb(?::text)::text || ']'", 1, "a, b: c"))
			.isEqualTo(CODEC.encode(new SimpleKey(1, "a, b: c")));
		assertThat(compute("'{\"id\":' || to_jsonb(?::int)::text || ',\"region\":' || to_jsonb(?::text)::text || '}'",
				1, "EU"))
			.isEqualTo(CODEC.encode(new Region("EU", 1)));
	}

	@Test
	void sqlComputesTheDigestOfALongKey() throws SQLException {
		String text = "\u00e4".repeat(500);
		assertThat(compute("'sha256:' || encode(sha256(convert_to(to_jsonb(?::text)::text, 'UTF8')), 'hex')", text))
			.isEqualTo(CODEC.encode(text));
	}

	private static String compute(String expression, Object... parameters) throws SQLException {
		try (Connection connection = DATABASE.connect();
				PreparedStatement statement = connection.prepareStatement("select " + expression)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return rows.getString(1);
			}
		}
	}

	record Region(String region, int id) {

	}

}
