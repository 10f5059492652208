package io.psqache.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value does not come back from the cache as it was put. Thrown to whoever puts it, if
 * {@code psqache.verify-round-trip} is set: that is for development and tests, since the
 * message shows the parts of the value that differ.
 */
@SuppressWarnings("serial")
public class RoundTripException extends RuntimeException {

	public RoundTripException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
