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
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import io.psqache.Storage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random trees of supported values are restored equal.
 */
class RandomValuesTests {

	private static final int TREES = 2_000;

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	@ParameterizedTest
	@EnumSource
	void treeIsRestored(Storage storage) {
		ValueCodec codec = this.codecs.codec("test", storage, null);
		ValueCodec declared = this.codecs.codec("test", storage, Tree.class);
		for (int seed = 0; seed < TREES; seed++) {
			Random random = new Random(seed);
			Object value = any(random, 4);
			if (value != null) {
				Object back = Objects.requireNonNull(codec.decode(codec.encode(value)));
				assertThat(back).as("seed %s", seed).isEqualTo(value);
				assertThat(back.getClass()).as("seed %s", seed).isEqualTo(value.getClass());
			}
			Tree tree = tree(random, 4);
			assertThat(declared.decode(declared.encode(tree))).as("seed %s", seed).isEqualTo(tree);
		}
	}

	private @Nullable Object any(Random random, int depth) {
		return (depth == 0 || random.nextInt(3) == 0) ? scalar(random) : container(random, depth - 1);
	}

	private @Nullable Object scalar(Random random) {
		return switch (random.nextInt(20)) {
			case 0 -> null;
			case 1 -> random.nextInt();
			case 2 -> random.nextLong();
			case 3 -> (double) random.nextInt(10);
			case 4 -> Double.longBitsToDouble(random.nextLong());
			case 5 -> Float.intBitsToFloat(random.nextInt());
			case 6 -> new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(60) - 30);
			case 7 -> new BigInteger(random.nextInt(200), random).negate();
			case 8 -> (short) random.nextInt();
			case 9 -> (byte) random.nextInt();
			case 10 -> random.nextBoolean();
			case 11 -> (char) random.nextInt();
			case 12 -> new UUID(random.nextLong(), random.nextLong());
			case 13 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
			case 14 -> LocalDate.ofEpochDay(random.nextInt(1_000_000));
			case 15 -> random.nextBoolean() ? Kinds.Level.LOW : Kinds.Level.HIGH;
			default -> string(random);
		};
	}

	private String string(Random random) {
		char[] chars = new char[random.nextInt(6)];
		for (int i = 0; i < chars.length; i++) {
			chars[i] = switch (random.nextInt(12)) {
				case 0 -> (char) random.nextInt(0x10000);
				case 1 -> (char) (0xd800 + random.nextInt(0x800));
				case 2 -> (char) random.nextInt(0x20);
				case 3 -> '"';
				case 4 -> '\\';
				case 5 -> '@';
				default -> (char) (' ' + random.nextInt(90));
			};
		}
		return (random.nextInt(30) == 0) ? "@class" : (random.nextInt(30) == 0) ? "@content" : new String(chars);
	}

	private Object container(Random random, int depth) {
		List<@Nullable Object> list = new ArrayList<>();
		int size = random.nextInt(4);
		for (int i = 0; i < size; i++) {
			list.add(any(random, depth));
		}
		return switch (random.nextInt(9)) {
			case 0 -> new LinkedHashSet<>(list);
			case 1 -> Arrays.asList(list.toArray());
			case 2 -> map(random, list);
			case 3 -> byLong(random, list);
			case 4 -> new TreeMap<>(map(random, list));
			case 5 -> new Kinds.Boxed<>(list);
			case 6 -> Optional.of(tree(random, depth));
			case 7 -> tree(random, depth);
			default -> list;
		};
	}

	private Map<String, @Nullable Object> map(Random random, List<@Nullable Object> values) {
		Map<String, @Nullable Object> map = new HashMap<>();
		values.forEach((value) -> map.put(string(random), value));
		return map;
	}

	private Map<Long, @Nullable Object> byLong(Random random, List<@Nullable Object> values) {
		Map<Long, @Nullable Object> map = new HashMap<>();
		values.forEach((value) -> map.put(random.nextLong(), value));
		return map;
	}

	private Tree tree(Random random, int depth) {
		if (depth == 0 || random.nextInt(3) == 0) {
			return new Leaf(string(random), scalar(random));
		}
		List<Tree> trees = new ArrayList<>();
		Map<Integer, Tree> byNumber = new HashMap<>();
		for (int i = random.nextInt(3); i > 0; i--) {
			trees.add(tree(random, depth - 1));
			byNumber.put(random.nextInt(), tree(random, depth - 1));
		}
		return new Branch(trees, byNumber, Set.copyOf(trees), any(random, depth - 1),
				Optional.of(tree(random, depth - 1)));
	}

	sealed interface Tree {

	}

	record Leaf(String name, @Nullable Object value) implements Tree {

	}

	record Branch(List<Tree> trees, Map<Integer, Tree> byNumber, Set<Tree> set, @Nullable Object any,
			Optional<Tree> optional) implements Tree {

	}

}
