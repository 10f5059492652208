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

package io.psqache.benchmarks.endurance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bounded cache of keys with exact eviction, for comparison with psqache's sweeper. Not
 * thread-safe.
 */
final class ExactCache {

	private final Map<Integer, Boolean> entries;

	private ExactCache(int bound, boolean byUse) {
		this.entries = new LinkedHashMap<>(2 * bound, 0.75f, byUse) {
			@Override
			protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
				return size() > bound;
			}
		};
	}

	static ExactCache leastRecentlyUsed(int bound) {
		return new ExactCache(bound, true);
	}

	static ExactCache firstInFirstOut(int bound) {
		return new ExactCache(bound, false);
	}

	/**
	 * The hit ratio of a trace.
	 * @param trace the keys in their order
	 * @param from place of the first read that counts; those before it fill the cache
	 * @return 0 to 1
	 */
	double hitRatio(int[] trace, int from) {
		int hits = 0;
		for (int place = 0; place < trace.length; place++) {
			boolean hit = this.entries.get(trace[place]) != null;
			if (!hit) {
				this.entries.put(trace[place], true);
			}
			hits += (hit && place >= from) ? 1 : 0;
		}
		return (double) hits / (trace.length - from);
	}

}
