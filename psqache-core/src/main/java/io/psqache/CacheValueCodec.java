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
 * Strategy interface that replaces JSON for the values of some caches, for example to
 * encrypt them or to store Protobuf. The encoded bytes are stored unchanged, whatever the
 * {@link Storage} of the cache, together with the class name of the codec. An entry of
 * another codec, or one stored as JSON, is a miss. If the codec class is renamed, all of
 * its entries become misses.
 * <p>
 * Implementations must be thread-safe. They never receive {@code null}, because psqache
 * stores a cached {@code null} itself. Trusted packages do not apply to codecs: a codec
 * that creates objects from class names in the bytes must have its own list of allowed
 * classes.
 * <p>
 * If {@code encode} throws, the value is not cached; if {@code decode} throws, the read
 * is a miss. Both are counted and logged. Exception messages are logged at DEBUG only and
 * should not contain values.
 */
public interface CacheValueCodec {

	/**
	 * Return whether this codec handles a cache. At most one codec may return
	 * {@code true}.
	 * @param cacheName the name of the cache
	 * @return {@code true} if this codec handles the cache
	 */
	boolean supports(String cacheName);

	/**
	 * Encode a value.
	 * @param value the value, never {@code null}
	 * @return the bytes to store, which must not be modified afterwards
	 */
	byte[] encode(Object value);

	/**
	 * Decode a value.
	 * @param stored the bytes from PostgreSQL. Any role that can write to the table may
	 * have created them
	 * @return the value, never {@code null}
	 */
	Object decode(byte[] stored);

}
