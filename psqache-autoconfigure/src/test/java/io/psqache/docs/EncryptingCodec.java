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

package io.psqache.docs;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

import io.psqache.CacheValueCodec;
import tools.jackson.databind.json.JsonMapper;

class EncryptingCodec implements CacheValueCodec {

	private final JsonMapper json = new JsonMapper();

	private final SecureRandom random = new SecureRandom();

	private final SecretKey key;

	EncryptingCodec(SecretKey key) {
		this.key = key;
	}

	@Override
	public boolean supports(String cacheName) {
		return cacheName.equals("patients");
	}

	@Override
	public byte[] encode(Object value) {
		byte[] nonce = new byte[12];
		this.random.nextBytes(nonce);
		byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce, this.json.writeValueAsBytes(value));
		return ByteBuffer.allocate(nonce.length + encrypted.length).put(nonce).put(encrypted).array();
	}

	@Override
	public Object decode(byte[] stored) {
		byte[] nonce = Arrays.copyOf(stored, 12);
		byte[] encrypted = Arrays.copyOfRange(stored, 12, stored.length);
		return this.json.readValue(cipher(Cipher.DECRYPT_MODE, nonce, encrypted), Patient.class);
	}

	private byte[] cipher(int mode, byte[] nonce, byte[] text) {
		try {
			Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
			cipher.init(mode, this.key, new GCMParameterSpec(128, nonce));
			return cipher.doFinal(text);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The value cannot be encrypted or decrypted", ex);
		}
	}

}
