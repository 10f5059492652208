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

import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Counts of one cache in this instance of the application, since it was made.
 * Thread-safe; the counts only grow.
 */
public interface CacheStatistics {

	/**
	 * Reads that found an entry, or a copy of one.
	 * @return their number
	 */
	long hits();

	/**
	 * Counts of the near cache.
	 * @return {@code null} if no copies are kept
	 */
	@Nullable NearStatistics near();

	/**
	 * Reads that found none, those that failed among them.
	 * @return their number
	 */
	long misses();

	/**
	 * Entries written.
	 * @return their number
	 */
	long puts();

	/**
	 * Values that were loaded after a miss and not written: because the entry was evicted
	 * or overwritten while they were loaded, or the cache cleared, or because it is not
	 * known (the read had failed, or the load took longer than tombstones are kept).
	 * @return their number
	 */
	long refusedPuts();

	/**
	 * Entries that the application removed by key.
	 * @return the number of successful calls, whether there was an entry or not
	 */
	long evictions();

	/**
	 * How values were loaded.
	 * @return the live counts
	 */
	LoadStatistics loading();

	/**
	 * Operations that failed.
	 * @param operation what was tried
	 * @param cause why it failed
	 * @return their number
	 */
	long failures(CacheOperation operation, FailureCause cause);

	/**
	 * Operations that failed, for whatever cause.
	 * @param operation what was tried
	 * @return their number
	 */
	long failures(CacheOperation operation);

	/**
	 * Be told of each operation and cause that a failure is counted for, once; of those
	 * there were so far at once. A listener that is added while one of them first fails
	 * may be told of it twice.
	 * @param listener called with the operation and the cause, on the thread of the call
	 * that has failed
	 */
	void addNewFailureListener(BiConsumer<CacheOperation, FailureCause> listener);

}
