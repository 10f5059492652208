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
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Sorts the properties of JSON by name at every depth, so that equal JSON is equal text.
 * Numbers keep their notation.
 */
final class CanonicalJson {

	private final String json;

	private int at;

	private CanonicalJson(String json) {
		this.json = json;
	}

	/**
	 * Return the canonical form.
	 * @param json JSON without white space between its tokens
	 * @return the same JSON with sorted properties
	 * @throws UnstableKeyException if the JSON contains NaN, an infinite number or an
	 * object with two properties of the same name, or is not well-formed
	 */
	static String of(String json) {
		CanonicalJson reader = new CanonicalJson(json);
		StringBuilder out = new StringBuilder(json.length());
		reader.value(out);
		if (reader.at != json.length()) {
			throw malformed();
		}
		return out.toString();
	}

	private void value(StringBuilder out) {
		switch (peek()) {
			case '{' -> object(out);
			case '[' -> array(out);
			case '"' -> out.append(string());
			default -> out.append(scalar());
		}
	}

	private void object(StringBuilder out) {
		Map<String, String> properties = new TreeMap<>();
		this.at++;
		while (peek() != '}') {
			String name = string();
			expect(':');
			StringBuilder value = new StringBuilder();
			value(value);
			// Sorted without the quotes: a closing quote would sort after "!" in a longer
			// name.
			if (properties.put(name.substring(1, name.length() - 1), value.toString()) != null) {
				throw new UnstableKeyException("it has an object with two properties of the same name");
			}
			endOfItem('}');
		}
		this.at++;
		StringJoiner joined = new StringJoiner(",", "{", "}");
		properties.forEach((name, value) -> joined.add('"' + name + "\":" + value));
		out.append(joined);
	}

	private void array(StringBuilder out) {
		out.append('[');
		this.at++;
		while (peek() != ']') {
			value(out);
			endOfItem(']');
			out.append((peek() != ']') ? "," : "");
		}
		this.at++;
		out.append(']');
	}

	private String string() {
		int start = this.at;
		expect('"');
		while (peek() != '"') {
			this.at += (peek() == '\\') ? 2 : 1;
		}
		this.at++;
		return this.json.substring(start, this.at);
	}

	private String scalar() {
		int start = this.at;
		while (this.at < this.json.length() && ",]}".indexOf(peek()) < 0) {
			this.at++;
		}
		String scalar = this.json.substring(start, this.at);
		if (scalar.endsWith("NaN") || scalar.endsWith("Infinity")) {
			throw new UnstableKeyException("it has a number that is NaN or infinite, which JSON cannot say");
		}
		if (scalar.isEmpty()) {
			throw malformed();
		}
		return scalar;
	}

	private void endOfItem(char end) {
		if (peek() != end) {
			expect(',');
		}
	}

	private void expect(char c) {
		if (peek() != c) {
			throw malformed();
		}
		this.at++;
	}

	private char peek() {
		if (this.at >= this.json.length()) {
			throw malformed();
		}
		return this.json.charAt(this.at);
	}

	private static UnstableKeyException malformed() {
		return new UnstableKeyException("its JSON is not well-formed");
	}

}
