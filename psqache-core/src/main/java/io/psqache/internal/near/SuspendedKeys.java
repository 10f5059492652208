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

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The keys of one cache of which no near entries are created, because a change of them is
 * in progress. Thread-safe.
 */
final class SuspendedKeys {

	private final Map<Source, Keys> suspensions = new ConcurrentHashMap<>();

	void add(Source source, @Nullable Set<Long> hashes) {
		this.suspensions.put(source, new Keys(hashes, System.nanoTime()));
	}

	void remove(Source source) {
		this.suspensions.remove(source);
	}

	boolean contains(long hash) {
		if (this.suspensions.isEmpty()) { // nearly always
			return false;
		}
		for (Keys keys : this.suspensions.values()) {
			if (keys.hashes() == null || keys.hashes().contains(hash)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether any suspension began before the given time.
	 */
	boolean isAnyOlderThan(long time) {
		return this.suspensions.values().stream().anyMatch((keys) -> keys.since() - time < 0);
	}

	/**
	 * Remove the suspensions that began before the given time.
	 */
	void removeOlderThan(long time) {
		this.suspensions.values().removeIf((keys) -> keys.since() - time < 0);
	}

	int size() {
		return this.suspensions.size();
	}

	/**
	 * Identifies a suspension.
	 *
	 * @param instance the instance that makes the change
	 * @param number its number of the suspension
	 */
	record Source(String instance, long number) {

	}

	private record Keys(@Nullable Set<Long> hashes, long since) {

	}

}
