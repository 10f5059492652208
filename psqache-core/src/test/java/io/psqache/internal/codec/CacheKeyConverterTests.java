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

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CacheKeyConverterTests {

	private final KeyCodec codec = new KeyCodec(
			List.of(CacheKeyConverterTests::convertLocation, (key) -> (key instanceof Location) ? "never" : null,
					(key) -> (key instanceof Thread) ? new Object() : null));

	@Test
	void keyIsConverted() {
		assertThat(this.codec.encode(new Location("Ulm"))).isEqualTo("{\"city\":\"Ulm\"}");
	}

	@Test
	void elementsOfSimpleKeyAreConverted() {
		SimpleKey key = new SimpleKey(new Location("Ulm"), null, 1, new SimpleKey(new Location("Bonn")));
		assertThat(this.codec.encode(key)).isEqualTo("[{\"city\":\"Ulm\"},null,1,[{\"city\":\"Bonn\"}]]");
	}

	@Test
	void keyThatNoConverterSupportsIsUnchanged() {
		assertThat(this.codec.encode(1)).isEqualTo("1");
		assertThat(this.codec.encode(new SimpleKey(1, "a"))).isEqualTo("[1,\"a\"]");
	}

	@Test
	void conversionIsNotConvertedAgain() {
		KeyCodec doubling = new KeyCodec(List.of((key) -> Arrays.asList(key, key)));
		assertThat(doubling.encode(1)).isEqualTo("[1,1]");
	}

	@Test
	void conversionWithoutStableFormIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(Thread.currentThread()))
			.withMessageContaining(Thread.currentThread().getClass().getName()
					+ ", converted to a java.lang.Object by a CacheKeyConverter,");
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(new SimpleKey(Thread.currentThread())))
			.withMessageContaining("java.lang.Object");
	}

	private static @Nullable Object convertLocation(Object key) {
		return (key instanceof Location location) ? new City(location.city) : null;
	}

	record City(String city) {

	}

	static class Location {

		private final String city;

		Location(String city) {
			this.city = city;
		}

	}

}
