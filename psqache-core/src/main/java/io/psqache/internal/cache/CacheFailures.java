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

package io.psqache.internal.cache;

import java.time.Duration;

import io.psqache.CacheEvictionException;
import io.psqache.CacheOperation;
import io.psqache.CacheWriteException;
import io.psqache.FailureCause;
import io.psqache.LoadTimeoutException;
import io.psqache.StoreException;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.LoadContext;
import io.psqache.internal.load.LoadFailures;
import io.psqache.internal.transaction.CacheChanges;
import io.psqache.internal.transaction.CommitListener;

/**
 * Handles the failures of one cache. Counts all failures and logs those that are not
 * thrown to a caller. Thread-safe.
 */
public final class CacheFailures implements LoadFailures {

	private final String cacheName;

	private final CacheCounters statistics;

	private final FailureLog log;

	public CacheFailures(String cacheName, CacheCounters statistics, FailureLog log) {
		this.cacheName = cacheName;
		this.statistics = statistics;
		this.log = log;
	}

	/**
	 * Count and log a failure that the caller does not receive.
	 */
	void tolerate(CacheOperation operation, Throwable failure) {
		StoreException exception = storeException(failure);
		this.statistics.failure(operation, exception.failureCause());
		if (exception.failureCause() != FailureCause.SUSPENDED) { // already logged
			this.log.add(operation, this.cacheName, exception);
		}
	}

	/**
	 * Return whether a failed operation can succeed when repeated.
	 */
	static boolean isTransient(Throwable failure) {
		return storeException(failure).failureCause().isTransient();
	}

	/**
	 * Log the failure of an eviction that is already counted and whose caller does not
	 * wait.
	 */
	void log(CacheOperation operation, Throwable failure) {
		Throwable thrown = CallMode.cause(failure);
		this.log.add(operation, this.cacheName, storeException(
				(thrown instanceof CacheEvictionException ex && ex.getCause() != null) ? ex.getCause() : thrown));
	}

	/**
	 * Return whether a read failed because the value of the entry cannot be decoded.
	 */
	static boolean isUnreadable(Throwable failure) {
		return storeException(failure).failureCause() == FailureCause.UNREADABLE;
	}

	@Override
	public void leaseFailed(Throwable failure) {
		tolerate(CacheOperation.LOAD, failure);
	}

	@Override
	public void refreshFailed(Throwable failure) {
		this.log.addLoad(this.cacheName, failure, "The stale value stays until it expires.");
	}

	@Override
	public void loadFailed(Throwable failure) {
		this.log.addLoad(this.cacheName, failure, "Its callers receive the expired value.");
	}

	@Override
	public RuntimeException timedOut(Duration limit) {
		return new LoadTimeoutException(this.cacheName, limit);
	}

	/**
	 * Create the listener for transactions that change the cache.
	 */
	public CommitListener commitListener(LoadContext loading) {
		return new CommitListener() {

			@Override
			public void committed(CacheChanges changes) {
				if (changes.cleared()) {
					loading.forgetAll();
				}
				changes.evicted().forEach(loading::forget);
			}

			@Override
			public void lost(StoreException failure) {
				tolerate(CacheOperation.EVICT, failure);
			}

		};
	}

	/**
	 * Count the failure of an eviction and return the exception to throw.
	 */
	CacheEvictionException evictionFailed(CacheOperation operation, Throwable failure) {
		StoreException exception = storeException(failure);
		this.statistics.failure(operation, exception.failureCause());
		return new CacheEvictionException(this.cacheName, operation, exception);
	}

	/**
	 * Count the failure of an eviction of several keys and return the exception to throw.
	 */
	CacheEvictionException evictionFailed(int done, int asked, StoreException failure) {
		this.statistics.failure(CacheOperation.EVICT, failure.failureCause());
		return new CacheEvictionException(this.cacheName, done, asked, failure);
	}

	/**
	 * Count the failure of a write of several entries and return the exception to throw.
	 */
	CacheWriteException writeFailed(int done, int asked, StoreException failure) {
		this.statistics.failure(CacheOperation.PUT, failure.failureCause());
		return new CacheWriteException(this.cacheName, done, asked, failure);
	}

	private static StoreException storeException(Throwable failure) {
		Throwable cause = CallMode.cause(failure);
		return (cause instanceof StoreException exception) ? exception : new StoreException(FailureCause.OTHER, cause);
	}

}
