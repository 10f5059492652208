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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Observes what a cache manager does. Called on psqache's own threads, or on the thread
 * of a caller: an implementation must be quick, thread-safe, and must not throw.
 */
public interface CacheMonitor {

	/**
	 * Observes nothing.
	 */
	CacheMonitor NONE = new CacheMonitor() {
	};

	/**
	 * An operation has its answer, and its caller is about to get it. Not called if the
	 * caller has cancelled the operation.
	 * @param kind what the operation does
	 * @param askedAt when it was asked, by {@link System#nanoTime()}
	 * @param failure why it failed, {@code null} if it did not
	 */
	default void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
	}

	/**
	 * A worker is about to execute operations that share a statement.
	 * @param kind what they do
	 * @param size their number
	 */
	default void batch(OperationKind kind, int size) {
	}

	/**
	 * A step of the sweeper has deleted entries of any application.
	 * @param expired the number of entries that had expired
	 * @param evicted the number of entries that were evicted for a bound
	 */
	default void swept(long expired, long evicted) {
	}

	/**
	 * An invalidation of another instance has dropped near entries.
	 * @param delay the time from the change, by the clock of the other instance
	 */
	default void invalidated(Duration delay) {
	}

	/**
	 * Combine monitors.
	 * @param monitors the monitors
	 * @return a monitor that calls each of them in turn
	 */
	static CacheMonitor of(Iterable<? extends CacheMonitor> monitors) {
		CacheMonitor combined = NONE;
		for (CacheMonitor monitor : monitors) {
			combined = (combined == NONE) ? monitor : new CombinedMonitor(combined, monitor);
		}
		return combined;
	}

}
