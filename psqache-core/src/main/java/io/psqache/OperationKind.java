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
 * What the store is asked to do, as far as its figures are told apart.
 */
public enum OperationKind {

	/**
	 * Read an entry.
	 */
	GET,

	/**
	 * Read many entries: one portion of them.
	 */
	GET_ALL,

	/**
	 * Ask for the time that is left to an entry.
	 */
	PEEK,

	/**
	 * Prolong an entry that is kept as long as it is read.
	 */
	TOUCH,

	/**
	 * Write an entry.
	 */
	PUT,

	/**
	 * Write many entries: one portion of them.
	 */
	PUT_ALL,

	/**
	 * Write an entry unless there is one.
	 */
	PUT_IF_ABSENT,

	/**
	 * Remove an entry.
	 */
	EVICT,

	/**
	 * Remove many entries by their keys: one portion of them.
	 */
	EVICT_ALL,

	/**
	 * Remove all entries of a cache.
	 */
	CLEAR,

	/**
	 * Take, renew or give back the lease of a load.
	 */
	LOAD_LEASE,

	/**
	 * Delete what can be read no more: one portion of the table.
	 */
	SWEEP,

	/**
	 * Tell other instances of changes.
	 */
	ANNOUNCE,

	/**
	 * Ask for the state of the server.
	 */
	PROBE;

	/**
	 * Whether it only reads.
	 */
	public boolean isRead() {
		return this == GET || this == GET_ALL || this == PEEK;
	}

	/**
	 * Whether it is asked on behalf of the application, so that its failures tell how the
	 * application fares. A step of the sweeper may well take too long.
	 */
	public boolean isOfTheApplication() {
		return this != SWEEP && this != PROBE;
	}

}
