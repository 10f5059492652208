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
 * Counters of the loads of one cache in this instance of the application, since the cache
 * was created. Thread-safe; the counters only increase.
 */
public interface LoadStatistics {

	/**
	 * Return the number of loader calls.
	 * @return the number of loads
	 */
	long loads();

	/**
	 * Return the number of loads after a miss that failed, whether callers received an
	 * expired value or not.
	 * @return the number of failed loads
	 */
	long failedLoads();

	/**
	 * Return the number of calls that ended with a {@link LoadTimeoutException}.
	 * @return the number of timeouts
	 */
	long timeouts();

	/**
	 * Return the number of misses that were answered with a value of another load, in
	 * this instance or in a peer.
	 * @return the number of shared loads
	 */
	long sharedLoads();

	/**
	 * Return the number of loads that waited because a peer held the lease.
	 * @return the number of waits
	 */
	long leaseWaits();

	/**
	 * Return the number of entries that were refreshed before they expired.
	 * @return the number of refreshes
	 */
	long refreshes();

	/**
	 * Return the number of failed refreshes. The stale value stays until it expires.
	 * @return the number of failed refreshes
	 */
	long failedRefreshes();

	/**
	 * Return the number of refreshes that were skipped because all refresh threads were
	 * busy. A later read tries again.
	 * @return the number of skipped refreshes
	 */
	long skippedRefreshes();

	/**
	 * Return the number of reads that were answered with a stale or expired value.
	 * @param reason the reason
	 * @return the number of reads
	 */
	long staleServed(StaleReason reason);

}
