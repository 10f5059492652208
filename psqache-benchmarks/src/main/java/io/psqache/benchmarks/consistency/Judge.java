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

package io.psqache.benchmarks.consistency;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Counts the reads that return an older version than one that was known to be committed
 * before they began. It knows nothing of caches. Thread-safe.
 */
final class Judge {

	private final LongSupplier clock;

	/**
	 * When each version of each row was first known to be committed. Later versions are
	 * greater.
	 */
	private final List<NavigableMap<Long, Long>> committed;

	private final Set<Long> rolledBackVersions = ConcurrentHashMap.newKeySet();

	private final LongAdder reads = new LongAdder();

	private final LongAdder stale = new LongAdder();

	private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

	private final LongAdder rolledBack = new LongAdder();

	private final LongAdder ownUnseen = new LongAdder();

	Judge(int items, LongSupplier clock) {
		this.clock = clock;
		this.committed = Stream.<NavigableMap<Long, Long>>generate(ConcurrentSkipListMap::new).limit(items).toList();
		this.committed.forEach((versions) -> versions.put(0L, clock.getAsLong()));
	}

	void committed(int item, long version) {
		this.committed.get(item).putIfAbsent(version, this.clock.getAsLong());
	}

	/**
	 * Record a version that was rolled back. No other row has the same.
	 */
	void rolledBack(long version) {
		this.rolledBackVersions.add(version);
	}

	/**
	 * Begin a read, or take the snapshot that it will use.
	 */
	Reading begin(int item) {
		long least = this.committed.get(item).lastKey();
		return new Reading(item, least, this.clock.getAsLong());
	}

	/**
	 * End a read.
	 * @param reading what was known when it began
	 * @param version what it returned
	 */
	void end(Reading reading, long version) {
		this.reads.increment();
		if (version < reading.least()) {
			this.stale.increment();
			long outdated = Collections.min(this.committed.get(reading.item()).tailMap(version, false).values());
			this.longest.accumulate(reading.begun() - outdated);
		}
		if (this.rolledBackVersions.contains(version)) {
			this.rolledBack.increment();
		}
	}

	/**
	 * End a read of a transaction that had changed the row itself.
	 * @param version what it returned
	 * @param own what the transaction had written
	 */
	void endOwn(long version, long own) {
		if (version != own) {
			this.ownUnseen.increment();
		}
	}

	long reads() {
		return this.reads.sum();
	}

	long stale() {
		return this.stale.sum();
	}

	/**
	 * The longest time in nanoseconds that a version had been outdated when a stale read
	 * of it began.
	 */
	long longestNanos() {
		return this.longest.get();
	}

	long rolledBack() {
		return this.rolledBack.sum();
	}

	long ownUnseen() {
		return this.ownUnseen.sum();
	}

	/**
	 * What was known when a read began.
	 *
	 * @param item the row
	 * @param least the last version committed
	 * @param begun the time
	 */
	record Reading(int item, long least, long begun) {
	}

}
