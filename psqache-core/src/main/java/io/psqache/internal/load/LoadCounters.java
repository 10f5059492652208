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

package io.psqache.internal.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.LoadStatistics;
import io.psqache.StaleReason;

/**
 * Counts the loads of one cache in this instance. Loads by callers without a loader count
 * only as refreshes. Thread-safe; the counters only increase.
 */
public final class LoadCounters implements LoadStatistics {

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
	 * Create counters that are all 0.
	 */
	public LoadCounters() {
		for (StaleReason reason : StaleReason.values()) {
			this.stale.put(reason, new LongAdder());
		}
	}

	@Override
	public long loads() {
		return this.loads.sum();
	}

	@Override
	public long failedLoads() {
		return this.failed.sum();
	}

	@Override
	public long timeouts() {
		return this.timeouts.sum();
	}

	@Override
	public long sharedLoads() {
		return this.shared.sum();
	}

	@Override
	public long leaseWaits() {
		return this.waits.sum();
	}

	@Override
	public long refreshes() {
		return this.refreshes.sum();
	}

	@Override
	public long failedRefreshes() {
		return this.failedRefreshes.sum();
	}

	@Override
	public long skippedRefreshes() {
		return this.skippedRefreshes.sum();
	}

	@Override
	public long staleServed(StaleReason reason) {
		return counter(reason).sum();
	}

	void stale(StaleReason reason) {
		counter(reason).increment();
	}

	@SuppressWarnings("NullAway") // the constructor adds a counter for each reason
	private LongAdder counter(StaleReason reason) {
		return this.stale.get(reason);
	}

}
