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

package io.psqache.internal.transaction;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.psqache.StoreException;
import io.psqache.internal.store.CacheHandle;

/**
 * Calls the {@link CommitListener} of each changed cache and drops near entries of this
 * instance. Thread-safe.
 */
final class CommitListeners {

	private final ConcurrentMap<CacheHandle, CommitListener> listeners = new ConcurrentHashMap<>();

	void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.put(cache, listener);
	}

	/**
	 * A transaction was committed.
	 */
	void committed(List<CacheChanges> changes) {
		changes.forEach((change) -> {
			change.dropNearEntries();
			CommitListener listener = this.listeners.get(change.cache());
			if (listener != null) {
				listener.committed(change);
			}
		});
	}

	/**
	 * It is unknown whether a transaction was committed.
	 */
	void inDoubt(List<CacheChanges> changes) {
		committed(changes);
		changes.forEach(CacheChanges::dropUncertain);
	}

	/**
	 * Evictions could not be written.
	 */
	void lost(List<CacheChanges> evictions, StoreException failure) {
		evictions.forEach((eviction) -> {
			CommitListener listener = this.listeners.get(eviction.cache());
			if (listener != null) {
				listener.lost(failure);
			}
		});
	}

}
