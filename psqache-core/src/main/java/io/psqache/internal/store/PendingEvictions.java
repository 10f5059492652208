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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The evictions of one cache that the database has not done and this instance of the
 * application must not forget:
 * <ol>
 * <li>A pending eviction counts as done: a read finds no entry.</li>
 * <li>{@link EvictionBacklog} takes the evictions as a portion, has the database do them,
 * and settles what was done. What comes meanwhile goes into the next portion.</li>
 * <li>Past {@value #MAX_KEYS} keys it is the whole cache that is to be cleared.</li>
 * </ol>
 * Thread-safe.
 */
final class PendingEvictions {

	static final int MAX_KEYS = 10_000;

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * A reader looks here first: what moves to {@link #taken} is there before it is gone
	 * from here.
	 */
	private volatile Portion waiting = new Portion();

	private volatile Portion taken = new Portion();

	boolean contains(String key) {
		return this.waiting.contains(key) || this.taken.contains(key);
	}

	boolean isEmpty() {
		return this.waiting.isEmpty() && this.taken.isEmpty();
	}

	/**
	 * How many there are, a clear counting as one.
	 */
	long size() {
		Portion waiting = this.waiting;
		return waiting.isAll() ? 1 : waiting.size() + this.taken.size();
	}

	void add(String key) {
		locked(() -> this.waiting.add(key));
	}

	void addAll() {
		locked(() -> this.waiting.addAll()); // which portion it is the lock decides
	}

	/**
	 * Take what is pending, that of an earlier portion included if it was not settled.
	 * @return the portion, which changes only as it is settled
	 */
	Portion take() {
		locked(() -> {
			Portion next = new Portion();
			next.add(this.taken);
			next.add(this.waiting);
			this.taken = next;
			this.waiting = new Portion();
		});
		return this.taken;
	}

	private void locked(Runnable change) {
		this.lock.lock();
		try {
			change.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Some of what is pending.
	 */
	static final class Portion {

		private final Set<String> keys = ConcurrentHashMap.newKeySet();

		private volatile boolean all;

		boolean isAll() {
			return this.all;
		}

		Set<String> keys() {
			return Set.copyOf(this.keys);
		}

		/**
		 * These were evicted.
		 */
		void settle(Set<String> evicted) {
			this.keys.removeAll(evicted);
		}

		/**
		 * The cache was cleared.
		 */
		void settleAll() {
			this.keys.clear();
			this.all = false;
		}

		boolean isEmpty() {
			return !this.all && this.keys.isEmpty();
		}

		private boolean contains(String key) {
			return this.all || (!this.keys.isEmpty() && this.keys.contains(key));
		}

		private long size() {
			return this.all ? 1 : this.keys.size();
		}

		private void add(String key) {
			if (!this.all) {
				this.keys.add(key);
				if (this.keys.size() > MAX_KEYS) {
					addAll();
				}
			}
		}

		private void add(Portion other) {
			if (other.all) {
				addAll();
			}
			else {
				other.keys.forEach(this::add);
			}
		}

		private void addAll() {
			this.all = true;
			this.keys.clear();
		}

	}

}
