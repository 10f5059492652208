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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.StoreException;
import io.psqache.internal.engine.Call;
import io.psqache.internal.store.BulkAnswer;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.Entries;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Fence;
import io.psqache.internal.store.Lifetime;
import io.psqache.internal.store.NewEntry;
import io.psqache.internal.store.ReadAnswer;
import io.psqache.internal.store.StoredValue;
import io.psqache.internal.transaction.ChangeLog.Change;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes entries in a transaction. Reads return the transaction's own changes
 * before committed entries. Changes are collected. An answer that depends on changes is
 * computed before a method returns, because later changes must not affect it. Not
 * thread-safe: only the thread of the transaction uses it.
 */
final class TransactionEntries implements Entries {

	private final EntryStore committed;

	private final CacheTransaction transaction;

	TransactionEntries(EntryStore committed, CacheTransaction transaction) {
		this.committed = committed;
		this.transaction = transaction;
	}

	/**
	 * Compute an answer immediately. A failure of the store becomes the failure of the
	 * call.
	 */
	static <T> Call<T> found(Supplier<T> answer) {
		try {
			return Call.answered(answer.get());
		}
		catch (StoreException ex) {
			return (mode) -> CompletableFuture.failedFuture(ex);
		}
	}

	private @Nullable Change change(CacheHandle cache, String key) {
		return this.transaction.changes().change(cache, key);
	}

	private static ReadAnswer answer(Change change) {
		CollectedPut put = change.put();
		return ReadAnswer.of((put != null) ? put.entry().value() : null, null);
	}

	@Override
	public Call<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		Change change = change(cache, key);
		return (change != null) ? Call.answered(answer(change)) : this.committed.get(cache, key, timeToIdle);
	}

	@Override
	public Call<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return found(() -> {
			ReadAnswer answer = get(cache, key, timeToIdle).await();
			return (answer.present() != null) ? answer : ReadAnswer.of(null, this.transaction.fence(cache));
		});
	}

	@Override
	public Call<Fence> fence(CacheHandle cache) {
		return found(() -> this.transaction.fence(cache));
	}

	@Override
	public Call<BulkAnswer<ReadAnswer>> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		Map<String, ReadAnswer> answers = new LinkedHashMap<>();
		Set<String> others = new LinkedHashSet<>();
		for (String key : keys) {
			Change change = change(cache, key);
			if (change != null) {
				answers.put(key, answer(change));
			}
			else {
				others.add(key);
			}
		}
		if (answers.isEmpty()) {
			return this.committed.getAll(cache, keys, timeToIdle);
		}
		BulkAnswer<ReadAnswer> committedAnswers = this.committed.getAll(cache, others, timeToIdle).await();
		answers.putAll(committedAnswers.answers());
		return Call.answered(new BulkAnswer<>(answers, committedAnswers.failure()));
	}

	@Override
	public Call<Optional<Duration>> peek(CacheHandle cache, String key) {
		Change change = change(cache, key);
		if (change == null) {
			return this.committed.peek(cache, key);
		}
		return Call.answered(Optional.ofNullable(change.put()).map((put) -> put.entry().lifetime().unread()));
	}

	boolean isPresent(CacheHandle cache, String key) {
		return peek(cache, key).await().isPresent();
	}

	@Override
	public Call<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		this.transaction.change((changes) -> changes.put(cache, key, new CollectedPut(entry, PutListener.NONE)));
		return Call.answered(true);
	}

	@Override
	public Call<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return found(() -> {
			boolean absent = !isPresent(cache, key);
			if (absent) {
				put(cache, key, new NewEntry(value, lifetime));
			}
			return absent;
		});
	}

	@Override
	public Call<BulkAnswer<Boolean>> putAll(CacheHandle cache, Map<String, StoredValue> values,
			Supplier<Lifetime> lifetimes) {
		Map<String, Boolean> answers = new LinkedHashMap<>();
		values.forEach((key, value) -> {
			put(cache, key, new NewEntry(value, lifetimes.get()));
			answers.put(key, true);
		});
		return Call.answered(new BulkAnswer<>(answers, null));
	}

	@Override
	public Call<Boolean> evict(CacheHandle cache, String key) {
		this.transaction.change((changes) -> changes.evict(cache, key));
		return Call.answered(true);
	}

	@Override
	public Call<Boolean> evictIfPresent(CacheHandle cache, String key) {
		return found(() -> {
			try {
				return isPresent(cache, key);
			}
			finally {
				this.transaction.change((changes) -> changes.evict(cache, key));
			}
		});
	}

	@Override
	public Call<BulkAnswer<Boolean>> evictAll(CacheHandle cache, Set<String> keys) {
		Map<String, Boolean> answers = new LinkedHashMap<>();
		Map<String, ReadAnswer> present = getAll(cache, keys, null).await().answers();
		for (String key : keys) {
			ReadAnswer answer = present.get(key);
			answers.put(key, answer != null && answer.present() != null);
			this.transaction.change((changes) -> changes.evict(cache, key));
		}
		return Call.answered(new BulkAnswer<>(answers, null));
	}

	@Override
	public Call<Boolean> clear(CacheHandle cache) {
		this.transaction.change((changes) -> changes.clear(cache));
		return Call.answered(true);
	}

	@Override
	public Call<Boolean> invalidate(CacheHandle cache) {
		return found(() -> {
			try {
				return isAnyPresent(cache);
			}
			finally {
				this.transaction.change((changes) -> changes.clear(cache));
			}
		});
	}

	boolean isAnyPresent(CacheHandle cache) {
		CacheChanges changes = this.transaction.changes().of(cache);
		return !changes.puts().isEmpty()
				|| (!changes.cleared() && this.committed.isAnyPresent(cache, changes.evicted()).await());
	}

}
