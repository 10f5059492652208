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
 * The kinds of operations that the metrics distinguish.
 */
public enum OperationKind {

	/**
	 * Read an entry.
	 */
	GET,

	/**
	 * Read several entries, in portions.
	 */
	GET_ALL,

	/**
	 * Read the remaining lifetime of an entry.
	 */
	PEEK,

	/**
	 * Extend the lifetime of an entry with a time-to-idle.
	 */
	TOUCH,

	/**
	 * Write an entry.
	 */
	PUT,

	/**
	 * Write several entries, in portions.
	 */
	PUT_ALL,

	/**
	 * Write an entry unless one exists.
	 */
	PUT_IF_ABSENT,

	/**
	 * Evict an entry.
	 */
	EVICT,

	/**
	 * Evict several entries, in portions.
	 */
	EVICT_ALL,

	/**
	 * Clear a cache.
	 */
	CLEAR,

	/**
	 * Acquire, renew or release the lease of a load.
	 */
	LOAD_LEASE,

	/**
	 * Delete entries that can no longer be read, in portions of the table.
	 */
	SWEEP,

	/**
	 * Publish invalidations to peers.
	 */
	ANNOUNCE,

	/**
	 * Read the state of the server.
	 */
	PROBE;

	/**
	 * Return whether the operation only reads.
	 */
	public boolean isRead() {
		return this == GET || this == GET_ALL || this == PEEK;
	}

	/**
	 * Return whether the outcome of the operation counts for the circuit breaker. A sweep
	 * does not count, because its steps may exceed the timeout. A probe does not count,
	 * because the circuit breaker always admits it.
	 */
	public boolean isOfTheApplication() {
		return this != SWEEP && this != PROBE;
	}

}
