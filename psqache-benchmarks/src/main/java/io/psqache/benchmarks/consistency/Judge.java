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
 * Counts the reads that return an older version than one that was known as committed
 * before they began. The judge is independent of the caches. Thread-safe.
 */
final class Judge {

	private final LongSupplier clock;

	/**
	 * The times at which each version of each row was first known as committed. Later
	 * versions are greater.
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
	 * Record a version that was rolled back. Each version occurs in only one row.
	 */
	void rolledBack(long version) {
		this.rolledBackVersions.add(version);
	}

	/**
	 * Begin a read, or take the snapshot for it.
	 */
	Reading begin(int item) {
		long least = this.committed.get(item).lastKey();
		return new Reading(item, least, this.clock.getAsLong());
	}

	/**
	 * End a read.
	 * @param reading the state at its begin
	 * @param version the returned version
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
	 * End a read in a transaction that changed the row.
	 * @param version the returned version
	 * @param own the version that the transaction wrote
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
	 * Return the maximum time in nanoseconds for which a version was outdated when a
	 * stale read of it began.
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
	 * The state at the begin of a read.
	 *
	 * @param item the row
	 * @param least the last committed version
	 * @param begun the time
	 */
	record Reading(int item, long least, long begun) {
	}

}
