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
 * What PostgreSQL cannot hold of what JSON can say, and what JSON says as it is.
 */
final class JsonText {

	/**
	 * Past this many a number is nothing that one would look for in SQL.
	 */
	private static final int MOST_ZEROS = 20;

	private JsonText() {
	}

	/**
	 * Whether the text has no half of a surrogate pair, which no UTF-8 can hold.
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
	 * What to have JSONB keep so that it gives back what it was given, but for the order
	 * of properties and white space. It refuses U+0000, and it keeps numbers as
	 * {@code numeric}, which has no negative zero and no exponent. A number is written
	 * out where that says the same: {@code 1.2E7} as {@code 12000000.0}, but not
	 * {@code 1E+3}, a {@code BigDecimal} of another scale than {@code 1000}.
	 * @return JSON; {@code null} if JSONB cannot keep it
	 */
	static @Nullable String forJsonb(String json) {
		StringBuilder writtenOut = new StringBuilder(0);
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
				i++; // whatever is escaped ends no string
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
				writtenOut.append(json, copied, start).append(number);
				copied = end;
				i = end - 1;
			}
			hasSurrogates |= c >= Character.MIN_SURROGATE;
		}
		if (hasSurrogates && !isUnicode(json)) {
			return null;
		}
		return (copied > 0) ? writtenOut.append(json, copied, json.length()).toString() : json;
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
	 * Only a {@code BigDecimal} writes a positive exponent with its sign, and would lose
	 * its scale.
	 */
	private static @Nullable String withoutExponent(String number) {
		BigDecimal value = new BigDecimal(number);
		if (number.indexOf('+') >= 0 || Math.abs(value.scale()) > MOST_ZEROS) {
			return null;
		}
		String plain = value.toPlainString();
		return (plain.indexOf('.') >= 0) ? plain : plain + ".0";
	}

	/**
	 * Whether a string needs no escapes, as most keys do not.
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
