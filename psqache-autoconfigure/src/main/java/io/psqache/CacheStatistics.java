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

package io.psqache;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

import io.psqache.load.LoadStatistics;
import io.psqache.near.NearStatistics;
import io.psqache.engine.FailureCause;
import org.jspecify.annotations.Nullable;

/**
 * Counts of one cache in this instance of the application, since it was made.
 * Thread-safe; the counts only grow.
 */
public final class CacheStatistics {

	final LongAdder hits = new LongAdder();

	final LongAdder misses = new LongAdder();

	final LongAdder puts = new LongAdder();

	final LongAdder refused = new LongAdder();

	final LongAdder evictions = new LongAdder();

	private final LoadStatistics loading = new LoadStatistics();

	private final Map<Failure, LongAdder> failures = new ConcurrentHashMap<>();

	private final Collection<BiConsumer<CacheOperation, FailureCause>> newFailureListeners = new CopyOnWriteArrayList<>();

	private final @Nullable NearStatistics near;

	CacheStatistics(@Nullable NearStatistics near) {
		this.near = near;
	}

	/**
	 * Reads that found an entry, or a copy of one.
	 * @return their number
	 */
	public long hits() {
		return this.hits.sum() + ((this.near != null) ? this.near.hits() : 0);
	}

	/**
	 * Counts of the near cache.
	 * @return {@code null} if no copies are kept
	 */
	public @Nullable NearStatistics near() {
		return this.near;
	}

	/**
	 * Reads that found none, those that failed among them.
	 * @return their number
	 */
	public long misses() {
		return this.misses.sum();
	}

	/**
	 * Entries written.
	 * @return their number
	 */
	public long puts() {
		return this.puts.sum();
	}

	/**
	 * Values that were loaded after a miss and not written: because the entry was evicted
	 * or overwritten while they were loaded, or the cache cleared, or because it is not
	 * known (the read had failed, or the load took longer than tombstones are kept).
	 * @return their number
	 */
	public long refusedPuts() {
		return this.refused.sum();
	}

	/**
	 * Entries that the application removed by key.
	 * @return the number of successful calls, whether there was an entry or not
	 */
	public long evictions() {
		return this.evictions.sum();
	}

	/**
	 * How values were loaded.
	 * @return the live counts
	 */
	public LoadStatistics loading() {
		return this.loading;
	}

	/**
	 * Operations that failed.
	 * @param operation what was tried
	 * @param cause why it failed
	 * @return their number
	 */
	public long failures(CacheOperation operation, FailureCause cause) {
		LongAdder counter = this.failures.get(new Failure(operation, cause));
		return (counter != null) ? counter.sum() : 0;
	}

	/**
	 * Operations that failed, for whatever cause.
	 * @param operation what was tried
	 * @return their number
	 */
	public long failures(CacheOperation operation) {
		long sum = 0;
		for (FailureCause cause : FailureCause.values()) {
			sum += failures(operation, cause);
		}
		return sum;
	}

	/**
	 * Be told of each operation and cause that a failure is counted for, once; of those
	 * there were so far at once. A listener that is added while one of them first fails
	 * may be told of it twice.
	 * @param listener called with the operation and the cause, on the thread of the call
	 * that has failed
	 */
	public void addNewFailureListener(BiConsumer<CacheOperation, FailureCause> listener) {
		this.newFailureListeners.add(listener);
		this.failures.keySet().forEach((failure) -> listener.accept(failure.operation(), failure.cause()));
	}

	void failure(CacheOperation operation, FailureCause cause) {
		LongAdder made = new LongAdder();
		LongAdder earlier = this.failures.putIfAbsent(new Failure(operation, cause), made);
		((earlier != null) ? earlier : made).increment();
		if (earlier == null) {
			this.newFailureListeners.forEach((listener) -> listener.accept(operation, cause));
		}
	}

	private record Failure(CacheOperation operation, FailureCause cause) {

	}

}
