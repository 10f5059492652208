package io.psqache.codec;

/**
 * How the values of a cache are kept.
 */
public enum Storage {

	/**
	 * As JSONB, which SQL can read into. A value that JSONB cannot hold (one with U+0000
	 * or half a surrogate pair in a string) is kept as {@link #BINARY} by itself.
	 */
	JSONB,

	/**
	 * As bytes: JSON in UTF-8, exactly as written. Smaller and quicker for large values,
	 * but opaque to SQL.
	 */
	BINARY

}
