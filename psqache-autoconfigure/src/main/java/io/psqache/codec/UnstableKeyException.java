package io.psqache.codec;

/**
 * Carries out of Jackson why a key is refused. The message names classes, never values.
 */
@SuppressWarnings("serial")
final class UnstableKeyException extends RuntimeException {

	UnstableKeyException(String reason) {
		super(reason);
	}

}
