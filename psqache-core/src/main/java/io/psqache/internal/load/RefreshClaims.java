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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Limits the refreshes of a key to one reader in this instance at a time. A claim also
 * delays the next attempt after a failure. Thread-safe.
 */
final class RefreshClaims {

	/**
	 * At this number of claims all are dropped; some keys are then refreshed once more
	 * than necessary.
	 */
	private static final int CAPACITY = 10_000;

	/**
	 * The end of each claim by {@link System#nanoTime()}.
	 */
	private final ConcurrentMap<String, Long> ends = new ConcurrentHashMap<>();

	/**
	 * Claim a key.
	 * @param life how long the claim lasts unless it is released
	 * @return {@code false} if another claim of the key has not ended
	 */
	boolean claim(String key, Duration life) {
		long now = System.nanoTime();
		long end = now + life.toNanos();
		Long present = this.ends.get(key);
		if (present != null) {
			return now - present >= 0 && this.ends.replace(key, present, end);
		}
		if (this.ends.size() >= CAPACITY) {
			this.ends.clear();
		}
		return this.ends.putIfAbsent(key, end) == null;
	}

	/**
	 * Claim a key for some time from now, even if it is claimed.
	 */
	void prolong(String key, Duration life) {
		this.ends.put(key, System.nanoTime() + life.toNanos());
	}

	/**
	 * Release the claim of a key.
	 * @return whether the key was claimed
	 */
	boolean release(String key) {
		return this.ends.remove(key) != null;
	}

}
