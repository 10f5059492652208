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
 * What becomes of the failures of one cache: all are counted, and those that no caller is
 * told of are logged. Thread-safe.
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
	 * Go on as if nothing had been asked.
	 */
	void tolerate(CacheOperation operation, Throwable failure) {
		StoreException exception = storeException(failure);
		this.statistics.failure(operation, exception.failureCause());
		if (exception.failureCause() != FailureCause.SUSPENDED) { // it was logged why
			this.log.add(operation, this.cacheName, exception);
		}
	}

	/**
	 * Whether what failed is worth repeating until it succeeds.
	 */
	static boolean isTransient(Throwable failure) {
		return storeException(failure).failureCause().isTransient();
	}

	/**
	 * Log the failure of a removal, which was counted, and whose caller does not wait.
	 */
	void log(CacheOperation operation, Throwable failure) {
		Throwable thrown = CallMode.cause(failure);
		this.log.add(operation, this.cacheName, storeException(
				(thrown instanceof CacheEvictionException ex && ex.getCause() != null) ? ex.getCause() : thrown));
	}

	/**
	 * Whether what failed was the read of an entry that has no readable value.
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
	 * Tell what becomes of the changes that a transaction makes.
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
	 * The failure of a removal, to be thrown.
	 */
	CacheEvictionException evictionFailed(CacheOperation operation, Throwable failure) {
		StoreException exception = storeException(failure);
		this.statistics.failure(operation, exception.failureCause());
		return new CacheEvictionException(this.cacheName, operation, exception);
	}

	/**
	 * The failure of a removal by many keys, to be thrown.
	 */
	CacheEvictionException evictionFailed(int done, int asked, StoreException failure) {
		this.statistics.failure(CacheOperation.EVICT, failure.failureCause());
		return new CacheEvictionException(this.cacheName, done, asked, failure);
	}

	/**
	 * The failure of a write of many entries, to be thrown.
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
