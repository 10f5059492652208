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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.psqache.CacheStartupException;
import io.psqache.TableWatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The validation of watch settings, before a table is accessed.
 */
class WatchSettingsTests {

	private static final TableWatch BEAN = TableWatch.clearing("film", "films");

	@Test
	void propertiesAreEquivalentToBeans() {
		PsqacheProperties properties = properties(Map.of("psqache.watch[0].table", "shop.book",
				"psqache.watch[0].cache", "books", "psqache.watch[0].key", "isbn", "psqache.watch[1].table", "price",
				"psqache.watch[1].cache", "prices", "psqache.watch[1].key", "region,isbn", "psqache.watch[1].max-rows",
				"5", "psqache.watch[2].table", "book", "psqache.watch[2].cache", "lists", "psqache.watch[2].clear",
				"true"));
		assertThat(new WatchSettings(properties, List.of()).with(List.of(BEAN))).containsExactly(
				TableWatch.evicting("shop.book", "books", "isbn"),
				TableWatch.evicting("price", "prices", "region", "isbn").withMaxRows(5),
				TableWatch.clearing("book", "lists"), BEAN);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			table    |          | It must be the name of a table.
			cache    | ' '      | It must be the name of a cache.
			key      |          | It must list the columns that form the key, or psqache.watch[0].clear must be true.
			key      | isbn,,id | It must list the columns that form the key, or psqache.watch[0].clear must be true.
			clear    | true     | It must list the columns that form the key, or psqache.watch[0].clear must be true.
			max-rows | 0        | It must be between 1 and 100000.
			max-rows | 100001   | It must be between 1 and 100000.
			""")
	void invalidSettingIsRefused(String name, @Nullable String value, String reason) {
		Map<String, String> settings = new HashMap<>(Map.of("psqache.watch[0].table", "book", "psqache.watch[0].cache",
				"books", "psqache.watch[0].key", "isbn"));
		settings.put("psqache.watch[0]." + name, (value != null) ? value : "");
		String refused = name.equals("clear") ? "key" : name;
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> new WatchSettings(properties(settings), List.of()).with(List.of()))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("psqache.watch[0]." + refused))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(reason));
	}

	@Test
	void cacheOutsideFixedNamesIsRefused() {
		assertThatExceptionOfType(CacheStartupException.class)
			.isThrownBy(() -> new WatchSettings(properties(Map.of()), List.of("books")).with(List.of(BEAN)))
			.withMessageContaining("the table 'film' for the cache 'films': spring.cache.cache-names allows only the "
					+ "caches [books].");
		assertThat(new WatchSettings(properties(Map.of()), List.of("films")).with(List.of(BEAN))).hasSize(1);
	}

	private static PsqacheProperties properties(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("psqache",
				PsqacheProperties.class);
	}

}
