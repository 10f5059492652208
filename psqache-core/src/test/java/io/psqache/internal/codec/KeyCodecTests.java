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
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyCodecTests {

	private final KeyCodec codec = new KeyCodec(List.of());

	@ParameterizedTest
	@MethodSource
	void keyIsJson(Object key, String text) {
		assertThat(this.codec.encode(key)).isEqualTo(text);
	}

	static Stream<Arguments> keyIsJson() {
		return Stream.of(Arguments.of(42, "42"), Arguments.of(42L, "42"), Arguments.of("42", "\"42\""),
				Arguments.of(true, "true"), Arguments.of(new BigDecimal("1.50"), "1.50"),
				Arguments.of(SimpleKey.EMPTY, "[]"), Arguments.of(new SimpleKey(1, "a"), "[1,\"a\"]"),
				Arguments.of(new SimpleKey(1, null), "[1,null]"), Arguments.of(List.of(1, "a"), "[1,\"a\"]"),
				Arguments.of(new Region("EU", 1), "{\"id\":1,\"region\":\"EU\"}"),
				Arguments.of(TimeUnit.DAYS, "\"DAYS\""), Arguments.of(LocalDate.of(2026, 1, 2), "\"2026-01-02\""),
				Arguments.of(new UUID(1, 2), "\"00000000-0000-0001-0000-000000000002\""),
				Arguments.of("\u0000", "\"\\u0000\""), Arguments.of("\ud83d\ude00", "\"\ud83d\ude00\""),
				Arguments.of("\ud83d", "\"\\ud83d\""));
	}

	@Test
	void mapsAreSorted() {
		Map<String, Integer> map = new LinkedHashMap<>();
		map.put("b", 1);
		map.put("a", 2);
		assertThat(this.codec.encode(map)).isEqualTo("{\"a\":2,\"b\":1}");
	}

	@Test
	void keyLongerThanThousandBytesIsItsDigest() {
		assertThat(this.codec.encode("k".repeat(998))).hasSize(1000);
		assertThat(this.codec.encode("k".repeat(999))).matches("sha256:[0-9a-f]{64}");
		assertThat(this.codec.encode("\u20ac".repeat(334))).matches("sha256:[0-9a-f]{64}");
		assertThat(this.codec.encode("k".repeat(999))).isNotEqualTo(this.codec.encode("k".repeat(1000)));
	}

	@Test
	void objectWithoutPropertiesIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(new Object()))
			.withMessageContaining("java.lang.Object")
			.withMessageContaining("Use a record");
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(new SimpleKey(1, new Object())));
	}

	@Test
	void enumIsWrittenByName() {
		assertThat(this.codec.encode(Size.LARGE)).isEqualTo("\"LARGE\"");
	}

	enum Size {

		SMALL, LARGE;

		@Override
		public String toString() {
			return "size";
		}

	}

	record Region(String region, int id) {

	}

}
