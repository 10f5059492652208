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
 * A read of the database that creates a near entry unless the entry changes during the
 * read.
 *
 * @param cache the near cache
 * @param key the key of the near entry
 * @param keyLength the length of the stored key
 * @param hash the hash of the stored key
 * @param stamp the sum of the counters before the read
 * @param begun when the read began, by {@link System#nanoTime()}
 */
public record PendingNearEntry(NearCache cache, Object key, int keyLength, long hash, long stamp, long begun) {

	/**
	 * Complete the near entry. A value that does not come from the database creates none.
	 * @param stored the value as stored
	 * @param value the converted value
	 * @param decoder the decoder that converted it
	 */
	public void with(StoredValue stored, ValueWrapper value, Decoder decoder) {
		Duration timeLeft = stored.timeLeft();
		if (timeLeft != null) {
			this.cache.complete(this, stored, timeLeft, value, decoder);
		}
	}

}
