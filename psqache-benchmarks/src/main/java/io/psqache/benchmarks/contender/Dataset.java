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

package io.psqache.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys and values of a run, which are created before it and shared by all contenders.
 * <p>
 * Each key has one of two values. The id of a value equals the number of the key modulo
 * {@value #FAMILIES}, so one comparison checks an answer, whatever other callers put. The
 * words of the values are drawn from a random vocabulary: one repeated word would
 * compress too well, and random letters too poorly.
 */
public final class Dataset {

	private static final int FAMILIES = 512;

	private static final int VOCABULARY = 4000;

	private final int valueBytes;

	private final List<String> keys;

	private final List<Product> products;

	private final Random random;

	private final List<String> words;

	/**
	 * Create a data set.
	 * @param valueBytes the size of the values as JSON
	 * @param entries the number of keys
	 * @param seed the seed of the values
	 */
	public Dataset(int valueBytes, int entries, long seed) {
		this.valueBytes = valueBytes;
		this.random = new Random(seed);
		this.words = IntStream.range(0, VOCABULARY).mapToObj((word) -> letters(3 + this.random.nextInt(8))).toList();
		this.products = IntStream.range(0, 2 * FAMILIES).mapToObj(this::product).toList();
		this.keys = IntStream.range(0, entries).mapToObj((key) -> "product:" + key).toList();
	}

	private Product product(int id) {
		int tags = (this.valueBytes < 500) ? 1 : Math.min(40, this.valueBytes / 100);
		Product empty = new Product(id, letters(4), 1000 + this.random.nextInt(99_000), this.random.nextInt(50) / 10.0,
				IntStream.range(0, tags).mapToObj((tag) -> word()).toList(), "");
		int length = this.valueBytes
				- JsonMapper.shared().writeValueAsString(empty).getBytes(StandardCharsets.UTF_8).length;
		StringBuilder text = new StringBuilder();
		while (text.length() < length) {
			text.append(word()).append(' ');
		}
		return new Product(id, empty.name(), empty.price(), empty.rating(), empty.tags(), text.substring(0, length));
	}

	/**
	 * A few words are common and most are rare, as in prose.
	 */
	private String word() {
		return this.words.get((int) (this.random.nextDouble() * this.random.nextDouble() * VOCABULARY));
	}

	private String letters(int length) {
		return this.random.ints(length, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining());
	}

	public int entries() {
		return this.keys.size();
	}

	public String key(int number) {
		return this.keys.get(number);
	}

	/**
	 * One of the values of a key.
	 * @param key the number of the key
	 * @param variant any number; even and odd ones select different values
	 * @return the value
	 */
	public Product value(long key, long variant) {
		return this.products.get((int) Math.floorMod(key, (long) FAMILIES) + FAMILIES * (int) (variant & 1));
	}

	/**
	 * Return whether a value may belong to a key, by its id.
	 * @param key the number of the key
	 * @param product the value, {@code null} for a miss
	 * @return whether the value may belong to the key
	 */
	public boolean mayHold(int key, @Nullable Product product) {
		return product != null && product.id() % FAMILIES == key % FAMILIES;
	}

	/**
	 * Return whether a value belongs to a key, by all of its fields.
	 * @param key the number of the key
	 * @param product the value, {@code null} for a miss
	 * @return whether the value belongs to the key
	 */
	public boolean holds(int key, @Nullable Product product) {
		return value(key, 0).equals(product) || value(key, 1).equals(product);
	}

}
