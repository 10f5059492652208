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
 * Which keys of one cache this instance is refreshing, or tried to refresh a moment ago:
 * of all readers of an old entry one does anything about it. Thread-safe.
 */
final class RefreshClaims {

	/**
	 * Beyond that many all are forgotten: then some keys are refreshed once more than
	 * need be.
	 */
	private static final int CAPACITY = 10_000;

	/**
	 * The time at which each claim ends, as {@link System#nanoTime()} has it.
	 */
	private final ConcurrentMap<String, Long> ends = new ConcurrentHashMap<>();

	/**
	 * Claim a key, unless it is claimed.
	 * @param life how long the claim lasts unless it is given up
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
	 * Keep it claimed for some time from now.
	 */
	void prolong(String key, Duration life) {
		this.ends.put(key, System.nanoTime() + life.toNanos());
	}

	/**
	 * Give it up.
	 * @return whether it was claimed
	 */
	boolean giveUp(String key) {
		return this.ends.remove(key) != null;
	}

}
