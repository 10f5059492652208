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

import org.jspecify.annotations.Nullable;

/**
 * Decides whether PostgreSQL can store a JSON text as JSONB without loss.
 */
final class JsonText {

	/**
	 * The maximum number of zeros that replace an exponent. SQL queries rarely look for
	 * longer numbers.
	 */
	private static final int MAX_ZEROS = 20;

	private JsonText() {
	}

	/**
	 * Return whether a text contains no half of a surrogate pair, which UTF-8 cannot
	 * encode.
	 */
	static boolean isUnicode(String text) {
		boolean afterHigh = false;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (afterHigh != Character.isLowSurrogate(c)) {
				return false;
			}
			afterHigh = Character.isHighSurrogate(c);
		}
		return !afterHigh;
	}

	/**
	 * Return JSON that a JSONB column returns unchanged, except for white space and the
	 * order of properties. JSONB refuses U+0000 and stores numbers as {@code numeric},
	 * which has neither a negative zero nor an exponent. An exponent is expanded if the
	 * value stays the same: {@code 1.2E7} becomes {@code 12000000.0}, but {@code 1E+3} is
	 * a {@code BigDecimal} of another scale than {@code 1000}.
	 * @return JSON, or {@code null} if JSONB cannot store it without loss
	 */
	static @Nullable String forJsonb(String json) {
		StringBuilder expanded = new StringBuilder(0);
		int copied = 0;
		boolean inString = false;
		boolean hasSurrogates = false;
		for (int i = 0; i < json.length(); i++) {
			char c = json.charAt(i);
			if (c == '"') {
				inString = !inString;
			}
			else if (inString && c == '\\') {
				if (json.startsWith("u0000", i + 1)) {
					return null;
				}
				i++; // An escaped quote does not end the string.
			}
			else if (!inString && c == '-' && isZero(json, i + 1)) {
				return null;
			}
			else if (!inString && c == 'E') {
				int start = startOfNumber(json, i);
				int end = endOfNumber(json, i);
				String number = withoutExponent(json.substring(start, end));
				if (number == null) {
					return null;
				}
				expanded.append(json, copied, start).append(number);
				copied = end;
				i = end - 1;
			}
			hasSurrogates |= c >= Character.MIN_SURROGATE;
		}
		if (hasSurrogates && !isUnicode(json)) {
			return null;
		}
		return (copied > 0) ? expanded.append(json, copied, json.length()).toString() : json;
	}

	private static int startOfNumber(String json, int exponent) {
		int start = exponent;
		while (start > 0 && isPartOfNumber(json.charAt(start - 1))) {
			start--;
		}
		return start;
	}

	private static int endOfNumber(String json, int exponent) {
		int end = exponent + 1;
		while (end < json.length() && isPartOfNumber(json.charAt(end))) {
			end++;
		}
		return end;
	}

	private static boolean isPartOfNumber(char c) {
		return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
	}

	/**
	 * Expand the exponent of a number. Only {@code BigDecimal} writes a positive exponent
	 * with its sign, and its scale would be lost.
	 * @return the number, or {@code null} if it cannot be expanded
	 */
	private static @Nullable String withoutExponent(String number) {
		BigDecimal value = new BigDecimal(number);
		if (number.indexOf('+') >= 0 || Math.abs(value.scale()) > MAX_ZEROS) {
			return null;
		}
		String plain = value.toPlainString();
		return (plain.indexOf('.') >= 0) ? plain : plain + ".0";
	}

	/**
	 * Return whether a string needs no escapes, which is true of most keys.
	 */
	static boolean isPlain(String string) {
		for (int i = 0; i < string.length(); i++) {
			char c = string.charAt(i);
			if (c < ' ' || c > '~' || c == '"' || c == '\\') {
				return false;
			}
		}
		return true;
	}

	private static boolean isZero(String json, int start) {
		int end = start;
		while (end < json.length() && (json.charAt(end) == '0' || json.charAt(end) == '.')) {
			end++;
		}
		return end == json.length() || !Character.isDigit(json.charAt(end));
	}

}
