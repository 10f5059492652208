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
 * Determines which callers share one load of a key. Applies to callers with a loader:
 * {@code @Cacheable(sync = true)} and {@code get} with a loader. Callers in a transaction
 * that the cache takes part in do not share loads.
 */
public enum SingleFlightScope {

	/**
	 * Each caller loads.
	 */
	NONE,

	/**
	 * Callers of the same instance share a load. A caller that has waited for 30 seconds
	 * loads by itself. Callers without a loader that miss the key during a load of
	 * another such caller wait up to 250 milliseconds for its value.
	 */
	LOCAL,

	/**
	 * As {@link #LOCAL}, and callers of all instances share a load. Only the instance
	 * that holds the lease of the key loads; the others wait until the value is stored.
	 * If it is not stored, a waiting instance loads when it acquires the lease, or after
	 * 30 seconds. If PostgreSQL does not answer, each instance loads. Only the instance
	 * with the lease refreshes a stale entry.
	 */
	CLUSTER

}
