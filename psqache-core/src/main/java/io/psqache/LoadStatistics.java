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

/**
 * Counts of the loads of one cache in this instance of the application, since it was made
 * by callers with a loader. Thread-safe; the counts only grow.
 */
public interface LoadStatistics {

	/**
	 * Loaders that were called.
	 * @return their number
	 */
	long loads();

	/**
	 * Loaders that have failed after a miss, be it that callers got an old value or not.
	 * @return their number
	 */
	long failedLoads();

	/**
	 * Callers that got a {@code LoadTimeoutException}.
	 * @return their number
	 */
	long timeouts();

	/**
	 * Callers that missed and did not load: they got what another one loaded, in this
	 * instance or elsewhere.
	 * @return their number
	 */
	long sharedLoads();

	/**
	 * Loads for which this instance had to wait because another one had the lease.
	 * @return their number
	 */
	long leaseWaits();

	/**
	 * Entries that were refreshed before they expired.
	 * @return their number
	 */
	long refreshes();

	/**
	 * Attempts to do so that have failed: the old value stays until it expires.
	 * @return their number
	 */
	long failedRefreshes();

	/**
	 * Attempts to do so that were not made since all threads for it were busy: the next
	 * reader makes another one.
	 * @return their number
	 */
	long skippedRefreshes();

	/**
	 * Old values that callers got.
	 * @param reason why
	 * @return their number
	 */
	long staleServed(StaleReason reason);

}
