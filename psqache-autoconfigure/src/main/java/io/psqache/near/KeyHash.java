package io.psqache.near;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What stands for a key in messages: the first eight bytes of the SHA-256 of its stored
 * form. So a message holds no key and always fits, SQL can make it too, and two keys with
 * the same hash cost a copy that need not have gone.
 */
final class KeyHash {

	private KeyHash() {
	}

	static long of(String storedKey) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(storedKey.getBytes(StandardCharsets.UTF_8));
			return ByteBuffer.wrap(digest).getLong();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
