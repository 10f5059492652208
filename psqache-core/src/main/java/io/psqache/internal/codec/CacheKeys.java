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

package io.psqache.internal.codec;

import java.time.temporal.Temporal;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * The keys of one cache: as they are stored, and as copies of entries are found by them.
 * A copy is found by the key itself, where it cannot be changed and equal keys are stored
 * alike, since to make the stored form takes twenty times as long as to find the copy. It
 * is found by the stored form else. Thread-safe.
 */
public final class CacheKeys {

	private final KeyCodec codec;

	private final boolean near;

	/**
	 * Create them.
	 * @param codec makes the stored form
	 * @param near whether any copies are kept
	 */
	public CacheKeys(KeyCodec codec, boolean near) {
		this.codec = codec;
		this.near = near;
	}

	/**
	 * The stored form of a key, or of what a copy is found by.
	 * @param key the key
	 * @return its stored form
	 * @throws IllegalArgumentException if it has none
	 */
	public String stored(Object key) {
		return (key instanceof Stored stored) ? stored.text() : this.codec.encode(key);
	}

	/**
	 * What a copy is found by.
	 * @param key the key
	 * @return the key itself or its stored form
	 * @throws IllegalArgumentException if it takes a stored form and there is none
	 */
	public Object lookup(Object key) {
		return (!this.near || isItsOwn(key)) ? key : new Stored(this.codec.encode(key));
	}

	/**
	 * A key for which there is no copy.
	 * @param lookup what was looked for
	 * @return the key
	 * @throws IllegalArgumentException if it has no stored form
	 */
	public CacheKey ofLookup(Object lookup) {
		return new CacheKey(lookup, stored(lookup));
	}

	/**
	 * A key.
	 * @param key the key as the application has it
	 * @return the key
	 * @throws IllegalArgumentException if it has no stored form
	 */
	public CacheKey of(Object key) {
		return ofLookup(lookup(key));
	}

	private static boolean isItsOwn(Object key) {
		if (key instanceof String || key instanceof Long || key instanceof Integer || key instanceof UUID) {
			return true;
		}
		return (key instanceof SimpleKey simpleKey) ? areTheirOwn(SimpleKeys.elements(simpleKey)) : isPlain(key);
	}

	private static boolean areTheirOwn(@Nullable Object[] elements) {
		for (Object element : elements) {
			if (element != null && !isPlain(element)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * No records: two that are equal by a method of their own may be stored differently.
	 */
	private static boolean isPlain(Object key) {
		return key instanceof String || key instanceof Long || key instanceof Integer || key instanceof UUID
				|| key instanceof Enum<?> || key instanceof Boolean || key instanceof Short || key instanceof Byte
				|| key instanceof Character
				|| (key instanceof Temporal && key.getClass().getPackageName().equals("java.time"));
	}

	/**
	 * A stored form, which is not the same as a key that is a string.
	 */
	private record Stored(String text) {

	}

}
