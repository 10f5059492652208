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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.RepeatedTest;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that hold for every key, tested with random keys. A failure prints the seed:
 * use it instead of the random seed to repeat the test.
 */
class KeyPropertiesTests {

	private static final JsonMapper PARSER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private final KeyCodec codec = new KeyCodec(List.of());

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	@RepeatedTest(1000)
	void equalKeysHaveEqualText() {
		RandomKey key = RandomKey.key(this.random, 3);
		String text = encode(key);
		assertThat(encode(key)).as("of %s, seed %d", key, this.seed).isEqualTo(text);
		assertThat(new KeyCodec(List.of()).encode(built(key))).as("of %s, seed %d", key, this.seed).isEqualTo(text);
	}

	@RepeatedTest(10)
	void differentKeysHaveDifferentText() {
		Map<String, RandomKey> keysByText = new HashMap<>();
		for (int i = 0; i < 2_000; i++) {
			RandomKey key = RandomKey.key(this.random, 2);
			RandomKey other = keysByText.putIfAbsent(encode(key), key);
			assertThat(other == null || isSameJson(key, other)).as("%s and %s, seed %d", key, other, this.seed)
				.isTrue();
		}
		assertThat(keysByText).hasSizeGreaterThan(200);
	}

	@RepeatedTest(1000)
	void textIsJsonOfTheKey() {
		RandomKey key = RandomKey.key(this.random, 3);
		String text = encode(key);
		assertThat(text.getBytes(StandardCharsets.UTF_8).length).as("of %s, seed %d", key, this.seed)
			.isLessThanOrEqualTo(1_000);
		if (text.startsWith("sha256:")) {
			assertThat(text).matches("sha256:[0-9a-f]{64}");
		}
		else {
			assertThat(matches(PARSER.readTree(text).get(0), key)).as("%s, of %s, seed %d", text, key, this.seed)
				.isTrue();
		}
	}

	@RepeatedTest(1000)
	void doubleIsWrittenExactly() {
		double number = Double.longBitsToDouble(this.random.nextLong());
		float shorter = Float.intBitsToFloat(this.random.nextInt());
		if (Double.isFinite(number) && Float.isFinite(shorter)) {
			assertThat(Double.parseDouble(this.codec.encode(number))).as("seed %d", this.seed).isEqualTo(number);
			assertThat(Float.parseFloat(this.codec.encode(shorter))).as("seed %d", this.seed).isEqualTo(shorter);
		}
	}

	private String encode(RandomKey key) {
		return this.codec.encode(built(key));
	}

	private Object built(RandomKey key) {
		// The built object may be null, which is no key.
		return new SimpleKey(key.build(this.random));
	}

	private static boolean isSameJson(RandomKey one, RandomKey other) {
		// A set has the same JSON as the list of its sorted elements.
		return (one.hasSet() || other.hasSet()) ? one.withoutOrder().equals(other.withoutOrder()) : one.equals(other);
	}

	private static boolean matches(JsonNode json, RandomKey key) {
		if (key instanceof RandomKey.Text text) {
			return json.isString() && json.stringValue().equals(text.text());
		}
		if (key instanceof RandomKey.Numeral number) {
			return json.isNumber() && json.decimalValue().toString().equals(number.literal());
		}
		if (key instanceof RandomKey.Elements list) {
			return json.isArray() && matchInOrder(json.values(), list.elements());
		}
		if (key instanceof RandomKey.Unordered set) {
			return json.isArray() && json.size() == set.elements().size()
					&& set.elements()
						.stream()
						.allMatch((element) -> json.values().stream().anyMatch((node) -> matches(node, element)));
		}
		if (key instanceof RandomKey.Properties properties) {
			return json.isObject() && json.size() == properties.properties().size() && properties.properties()
				.entrySet()
				.stream()
				.allMatch((entry) -> json.has(entry.getKey()) && matches(json.get(entry.getKey()), entry.getValue()));
		}
		RandomKey.Constant constant = (RandomKey.Constant) key;
		return constant.constant()
			.map((value) -> json.isBoolean() && json.booleanValue() == value)
			.orElse(json.isNull());
	}

	private static boolean matchInOrder(Collection<JsonNode> nodes, List<RandomKey> keys) {
		List<JsonNode> json = new ArrayList<>(nodes);
		for (int i = 0; i < keys.size(); i++) {
			if (json.size() != keys.size() || !matches(json.get(i), keys.get(i))) {
				return false;
			}
		}
		return json.size() == keys.size();
	}

}
