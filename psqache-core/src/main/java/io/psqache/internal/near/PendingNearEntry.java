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

package io.psqache.internal.near;

import java.time.Duration;

import io.psqache.internal.store.StoredValue;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * A read of the database that is to leave a copy, unless the entry changes meanwhile.
 *
 * @param cache where the copy goes
 * @param key the key by which it is to be found
 * @param keyLength the length of the stored key
 * @param hash the hash of the stored key
 * @param stamp what the counters were before the read
 * @param begun when it began, by {@link System#nanoTime()}
 */
public record PendingNearEntry(NearCache cache, Object key, int keyLength, long hash, long stamp, long begun) {

	/**
	 * The entry has been read. What does not come from the database leaves no copy.
	 * @param stored the value as stored
	 * @param value what the decoder has made of it
	 * @param decoder the decoder
	 */
	public void with(StoredValue stored, ValueWrapper value, Decoder decoder) {
		Duration timeLeft = stored.timeLeft();
		if (timeLeft != null) {
			this.cache.fill(this, stored, timeLeft, value, decoder);
		}
	}

}
