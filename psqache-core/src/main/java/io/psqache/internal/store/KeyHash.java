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

package io.psqache.internal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hash of a key: the first eight bytes of the SHA-256 of its stored form, in UTF-8.
 * The entries have it in their primary key, and invalidations name keys by it. SQL has
 * the same function, {@code key_hash(text)}. Two keys with one hash share a row, and only
 * the one written last is present.
 */
public final class KeyHash {

	/**
	 * Never updated. A copy of it costs a third of a search for the provider.
	 */
	private static final MessageDigest SHA_256 = find("SHA-256");

	private KeyHash() {
	}

	/**
	 * Compute the hash of a key.
	 * @param storedKey the key as it is stored
	 * @return the eight bytes, as a big-endian integer
	 */
	public static long of(String storedKey) {
		return ByteBuffer.wrap(sha256().digest(storedKey.getBytes(StandardCharsets.UTF_8))).getLong();
	}

	private static MessageDigest sha256() {
		try {
			return (MessageDigest) SHA_256.clone();
		}
		catch (CloneNotSupportedException ex) { // by another provider
			return find(SHA_256.getAlgorithm());
		}
	}

	private static MessageDigest find(String algorithm) {
		try {
			return MessageDigest.getInstance(algorithm);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has " + algorithm, ex);
		}
	}

}
