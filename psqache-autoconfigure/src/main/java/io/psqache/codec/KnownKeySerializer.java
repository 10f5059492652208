package io.psqache.codec;

import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a key of a class that psqache knows: what is written is all that makes two of
 * its objects equal.
 *
 * @param <T> the class
 */
@SuppressWarnings("serial")
abstract class KnownKeySerializer<T> extends StdSerializer<T> {

	KnownKeySerializer(Class<T> type) {
		super(type);
	}

}
