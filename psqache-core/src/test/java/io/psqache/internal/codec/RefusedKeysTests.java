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

import java.io.File;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * An object without a stable JSON form is refused anywhere in a key.
 */
class RefusedKeysTests {

	private final KeyCodec codec = new KeyCodec(List.of());

	@ParameterizedTest
	@MethodSource("unstable")
	void unstableObjectIsRefused(Object key) {
		assertRefused(key);
	}

	@ParameterizedTest
	@MethodSource("unstable")
	void nestedUnstableObjectIsRefused(Object key) {
		assertRefused(new SimpleKey(1, key));
		assertRefused(List.of(List.of(key)));
		assertRefused(new Holder(1, key));
		assertRefused(Map.of("a", Optional.of(key)));
		assertRefused(Collections.singleton(key));
	}

	static Stream<Object> unstable() {
		Supplier<String> lambda = () -> "a";
		return Stream.of(Double.NaN, Float.POSITIVE_INFINITY, new double[] { 1, Double.NEGATIVE_INFINITY },
				new Object(), new Named("a"), new Hiding(1, 2), lambda, new IllegalStateException("a"), new File("a"),
				Path.of("a"), Pattern.compile("a"), new GregorianCalendar(), new Timestamp(0), TimeZone.getDefault(),
				new BitSet(), new AtomicInteger(1), new AtomicReference<>("a"), new ArrayDeque<>(List.of(1)),
				new PriorityQueue<>(List.of(1)), new HashMap<>(Map.of(1, 2)).values(), List.of(1).iterator(),
				Stream.of(1), Thread.currentThread(), Locale.forLanguageTag("no-NO-x-lvariant-NY"),
				Map.of(new Holder(1, 2), "a"), Map.of(1.5, "a"), nullKey(), sameNames(), cycle(), cyclicMap());
	}

	@Test
	void messageNamesTheClassAndTheRemedy() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.codec.encode(new SimpleKey("secret", new Named("secret"))))
			.withMessage(
					"A cache key of type " + SimpleKey.class.getName() + " cannot be stored: " + Named.class.getName()
							+ " does not define equals(). Use a record, a string, a number or a list of these as "
							+ "the key, set the 'key' expression of @Cacheable, or define a CacheKeyConverter bean.");
	}

	@Test
	void exceptionOfGetterIsNamed() {
		assertRefused(new Throwing(1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(new Throwing(1)))
			.withMessageContaining("one of its getters throws a java.lang.IllegalStateException");
	}

	private void assertRefused(Object key) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(key))
			.withMessageStartingWith("A cache key of type " + key.getClass().getName() + " cannot be stored: ")
			.withMessageContaining("CacheKeyConverter");
	}

	private static Map<?, ?> nullKey() {
		Map<String, Integer> map = new HashMap<>();
		map.put(null, 1);
		return map;
	}

	private static Map<?, ?> sameNames() {
		Map<Object, Integer> map = new LinkedHashMap<>();
		map.put(1, 1);
		map.put("1", 2);
		return map;
	}

	private static Object cycle() {
		Object[] array = new Object[1];
		List<Object> list = new ArrayList<>();
		array[0] = new Holder(1, list);
		list.add(array);
		return array;
	}

	private static Object cyclicMap() {
		Object[] array = new Object[1];
		array[0] = Map.of("a", Arrays.asList(1, array));
		return array;
	}

	record Holder(int id, Object value) {

	}

	@SuppressWarnings("DoNotCallSuggester")
	record Throwing(int id) {

		public String getName() {
			throw new IllegalStateException();
		}

	}

	/**
	 * A class whose unequal objects have equal JSON.
	 */
	static class Hiding {

		private final int tenant;

		private final int id;

		Hiding(int tenant, int id) {
			this.tenant = tenant;
			this.id = id;
		}

		public int getId() {
			return this.id;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Hiding hiding && hiding.tenant == this.tenant && hiding.id == this.id;
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.tenant, this.id);
		}

	}

	static class Named {

		private final String name;

		Named(String name) {
			this.name = name;
		}

		public String getName() {
			return this.name;
		}

	}

}
