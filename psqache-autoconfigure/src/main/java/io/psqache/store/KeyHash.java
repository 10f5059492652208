package io.psqache.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The number that an entry is found by: the first eight bytes of the SHA-256 of its
 * stored key. PostgreSQL computes the same, on every platform and version. Messages to
 * other instances carry it in place of the key. Two keys with the same number share a row
 * of the table: the one that was written last has it, and the other one is a miss.
 */
public final class KeyHash {

	private KeyHash() {
	}

	/**
	 * Compute the hash of a key.
	 * @param storedKey the key as it is stored
	 * @return its hash
	 */
	public static long of(String storedKey) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(storedKey.getBytes(StandardCharsets.UTF_8));
			return ByteBuffer.wrap(digest).getLong();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
