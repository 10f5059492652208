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
 * The operations of a cache for which failures are counted separately.
 */
public enum CacheOperation {

	/**
	 * A read. A failed read is a miss.
	 */
	GET,

	/**
	 * A write. If it fails, the value is not cached.
	 */
	PUT,

	/**
	 * The eviction of one entry. If PostgreSQL refuses it, the caller receives an
	 * exception.
	 */
	EVICT,

	/**
	 * The clearing of a cache. If PostgreSQL refuses it, the caller receives an
	 * exception.
	 */
	CLEAR,

	/**
	 * The lease of a load. If it fails, the value is loaded without a lease.
	 */
	LOAD

}
