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
 * Observes the operations of a cache manager. Methods are called on psqache's threads or
 * on the caller's thread. Implementations must be fast and thread-safe, and must not
 * throw.
 */
public interface CacheMonitor {

	/**
	 * A monitor that does nothing.
	 */
	CacheMonitor NONE = new CacheMonitor() {
	};

	/**
	 * Called when an operation has completed, before its caller continues. Not called if
	 * the caller has cancelled the operation.
	 * @param kind the kind of operation
	 * @param askedAt when it was requested, by {@link System#nanoTime()}
	 * @param failure why it failed, or {@code null} if it succeeded
	 */
	default void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
	}

	/**
	 * Called before a worker executes a batch of operations.
	 * @param kind the kind of the operations
	 * @param size the number of operations
	 */
	default void batch(OperationKind kind, int size) {
	}

	/**
	 * Called after the sweeper has deleted entries, which may belong to any application.
	 * @param expired the number of expired entries
	 * @param evicted the number of entries that were evicted to keep a bound
	 */
	default void swept(long expired, long evicted) {
	}

	/**
	 * Called when an invalidation of a peer has dropped near entries.
	 * @param delay the time since the change, by the clock of the peer
	 */
	default void invalidated(Duration delay) {
	}

	/**
	 * Combine several monitors.
	 * @param monitors the monitors
	 * @return a monitor that calls each of them in order
	 */
	static CacheMonitor of(Iterable<? extends CacheMonitor> monitors) {
		CacheMonitor combined = NONE;
		for (CacheMonitor monitor : monitors) {
			combined = (combined == NONE) ? monitor : new CombinedMonitor(combined, monitor);
		}
		return combined;
	}

}
