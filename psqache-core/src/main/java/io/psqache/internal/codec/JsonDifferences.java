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

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the first differences of two JSON documents, at most 5.
 */
final class JsonDifferences {

	private static final int MAX_DIFFERENCES = 5;

	private static final int MAX_LENGTH = 100;

	private final List<String> found = new ArrayList<>();

	private JsonDifferences() {
	}

	/**
	 * Compare two JSON documents.
	 * @return the differences with their paths, such as {@code $.title: "a" -> null};
	 * empty if the documents are equal
	 */
	static List<String> between(JsonNode before, JsonNode after) {
		JsonDifferences differences = new JsonDifferences();
		differences.compare("$", before, after);
		return differences.found;
	}

	private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
		if (this.found.size() == MAX_DIFFERENCES) {
			return;
		}
		if (before != null && after != null && before.isObject() && after.isObject()) {
			Set<String> names = new LinkedHashSet<>(before.propertyNames());
			names.addAll(after.propertyNames());
			names.forEach((name) -> compare(path + "." + name, before.get(name), after.get(name)));
		}
		else if (before != null && after != null && before.isArray() && after.isArray()) {
			for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
				compare(path + "[" + i + "]", before.get(i), after.get(i));
			}
		}
		else if (!text(before).equals(text(after))) {
			this.found.add(path + ": " + shortened(before) + " -> " + shortened(after));
		}
	}

	private static String text(@Nullable JsonNode node) {
		return (node != null) ? node.toString() : "(nothing)";
	}

	private static String shortened(@Nullable JsonNode node) {
		String text = text(node);
		return (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) + "..." : text;
	}

}
