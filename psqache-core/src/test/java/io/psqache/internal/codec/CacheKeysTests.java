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

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;

class CacheKeysTests {

	private final CacheKeys keys = new CacheKeys(new KeyCodec(List.of()), true);

	@ParameterizedTest
	@MethodSource("plain")
	void plainKeyIsKeyOfNearEntry(Object key) {
		assertThat(this.keys.lookup(key)).isSameAs(key);
	}

	static Stream<Object> plain() {
		return Stream.of("a", 1, 1L, UUID.randomUUID(), Thread.State.NEW, Instant.EPOCH, SimpleKey.EMPTY,
				new SimpleKey("a", 1, null));
	}

	@ParameterizedTest
	@MethodSource("others")
	void storedFormOfOtherKeyIsKeyOfNearEntry(Object key, Object equalText) {
		Object lookup = this.keys.lookup(key);
		assertThat(lookup).isNotSameAs(key).isEqualTo(this.keys.lookup(key)).isNotEqualTo(equalText);
		assertThat(this.keys.ofLookup(lookup).stored()).isEqualTo(equalText);
	}

	static Stream<Object[]> others() {
		return Stream.of(new Object[] { List.of(1, "a"), "[1,\"a\"]" },
				new Object[] { new IgnoringCase("A"), "{\"value\":\"A\"}" },
				new Object[] { new SimpleKey(1, List.of(2)), "[1,[2]]" });
	}

	/**
	 * Java considers these keys equal, but psqache stores them as two entries.
	 */
	@Test
	void keysWithCustomEqualsAreDistinct() {
		assertThat(this.keys.lookup(new IgnoringCase("A"))).isNotEqualTo(this.keys.lookup(new IgnoringCase("a")));
	}

	@Test
	void nothingIsEncodedWithoutNearCache() {
		Object key = new Object(); // This key cannot be encoded.
		assertThat(new CacheKeys(new KeyCodec(List.of()), false).lookup(key)).isSameAs(key);
	}

	record IgnoringCase(String value) {

		@Override
		public boolean equals(Object other) {
			return other instanceof IgnoringCase key && key.value.equalsIgnoreCase(this.value);
		}

		@Override
		public int hashCode() {
			return 1;
		}

	}

}
