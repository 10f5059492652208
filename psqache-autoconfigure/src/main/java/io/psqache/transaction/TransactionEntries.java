package io.psqache.transaction;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.psqache.store.Bulk;
import io.psqache.store.CacheHandle;
import io.psqache.store.Entries;
import io.psqache.store.EntryStore;
import io.psqache.store.Fence;
import io.psqache.store.Lifetime;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.engine.StoreException;
import io.psqache.store.StoredValue;
import io.psqache.store.TransactionSupport;
import io.psqache.transaction.PendingChanges.Change;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction sees: what it has changed itself, and what else is committed. Its
 * changes are collected. What has to be found out for an answer is found out before a
 * method returns, since what comes later in the transaction must not change it. Not
 * thread-safe: a transaction has one thread.
 */
final class TransactionEntries implements Entries {

	/**
	 * Nobody is to be told.
	 */
	private static final PutListener NOBODY = new PutListener() {

		@Override
		public void stored() {
		}

		@Override
		public void refused() {
		}

		@Override
		public void failed(StoreException failure) {
		}

	};

	private final EntryStore committed;

	private final TransactionSupport support;

	private final CacheTransaction transaction;

	TransactionEntries(EntryStore committed, CacheTransaction transaction) {
		this.committed = committed;
		this.support = committed.transactionSupport();
		this.transaction = transaction;
	}

	private @Nullable Change pending(CacheHandle cache, String key) {
		return this.transaction.changes().change(cache, key);
	}

	private static ReadAnswer answer(Change change) {
		NewEntry entry = change.entry();
		return new ReadAnswer((entry != null) ? entry.value() : null, null);
	}

	@Override
	public Request<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		Change pending = pending(cache, key);
		return (pending != null) ? this.support.answered(() -> answer(pending))
				: this.committed.get(cache, key, timeToIdle);
	}

	@Override
	public Request<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return this.support.answered(() -> {
			ReadAnswer answer = get(cache, key, timeToIdle).await();
			return (answer.present() != null) ? answer : new ReadAnswer(null, this.transaction.fence(cache));
		});
	}

	@Override
	public Request<Fence> fence(CacheHandle cache) {
		return this.support.answered(() -> this.transaction.fence(cache));
	}

	@Override
	public Bulk<ReadAnswer> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		Map<String, ReadAnswer> answers = new LinkedHashMap<>();
		Set<String> others = new LinkedHashSet<>();
		for (String key : keys) {
			Change pending = pending(cache, key);
			if (pending != null) {
				answers.put(key, answer(pending));
			}
			else {
				others.add(key);
			}
		}
		if (answers.isEmpty()) {
			return this.committed.getAll(cache, keys, timeToIdle);
		}
		answers.putAll(this.committed.getAll(cache, others, timeToIdle).await().answers());
		return this.support.answered(cache, answers);
	}

	@Override
	public Request<Optional<Duration>> peek(CacheHandle cache, String key) {
		Change pending = pending(cache, key);
		if (pending == null) {
			return this.committed.peek(cache, key);
		}
		NewEntry entry = pending.entry();
		return this.support
			.answered(() -> (entry != null) ? Optional.of(entry.lifetime().unread()) : Optional.<Duration>empty());
	}

	private boolean isPresent(CacheHandle cache, String key) {
		return peek(cache, key).await().isPresent();
	}

	@Override
	public Request<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		return this.support.answered(() -> {
			this.transaction.put(cache, key, entry, NOBODY);
			return true;
		});
	}

	@Override
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return this.support.answered(() -> {
			if (isPresent(cache, key)) {
				return false;
			}
			this.transaction.put(cache, key, new NewEntry(value, lifetime), NOBODY);
			return true;
		});
	}

	@Override
	public Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		Map<String, Boolean> answers = new LinkedHashMap<>();
		values.forEach((key, value) -> {
			this.transaction.put(cache, key, new NewEntry(value, lifetimes.get()), NOBODY);
			answers.put(key, true);
		});
		return this.support.answered(cache, answers);
	}

	@Override
	public Request<Boolean> evict(CacheHandle cache, String key) {
		return this.support.answered(() -> {
			this.transaction.evict(cache, key);
			return true;
		});
	}

	@Override
	public Request<Boolean> evictIfPresent(CacheHandle cache, String key) {
		return this.support.answered(() -> {
			try {
				return isPresent(cache, key);
			}
			finally {
				this.transaction.evict(cache, key);
			}
		});
	}

	@Override
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys) {
		Map<String, Boolean> answers = new LinkedHashMap<>();
		Map<String, ReadAnswer> present = getAll(cache, keys, null).await().answers();
		for (String key : keys) {
			ReadAnswer answer = present.get(key);
			answers.put(key, answer != null && answer.present() != null);
			this.transaction.evict(cache, key);
		}
		return this.support.answered(cache, answers);
	}

	@Override
	public Request<Boolean> clear(CacheHandle cache) {
		return this.support.answered(() -> {
			this.transaction.clear(cache);
			return true;
		});
	}

	@Override
	public Request<Boolean> invalidate(CacheHandle cache) {
		return this.support.answered(() -> {
			try {
				return isAnyPresent(cache);
			}
			finally {
				this.transaction.clear(cache);
			}
		});
	}

	private boolean isAnyPresent(CacheHandle cache) {
		PendingChanges changes = this.transaction.changes();
		return changes.hasEntry(cache) || (!changes.isCleared(cache)
				&& this.support.isAnyPresent(cache, Set.copyOf(changes.keys(cache))).await());
	}

}
