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
 * Compares a value with what it comes back as from its stored form, in state and in JSON.
 * Thread-safe.
 */
final class Proof {

	/**
	 * The first ten thousand objects of a value tell enough of their types.
	 */
	static final int SAMPLE = 10_000;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	private final SameValue sameValue;

	/**
	 * Make one.
	 * @param plain reads JSON
	 * @param tagging writes JSON
	 * @param trustedTypes tell the application's own classes
	 * @param most how many objects of a value to compare at most
	 */
	Proof(JsonMapper plain, JsonMapper tagging, TrustedTypes trustedTypes, int most) {
		this.plain = plain;
		this.tagging = tagging;
		this.sameValue = new SameValue(this::json, trustedTypes, most);
	}

	/**
	 * Compare.
	 * @param value the value
	 * @param back what was read from its stored form
	 * @param json writes the JSON of either; {@code null} if it is not the stored form,
	 * and so tells nothing
	 * @return what changed, {@code null} if nothing did
	 */
	@Nullable Change change(Object value, @Nullable Object back, @Nullable Function<Object, String> json) {
		// first, since getters may remember what they derive
		String before = (json != null) ? unordered(json.apply(value)) : null;
		String after = (json != null && back != null) ? unordered(json.apply(back)) : null;
		ValueDifference difference = this.sameValue.difference(value, back);
		if (difference != null) {
			return new Change(difference);
		}
		return (json == null || before == null || before.equals(after) || !before.equals(unordered(json.apply(value))))
				? null : new Change(null);
	}

	/**
	 * JSON with the elements of its arrays in order: those of a set have none.
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
	 * How a value comes back.
	 *
	 * @param difference the first one in its state, {@code null} if only its JSON differs
	 */
	record Change(@Nullable ValueDifference difference) {

		/**
		 * For developers: where it is in the value.
		 */
		String inValue() {
			return (this.difference != null) ? this.difference.inValue() : "$ is read back with different content";
		}

		/**
		 * For the log: which class it is the matter of.
		 */
		UnstorableValueException refusal(Class<?> type) {
			return (this.difference != null) ? this.difference.refusal(type)
					: new UnstorableValueException(type, "a hit would return different content",
							"Add a constructor or setters with the names of its properties.");
		}

	}

}
