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
 * Thrown when PostgreSQL refuses to remove entries, so that the cache may hold
 * out-of-date values. Not thrown while PostgreSQL is slow or unavailable: such evictions
 * are repeated from the backlog.
 */
@SuppressWarnings("serial")
public class CacheEvictionException extends RuntimeException {

	private final FailureCause failureCause;

	/**
	 * Create an exception for one entry, or for all entries of a cache.
	 * @param cacheName the name of the cache
	 * @param operation the operation, {@code EVICT} or {@code CLEAR}
	 * @param cause why it failed
	 */
	public CacheEvictionException(String cacheName, CacheOperation operation, StoreException cause) {
		super(Sentences.join(
				"Cache '%s' could not %s: %s".formatted(cacheName,
						(operation == CacheOperation.CLEAR) ? "be cleared" : "evict an entry",
						cause.failureCause().description()),
				cause.failureCause().remedy(),
				"Its entries may be out of date until they expire (time-to-live). Repeat the call, "
						+ "or roll back the change that required it."),
				cause);
		this.failureCause = cause.failureCause();
	}

	/**
	 * Create an exception for several entries.
	 * @param cacheName the name of the cache
	 * @param evicted the number of keys whose eviction is confirmed
	 * @param asked the number of requested keys
	 * @param cause why it failed; the first failure if there were several
	 */
	public CacheEvictionException(String cacheName, int evicted, int asked, StoreException cause) {
		super(Sentences.join(
				"Cache '%s' confirmed the eviction of only %d of %d keys: %s".formatted(cacheName, evicted, asked,
						cause.getMessage()),
				cause.failureCause().remedy(),
				"The other entries may be out of date until they expire (time-to-live). Repeat the call, "
						+ "or roll back the change that required it."),
				cause);
		this.failureCause = cause.failureCause();
	}

	/**
	 * Return why the eviction failed.
	 * @return the cause, never {@code null}
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

}
