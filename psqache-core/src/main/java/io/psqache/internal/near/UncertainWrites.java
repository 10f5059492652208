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
 * Tracks caches with uncertain writes: a write failed, but PostgreSQL may still execute
 * it. The cache counts as changed when that is no longer possible. Not thread-safe.
 */
final class UncertainWrites {

	private final Map<Integer, Failures> writes = new HashMap<>();

	private final long nanos;

	/**
	 * Create a new instance.
	 * @param length how long PostgreSQL may still execute a failed write
	 */
	UncertainWrites(Duration length) {
		this.nanos = length.toNanos();
	}

	/**
	 * Add an uncertain write.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	void add(int cacheId, long now) {
		this.writes.merge(cacheId, new Failures(now, now), (present, added) -> new Failures(present.first(), now));
	}

	/**
	 * Return the caches that count as changed now.
	 */
	List<Integer> due(long now) {
		List<Integer> due = new ArrayList<>();
		this.writes.forEach((cacheId, failures) -> {
			if (now - failures.first() >= this.nanos) {
				due.add(cacheId);
			}
		});
		due.forEach((cacheId) -> this.writes.computeIfPresent(cacheId,
				(any, failures) -> (now - failures.last() >= this.nanos) ? null
						: new Failures(failures.last(), failures.last())));
		return due;
	}

	/**
	 * The first and the last failure since the cache last counted as changed.
	 */
	private record Failures(long first, long last) {

	}

}
