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
 * PostgreSQL refused to remove entries, so that the cache may now hold what is no longer
 * true. Not thrown while PostgreSQL is slow or gone: then the removal is remembered.
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
		super(("Cache '%s' could not %s: %s. %s Its entries may be out of date until they expire (time-to-live). Repeat the call, "
				+ "or roll back the change that required it.")
			.formatted(cacheName, (operation == CacheOperation.CLEAR) ? "be cleared" : "evict an entry",
					cause.failureCause().description(), cause.failureCause().remedy()),
				cause);
		this.failureCause = cause.failureCause();
	}

	/**
	 * Create an exception for many entries.
	 * @param cacheName the name of the cache
	 * @param evicted the number of keys that are known to be evicted
	 * @param asked the number of keys that were to be evicted
	 * @param cause why it failed; the first failure if there were several
	 */
	public CacheEvictionException(String cacheName, int evicted, int asked, StoreException cause) {
		super(("Cache '%s' confirmed the eviction of only %d of %d keys: %s. %s The other entries may be out of date until they expire (time-to-live). Repeat the "
				+ "call, or roll back the change that required it.")
			.formatted(cacheName, evicted, asked, cause.getMessage(), cause.failureCause().remedy()), cause);
		this.failureCause = cause.failureCause();
	}

	/**
	 * Why it failed.
	 * @return the cause, never {@code null}
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

}
