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
 * What this instance knows of the caches of its application, as the database had it a
 * moment ago, by their ids; and what the sweeper asks this instance about them.
 * Thread-safe.
 */
public final class UsageRegistry {

	private final Set<Integer> used = ConcurrentHashMap.newKeySet();

	private final LongAdder written = new LongAdder();

	private volatile Runnable alarm = () -> {
	};

	private volatile long alarmAt = Long.MAX_VALUE;

	private volatile Map<Integer, StoredCache> caches = Map.of();

	/**
	 * This instance uses a cache from now on.
	 */
	void use(int cacheId) {
		this.used.add(cacheId);
	}

	/**
	 * This instance has written entries of a cache that has bounds.
	 * @param entries their number
	 */
	public void wrote(int entries) {
		this.written.add(entries);
		ringIfDue();
	}

	private void ringIfDue() {
		if (this.alarmAt < Long.MAX_VALUE && written() >= this.alarmAt) {
			this.alarmAt = Long.MAX_VALUE;
			this.alarm.run();
		}
	}

	/**
	 * Have an alarm go off when this instance has written so many, once or nearly so.
	 * @param written how many in all
	 * @param alarm is run by the thread that writes
	 */
	public void ringAt(long written, Runnable alarm) {
		this.alarm = alarm;
		this.alarmAt = written;
		ringIfDue(); // they may have been written just before
	}

	/**
	 * How many it has written.
	 * @return their number since the store was opened
	 */
	public long written() {
		return this.written.sum();
	}

	@Nullable StoredCache of(int cacheId) {
		return this.caches.get(cacheId);
	}

	/**
	 * Take note of what the database has.
	 * @param caches the caches of this application, by their ids
	 */
	public void learn(Map<Integer, StoredCache> caches) {
		this.caches = Map.copyOf(caches);
	}

	/**
	 * Which caches this instance uses.
	 * @return their ids now
	 */
	public Set<Integer> used() {
		return Set.copyOf(this.used);
	}

}
