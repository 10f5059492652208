package io.psqache.codec;

/**
 * What PostgreSQL cannot hold of what JSON can say.
 */
final class JsonText {

	private static final String ESCAPED_NUL = "\\u0000";

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
	 * Whether JSONB can hold the text: it refuses U+0000 as well. (An escaped backslash
	 * before {@code u0000} looks alike; to mistake it costs nothing but JSONB.)
	 */
	static boolean fitsJsonb(String json) {
		return !json.contains(ESCAPED_NUL) && isUnicode(json);
	}

}
