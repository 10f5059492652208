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

package io.psqache;

/**
 * A bean of this type takes the place of JSON for the values of some caches: to encrypt
 * them, or to store them as Protobuf. What it makes is kept as bytes, opaque to SQL,
 * whatever the storage of the cache; beside it stands the name of the codec's class. An
 * entry that another class has written, or that was written as JSON before there was a
 * codec, is a miss. So is every entry once the class is renamed.
 * <p>
 * It is called on the threads of callers, by many at once. It never sees {@code null}:
 * psqache marks a cached {@code null} itself. The list of trusted packages is no concern
 * of it: it must not make objects of classes that the bytes name without a list of its
 * own.
 * <p>
 * What it throws fails open, as everything does: a value that cannot be encoded is not
 * cached, one that cannot be decoded is a miss; either is counted and logged. Its
 * messages are logged at DEBUG only, but should not hold values even so.
 */
public interface CacheValueCodec {

	/**
	 * Whether it is the codec of a cache. At most one codec may be.
	 * @param cacheName the name of the cache
	 * @return whether it is
	 */
	boolean supports(String cacheName);

	/**
	 * The stored form of a value.
	 * @param value the value, never {@code null}
	 * @return the bytes to store; must not be written to any more
	 */
	byte[] encode(Object value);

	/**
	 * The value of a stored form.
	 * @param stored the bytes, as PostgreSQL had them: a role that can write to the table
	 * may have made them
	 * @return the value, never {@code null}
	 */
	Object decode(byte[] stored);

}
