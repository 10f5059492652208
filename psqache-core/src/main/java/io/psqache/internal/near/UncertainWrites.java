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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Caches in which something may change yet, since a write has failed in a way that leaves
 * open whether PostgreSQL does it all the same: when it can be so no more they count as
 * changed. Not thread-safe.
 */
final class UncertainWrites {

	private final Map<Integer, Doubt> doubts = new HashMap<>();

	private final long nanos;

	/**
	 * Create it.
	 * @param length how long after its failure a write may still be done
	 */
	UncertainWrites(Duration length) {
		this.nanos = length.toNanos();
	}

	/**
	 * A write has failed.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	void add(int cacheId, long now) {
		this.doubts.merge(cacheId, new Doubt(now, now), (present, added) -> new Doubt(present.first(), now));
	}

	/**
	 * Which caches are to count as changed now.
	 */
	List<Integer> due(long now) {
		List<Integer> due = new ArrayList<>();
		this.doubts.forEach((cacheId, doubt) -> {
			if (now - doubt.first() >= this.nanos) {
				due.add(cacheId);
			}
		});
		due.forEach((cacheId) -> this.doubts.computeIfPresent(cacheId,
				(any, doubt) -> (now - doubt.last() >= this.nanos) ? null : new Doubt(doubt.last(), doubt.last())));
		return due;
	}

	/**
	 * The failures since the cache last counted as changed.
	 */
	private record Doubt(long first, long last) {

	}

}
