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

package io.psqache.internal.sweep;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

import io.psqache.internal.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Determines the transactions whose tombstones can be deleted: those that every valid
 * fence shows as committed. A snapshot that is older than the lifetime of a fence shows
 * exactly these. The horizon remembers {@value #MARKS} snapshots for each lifetime of a
 * fence. Until one of them is old enough, no tombstone can be deleted. Thread-safe.
 * <p>
 * The time at which a tombstone was written is not sufficient, because its transaction
 * may have committed much later.
 */
final class Horizon {

	/**
	 * The number of snapshots remembered for each lifetime of a fence.
	 */
	private static final int MARKS = 16;

	private final long age;

	private final Deque<Mark> marks = new ArrayDeque<>();

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Create a new instance.
	 * @param fenceLife the longest time for which a fence is valid
	 * @param timeout the longest duration of a put that began while its fence was valid
	 */
	Horizon(Duration fenceLife, Duration timeout) {
		this.age = fenceLife.plus(timeout).plus(Engine.GRACE).toNanos();
	}

	/**
	 * Remember a current snapshot, and find the latest one that is old enough.
	 * @param taken the current {@code pg_snapshot}
	 * @return a {@code pg_snapshot}, or {@code null} if none is old enough
	 */
	@Nullable String snapshotBefore(String taken) {
		long now = System.nanoTime();
		this.lock.lock();
		try {
			Mark last = this.marks.peekLast();
			if (last == null || now - last.takenBefore() >= this.age / MARKS) {
				this.marks.add(new Mark(taken, now));
			}
			Mark past = null;
			while (!this.marks.isEmpty() && now - this.marks.getFirst().takenBefore() >= this.age) {
				past = this.marks.removeFirst();
			}
			if (past != null) {
				this.marks.addFirst(past);
			}
			return (past != null) ? past.snapshot() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Mark(String snapshot, long takenBefore) {

	}

}
