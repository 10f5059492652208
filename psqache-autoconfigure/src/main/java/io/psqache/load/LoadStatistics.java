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

package io.psqache.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of the loads of one cache in this instance of the application, since it was made
 * by callers with a loader. Thread-safe; the counts only grow.
 */
public final class LoadStatistics {

	final LongAdder loads = new LongAdder();

	final LongAdder failed = new LongAdder();

	final LongAdder timeouts = new LongAdder();

	final LongAdder shared = new LongAdder();

	final LongAdder waits = new LongAdder();

	final LongAdder refreshes = new LongAdder();

	final LongAdder failedRefreshes = new LongAdder();

	final LongAdder skippedRefreshes = new LongAdder();

	private final Map<StaleReason, LongAdder> stale = new EnumMap<>(StaleReason.class);

	/**
	 * Create it, with nothing counted yet.
	 */
	public LoadStatistics() {
		for (StaleReason reason : StaleReason.values()) {
			this.stale.put(reason, new LongAdder());
		}
	}

	/**
	 * Loaders that were called.
	 * @return their number
	 */
	public long loads() {
		return this.loads.sum();
	}

	/**
	 * Loaders that have failed after a miss, be it that callers got an old value or not.
	 * @return their number
	 */
	public long failedLoads() {
		return this.failed.sum();
	}

	/**
	 * Callers that got a {@code LoadTimeoutException}.
	 * @return their number
	 */
	public long timeouts() {
		return this.timeouts.sum();
	}

	/**
	 * Callers that missed and did not load: they got what another one loaded, in this
	 * instance or elsewhere.
	 * @return their number
	 */
	public long sharedLoads() {
		return this.shared.sum();
	}

	/**
	 * Loads for which this instance had to wait because another one had the lease.
	 * @return their number
	 */
	public long leaseWaits() {
		return this.waits.sum();
	}

	/**
	 * Entries that were refreshed before they expired.
	 * @return their number
	 */
	public long refreshes() {
		return this.refreshes.sum();
	}

	/**
	 * Attempts to do so that have failed: the old value stays until it expires.
	 * @return their number
	 */
	public long failedRefreshes() {
		return this.failedRefreshes.sum();
	}

	/**
	 * Attempts to do so that were not made since all threads for it were busy: the next
	 * reader makes another one.
	 * @return their number
	 */
	public long skippedRefreshes() {
		return this.skippedRefreshes.sum();
	}

	/**
	 * Old values that callers got.
	 * @param reason why
	 * @return their number
	 */
	public long staleServed(StaleReason reason) {
		return counter(reason).sum();
	}

	void stale(StaleReason reason) {
		counter(reason).increment();
	}

	@SuppressWarnings("NullAway") // every reason has its counter
	private LongAdder counter(StaleReason reason) {
		return this.stale.get(reason);
	}

}
