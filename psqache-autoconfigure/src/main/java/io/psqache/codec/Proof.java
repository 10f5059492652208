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

package io.psqache.codec;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares a value with what it comes back as from its stored form, in state and in JSON.
 * Thread-safe.
 */
final class Proof {

	/**
	 * The first ten thousand objects of a value tell enough of their types.
	 */
	private static final int MOST = 10_000;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	private final SameValue sameValue;

	Proof(JsonMapper plain, JsonMapper tagging, TrustedTypes trustedTypes) {
		this.plain = plain;
		this.tagging = tagging;
		this.sameValue = new SameValue(this::json, trustedTypes, MOST);
	}

	/**
	 * Require that a value comes back as it is.
	 * @param value the value
	 * @param back what was read from its stored form
	 * @param writer writes the JSON of either
	 * @throws Unstorable if it does not; the message names the class and the field
	 */
	void require(Object value, Object back, ObjectWriter writer) {
		// first, since getters may remember what they derive
		String before = unordered(value, writer);
		String after = unordered(back, writer);
		Difference difference = this.sameValue.difference(value, back);
		if (difference != null) {
			throw difference.refusal(value.getClass());
		}
		if (!before.equals(after) && before.equals(unordered(value, writer))) {
			throw new Unstorable(value.getClass(), "it would come back with other content",
					"Give it a constructor or setters by the names of its properties.");
		}
	}

	/**
	 * The JSON of a value with the elements of its arrays in order: those of a set have
	 * none.
	 */
	private String unordered(Object value, ObjectWriter writer) {
		return unordered(this.plain.readTree(writer.writeValueAsString(value)));
	}

	private static String unordered(JsonNode node) {
		if (node.isArray()) {
			return node.values().stream().map(Proof::unordered).sorted().toList().toString();
		}
		if (node.isObject()) {
			Map<String, String> properties = new TreeMap<>();
			node.properties().forEach((property) -> properties.put(property.getKey(), unordered(property.getValue())));
			return properties.toString();
		}
		return node.toString();
	}

	private @Nullable JsonNode json(Object value) {
		try {
			return this.tagging.valueToTree(value);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
