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

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares a value with its restored value: the value that is read back from its stored
 * form. Compares both the state and the JSON. Thread-safe.
 */
final class Proof {

	/**
	 * The maximum number of objects to compare in one value: 10,000 objects are a
	 * sufficient sample of their types.
	 */
	static final int SAMPLE = 10_000;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	private final SameValue sameValue;

	/**
	 * Create a new instance.
	 * @param plain reads JSON
	 * @param tagging writes JSON
	 * @param trustedTypes identify the classes of the application
	 * @param maxObjects the maximum number of objects to compare in one value
	 */
	Proof(JsonMapper plain, JsonMapper tagging, TrustedTypes trustedTypes, int maxObjects) {
		this.plain = plain;
		this.tagging = tagging;
		this.sameValue = new SameValue(this::json, trustedTypes, maxObjects);
	}

	/**
	 * Compare a value with its restored value.
	 * @param value the value
	 * @param restored the restored value
	 * @param json writes the JSON of both; {@code null} if the stored form is not JSON
	 * @return the change, or {@code null} if there is none
	 */
	@Nullable Change change(Object value, @Nullable Object restored, @Nullable Function<Object, String> json) {
		// Written before the comparison, because getters may cache derived state.
		String before = (json != null) ? unordered(json.apply(value)) : null;
		String after = (json != null && restored != null) ? unordered(json.apply(restored)) : null;
		ValueDifference difference = this.sameValue.difference(value, restored);
		if (difference != null) {
			return new Change(difference);
		}
		return (json == null || before == null || before.equals(after) || !before.equals(unordered(json.apply(value))))
				? null : new Change(null);
	}

	/**
	 * Sort the elements of all arrays, because the elements of a set have no order.
	 */
	private String unordered(String json) {
		return unordered(this.plain.readTree(json));
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

	/**
	 * The difference between a value and its restored value.
	 *
	 * @param difference the first difference in its state, or {@code null} if only the
	 * JSON differs
	 */
	record Change(@Nullable ValueDifference difference) {

		/**
		 * Return the place of the change in the value, for developers.
		 */
		String inValue() {
			return (this.difference != null) ? this.difference.inValue() : "$ is read back with different content";
		}

		/**
		 * Return the exception with the class that causes the change, for the log.
		 */
		UnstorableValueException refusal(Class<?> type) {
			return (this.difference != null) ? this.difference.refusal(type)
					: new UnstorableValueException(type, "a hit would return different content",
							"Add a constructor or setters with the names of its properties.");
		}

	}

}
