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

package io.psqache.internal.store;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.StoredCache;
import org.jspecify.annotations.Nullable;

/**
 * The caches of the application as last read from the database, and the counts of this
 * instance that the sweeper needs. Thread-safe.
 */
public final class UsageRegistry {

	private final Set<Integer> used = ConcurrentHashMap.newKeySet();

	private final LongAdder written = new LongAdder();

	private volatile Runnable alarm = () -> {
	};

	private volatile long alarmThreshold = Long.MAX_VALUE;

	private volatile Map<Integer, StoredCache> caches = Map.of();

	void markUsed(int cacheId) {
		this.used.add(cacheId);
	}

	/**
	 * Count entries that this instance has written to a cache that has bounds.
	 * @param entries the number of entries
	 */
	public void addWritten(int entries) {
		this.written.add(entries);
		runAlarmIfDue();
	}

	private void runAlarmIfDue() {
		if (this.alarmThreshold < Long.MAX_VALUE && written() >= this.alarmThreshold) {
			this.alarmThreshold = Long.MAX_VALUE;
			this.alarm.run();
		}
	}

	/**
	 * Run an alarm when this instance has written the given number of entries. Concurrent
	 * writers may run the alarm more than once.
	 * @param written the total number of entries
	 * @param alarm runs in the thread that writes
	 */
	public void alarmAt(long written, Runnable alarm) {
		this.alarm = alarm;
		this.alarmThreshold = written;
		runAlarmIfDue(); // the number may already be reached
	}

	/**
	 * Return how many entries this instance has written to caches that have bounds.
	 * @return the number since the store was opened
	 */
	public long written() {
		return this.written.sum();
	}

	@Nullable StoredCache of(int cacheId) {
		return this.caches.get(cacheId);
	}

	/**
	 * Replace the known caches by those read from the database.
	 * @param caches the caches of this application by id
	 */
	public void update(Map<Integer, StoredCache> caches) {
		this.caches = Map.copyOf(caches);
	}

	/**
	 * Return the ids of the caches that this instance uses.
	 * @return a snapshot of the ids
	 */
	public Set<Integer> used() {
		return Set.copyOf(this.used);
	}

}
