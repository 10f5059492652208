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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * The content of a random key, independent of its Java classes: equal content can be
 * {@linkplain #build built} with different classes and in different orders. The keys are
 * small, so that equal keys are frequent, and contain many characters that JSON must
 * escape.
 */
public sealed interface RandomKey {

	/**
	 * Parts of strings that resemble other JSON.
	 */
	List<String> PARTS = List.of("a", "b", "1", "42", "\"", "\\", "\\u0000", "\u0000", "\u001f", "\n", "/", "\u007f",
			"\u00e4", "\u0130", "\u2028", "\ud83d\ude00", "\ud83d", "\ude00", ",", ":", "[", "]", "{", "}", "null", " ",
			"NaN", "sha256:", "x".repeat(1000));

	List<String> NUMBERS = List.of("0", "1", "-1", "42", "200", "70000", "5000000000", "123456789012345678901234567890",
			"0.0", "1.0", "1.00", "-0.5", "42.125", "1E+3", "1.5E-20");

	/**
	 * Build an object with this content.
	 */
	@Nullable Object build(Random random);

	/**
	 * Return whether the key contains a set, whose order does not matter.
	 */
	default boolean hasSet() {
		return false;
	}

	/**
	 * Return the content with all lists replaced by their unordered elements.
	 */
	default Object withoutOrder() {
		return this;
	}

	static RandomKey key(Random random, int depth) {
		return switch (random.nextInt((depth > 0) ? 8 : 4)) {
			case 0 -> new Text(text(random));
			case 1, 2 -> new Numeral(pick(random, NUMBERS));
			case 3 -> new Constant(pick(random, List.of(Optional.of(true), Optional.of(false), Optional.empty())));
			case 4 -> new Elements(keys(random, depth));
			case 5 -> new Unordered(Set.copyOf(keys(random, depth)));
			case 6 -> new Properties(random.ints(random.nextInt(4), 0, 100)
				.boxed()
				.collect(Collectors.toMap((n) -> text(random), (n) -> key(random, depth - 1), (a, b) -> a)));
			default -> new Properties(Map.of("id", key(random, depth - 1), "region", key(random, depth - 1)));
		};
	}

	private static List<RandomKey> keys(Random random, int depth) {
		return random.ints(random.nextInt(4), 0, 100).mapToObj((n) -> key(random, depth - 1)).toList();
	}

	private static String text(Random random) {
		return random.ints(random.nextInt(4), 0, 100)
			.mapToObj((n) -> pick(random, PARTS))
			.collect(Collectors.joining());
	}

	private static <T> T pick(Random random, List<T> choices) {
		return choices.get(random.nextInt(choices.size()));
	}

	private static List<@Nullable Object> build(Collection<? extends RandomKey> keys, Random random) {
		List<@Nullable Object> built = new ArrayList<>();
		keys.forEach((key) -> built.add(key.build(random)));
		return built;
	}

	record Text(String text) implements RandomKey {

		@Override
		public Object build(Random random) {
			return switch (random.nextInt(3)) {
				case 0 -> this.text.toCharArray();
				case 1 -> (this.text.length() == 1) ? (Object) this.text.charAt(0) : this.text;
				default -> this.text;
			};
		}

	}

	record Numeral(String literal) implements RandomKey {

		@Override
		public Object build(Random random) {
			BigDecimal decimal = new BigDecimal(this.literal);
			List<Object> choices = new ArrayList<>(List.of(decimal));
			if (decimal.scale() == 0) {
				choices.add(decimal.toBigInteger());
				for (Number number : List.of(decimal.intValue(), decimal.longValue(), decimal.shortValue())) {
					if (number.toString().equals(this.literal)) {
						choices.add(number);
					}
				}
			}
			else if (Double.toString(decimal.doubleValue()).equals(this.literal)) {
				choices.add(decimal.doubleValue());
				choices.add(decimal.floatValue());
			}
			return pick(random, choices);
		}

	}

	record Constant(Optional<Boolean> constant) implements RandomKey {

		@Override
		public @Nullable Object build(Random random) {
			return random.nextBoolean() ? this.constant : this.constant.orElse(null);
		}

	}

	record Elements(List<RandomKey> elements) implements RandomKey {

		@Override
		public Object build(Random random) {
			List<@Nullable Object> built = RandomKey.build(this.elements, random);
			return switch (random.nextInt(5)) {
				case 0 -> built.toArray();
				case 1 -> new SimpleKey(built.toArray());
				case 2 -> Arrays.asList(built.toArray());
				case 3 -> Collections.unmodifiableList(built);
				default -> built;
			};
		}

		@Override
		public boolean hasSet() {
			return this.elements.stream().anyMatch(RandomKey::hasSet);
		}

		@Override
		public Object withoutOrder() {
			return bag(this.elements);
		}

	}

	record Unordered(Set<RandomKey> elements) implements RandomKey {

		@Override
		public Object build(Random random) {
			List<RandomKey> shuffled = new ArrayList<>(this.elements);
			Collections.shuffle(shuffled, random);
			List<@Nullable Object> built = RandomKey.build(shuffled, random);
			Set<@Nullable Object> set = random.nextBoolean() ? new LinkedHashSet<>(built)
					: new HashSet<>(1 << random.nextInt(10));
			set.addAll(built);
			return random.nextBoolean() ? set : Collections.unmodifiableSet(set);
		}

		@Override
		public boolean hasSet() {
			return true;
		}

		@Override
		public Object withoutOrder() {
			return bag(this.elements);
		}

	}

	record Properties(Map<String, RandomKey> properties) implements RandomKey {

		@Override
		public Object build(Random random) {
			List<String> names = new ArrayList<>(this.properties.keySet());
			Collections.shuffle(names, random);
			Map<String, @Nullable Object> map = switch (random.nextInt(3)) {
				case 0 -> new HashMap<>(1 << random.nextInt(10));
				case 1 -> new TreeMap<>(Comparator.reverseOrder());
				default -> new LinkedHashMap<>();
			};
			names.forEach((name) -> map.put(name, Objects.requireNonNull(this.properties.get(name)).build(random)));
			boolean isPair = this.properties.keySet().equals(Set.of("id", "region"));
			return (isPair && random.nextBoolean()) ? new Pair(map.get("region"), map.get("id")) : map;
		}

		@Override
		public boolean hasSet() {
			return this.properties.values().stream().anyMatch(RandomKey::hasSet);
		}

		@Override
		public Object withoutOrder() {
			return this.properties.entrySet()
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> entry.getValue().withoutOrder()));
		}

	}

	private static Object bag(Collection<RandomKey> elements) {
		return elements.stream().collect(Collectors.groupingBy(RandomKey::withoutOrder, Collectors.counting()));
	}

	/**
	 * A record whose components are not in alphabetical order.
	 */
	record Pair(@Nullable Object region, @Nullable Object id) {

	}

}
