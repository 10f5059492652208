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

package io.psqache.internal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hash of a key is the same number in Java and in SQL.
 */
class KeyHashIntegrationTests {

	private static final List<String> ALPHABETS = List.of("abcXYZ019 \"\\[],:{}'%$", "\u00e4\u00f6\u00fc\u00c4\u00df",
			"\u20ac\u4e2d\u0416\ufeff", "\ud83d\ude00\ud83e\udd84\ud83c\udf0d");

	private static final TestDatabase database = TestDatabase.create();

	@BeforeAll
	static void migrate() {
		TestCaches.migrate(database);
	}

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	@Test
	void isTheSameInJavaAndInSql() throws SQLException {
		Random random = new Random(42);
		Stream<String> texts = IntStream.range(0, 2_000).mapToObj((number) -> text(random));
		List<String> keys = Stream.concat(Stream.of("", "\\", "\\x00", "42", "[null]"), texts).toList();
		assertThat(keys).anyMatch((key) -> key.length() > 1_000);
		try (Connection connection = database.connect(); PreparedStatement statement = connection.prepareStatement("""
				select psqache.key_hash(key)
				from unnest(?::text[]) with ordinality as each (key, place)
				order by place
				""")) {
			statement.setObject(1, keys.toArray(String[]::new));
			try (ResultSet rows = statement.executeQuery()) {
				for (String key : keys) {
					assertThat(rows.next()).isTrue();
					assertThat(rows.getLong(1)).as(key).isEqualTo(KeyHash.of(key));
				}
			}
		}
	}

	/**
	 * A number that changed would make every entry a miss.
	 */
	@Test
	void isThePrefixOfTheSha256() {
		assertThat(KeyHash.of("")).isEqualTo(0xe3b0c44298fc1c14L);
		assertThat(database.query("select to_hex(psqache.key_hash(''))")).isEqualTo("e3b0c44298fc1c14");
	}

	private static String text(Random random) {
		int length = (random.nextInt(10) == 0) ? 1_000 + random.nextInt(1_000) : random.nextInt(40);
		return random.ints(length, 0, ALPHABETS.size())
			.mapToObj(ALPHABETS::get)
			.map((alphabet) -> character(random, alphabet))
			.collect(Collectors.joining());
	}

	private static String character(Random random, String alphabet) {
		int[] characters = alphabet.codePoints().toArray();
		return Character.toString(characters[random.nextInt(characters.length)]);
	}

}
