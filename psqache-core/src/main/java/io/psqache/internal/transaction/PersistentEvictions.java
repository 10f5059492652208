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

import java.util.function.Supplier;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Call;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.transaction.ChangeLog.Change;

/**
 * Executes evictions within a transaction that persist irrespective of its outcome:
 * <ol>
 * <li>The cache's own connection evicts immediately. It does not wait for locks, because
 * the transaction itself may hold them: the trigger of a watched table has evicted the
 * same entry.</li>
 * <li>The eviction is also a change of the transaction, because until the commit other
 * callers may load values that it makes out of date.</li>
 * <li>After a rollback the cache's own connection evicts again, because the first attempt
 * may have failed on a lock.</li>
 * </ol>
 * Not thread-safe: only the thread of the transaction uses it.
 */
final class PersistentEvictions {

	private final EntryStore committed;

	private final CacheTransaction transaction;

	private final TransactionEntries entries;

	PersistentEvictions(EntryStore committed, CacheTransaction transaction) {
		this.committed = committed;
		this.transaction = transaction;
		this.entries = new TransactionEntries(committed, transaction);
	}

	/**
	 * Evict an entry.
	 * @return whether the entry existed in the view of the transaction
	 */
	Call<Boolean> evict(CacheHandle cache, String key) {
		return TransactionEntries.found(() -> {
			try {
				Change change = this.transaction.changes().change(cache, key);
				boolean evicted = unlessLocked(this.committed.evictUnlessLocked(cache, key),
						() -> this.entries.isPresent(cache, key));
				return (change != null) ? change.put() != null : evicted;
			}
			finally {
				this.transaction.change((changes) -> changes.evictForGood(cache, key));
			}
		});
	}

	/**
	 * Clear a cache. The row of the cache is changed immediately only if the transaction
	 * can still change it afterwards.
	 * @return whether an entry existed in the view of the transaction
	 */
	Call<Boolean> clear(CacheHandle cache) {
		return TransactionEntries.found(() -> {
			try {
				boolean present = this.entries.isAnyPresent(cache);
				if (this.transaction.admitsOtherClears()) {
					unlessLocked(this.committed.invalidateUnlessLocked(cache), () -> present);
				}
				return present;
			}
			finally {
				this.transaction.change((changes) -> changes.evictForGood(cache, null));
			}
		});
	}

	private static boolean unlessLocked(Call<Boolean> eviction, Supplier<Boolean> otherwise) {
		try {
			return eviction.await();
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.LOCKED) {
				throw ex;
			}
			return otherwise.get();
		}
	}

}
