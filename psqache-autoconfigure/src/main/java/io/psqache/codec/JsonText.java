package io.psqache.codec;

/**
 * What PostgreSQL cannot hold of what JSON can say, and what JSON says as it is.
 */
final class JsonText {

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
	 * Whether JSONB gives back what it was given, but for the order of properties and
	 * white space. It refuses U+0000, and it keeps numbers as {@code numeric}, which has
	 * no exponent ({@code 1.2E7} would come back as the integer {@code 12000000}) and no
	 * negative zero.
	 */
	static boolean fitsJsonb(String json) {
		boolean inString = false;
		for (int i = 0; i < json.length(); i++) {
			char c = json.charAt(i);
			if (c == '"') {
				inString = !inString;
			}
			else if (inString && c == '\\') {
				if (json.startsWith("u0000", i + 1)) {
					return false;
				}
				i++; // whatever is escaped ends no string
			}
			else if (!inString && (c == 'E' || (c == '-' && isZero(json, i + 1)))) {
				return false;
			}
		}
		return isUnicode(json);
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
