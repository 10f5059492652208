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
 * Counters of one cache in this instance of the application, since the cache was created.
 * Thread-safe; the counters only increase.
 */
public interface CacheStatistics {

	/**
	 * Return the number of reads that found an entry or a near entry.
	 * @return the number of hits
	 */
	long hits();

	/**
	 * Return the counters of the near cache.
	 * @return the counters, or {@code null} if the cache has no near cache
	 */
	@Nullable NearStatistics near();

	/**
	 * Return the number of reads that found no entry, including failed reads.
	 * @return the number of misses
	 */
	long misses();

	/**
	 * Return the number of stored entries.
	 * @return the number of puts
	 */
	long puts();

	/**
	 * Return the number of values that were loaded after a miss and not stored. The entry
	 * was changed or the cache cleared during the load, or this is not known, because the
	 * read failed or the load exceeded the tombstone retention.
	 * @return the number of refused puts
	 */
	long refusedPuts();

	/**
	 * Return the number of evictions by key, whether an entry existed or not.
	 * @return the number of successful calls
	 */
	long evictions();

	/**
	 * Return the counters of loads.
	 * @return the live counters
	 */
	LoadStatistics loading();

	/**
	 * Return the number of failures of an operation with a cause.
	 * @param operation the operation
	 * @param cause the cause
	 * @return the number of failures
	 */
	long failures(CacheOperation operation, FailureCause cause);

	/**
	 * Return the number of failures of an operation.
	 * @param operation the operation
	 * @return the number of failures, with any cause
	 */
	long failures(CacheOperation operation);

	/**
	 * Register a listener for combinations of operation and cause that fail for the first
	 * time. The listener is called immediately for combinations that have failed before.
	 * It may be called twice for a combination that fails during the registration.
	 * @param listener called with the operation and the cause, on the thread of the
	 * failed call
	 */
	void addNewFailureListener(BiConsumer<CacheOperation, FailureCause> listener);

}
