package io.psqache.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import io.psqache.store.BulkAnswer;
import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.FailureCause;
import io.psqache.store.Fence;
import io.psqache.store.PutListener;
import io.psqache.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the changes of transactions: the one place where it is known what goes out with
 * a commit. Thread-safe.
 */
final class ChangeWriter {

	private final EntryStore store;

	private final boolean evictionsRequired;

	private final ConcurrentMap<CacheHandle, CommitListener> listeners = new ConcurrentHashMap<>();

	ChangeWriter(EntryStore store, boolean evictionsRequired) {
		this.store = store;
		this.evictionsRequired = evictionsRequired;
	}

	void listen(CacheHandle cache, CommitListener listener) {
		this.listeners.put(cache, listener);
	}

	Fence fence(CacheHandle cache) {
		return this.store.fence(cache).await();
	}

	/**
	 * What the transaction itself can see.
	 */
	Fence fenceWithin(TransactionConnection connection, CacheHandle cache) {
		this.store.transactionSupport().prepare(List.of(new CacheChanges(cache, false, Set.of(), Map.of())));
		try {
			return connection.call((lane) -> lane.fence(cache));
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.CONFLICT) {
				throw ex;
			}
			fence(cache); // which makes what the transaction did not find
			return connection.call((lane) -> lane.fence(cache));
		}
	}

	/**
	 * Write within the transaction. If that fails it is done without what was put, of
	 * which a value may be the cause. That the cache's own connections fail is none of
	 * the transaction's business.
	 * @param pending knows who is told what becomes of what was put
	 * @throws LostEvictionException if what is removed cannot be written either
	 */
	void writeWithin(TransactionConnection connection, List<CacheChanges> changes, PendingChanges pending) {
		try {
			this.store.transactionSupport().prepare(changes);
			Map<CacheHandle, Set<String>> written = writeUnlessLocked(connection, changes);
			tell(changes, pending, (change, put) -> {
				boolean stored = written.getOrDefault(change.cache(), Set.of()).contains(put.key());
				if (stored) {
					put.listener().stored();
				}
				else {
					put.listener().refused();
				}
			});
		}
		catch (StoreException ex) {
			removeWithin(connection, changes.stream().map(CacheChanges::removals).toList(), ex);
			tell(changes, pending, (change, put) -> put.listener().failed(ex));
		}
	}

	/**
	 * An entry that someone has locked is being overwritten or evicted: what was loaded
	 * for it is too late, or soon will be, and nobody waits for that.
	 */
	private static Map<CacheHandle, Set<String>> writeUnlessLocked(TransactionConnection connection,
			List<CacheChanges> changes) {
		try {
			return connection.call((lane) -> lane.write(changes));
		}
		catch (StoreException ex) {
			if (ex.failureCause() != FailureCause.LOCKED) {
				throw ex;
			}
			List<CacheChanges> unfenced = changes.stream().map(CacheChanges::unfenced).toList();
			return connection.call((lane) -> lane.write(unfenced));
		}
	}

	private void removeWithin(TransactionConnection connection, List<CacheChanges> all, StoreException failure) {
		List<CacheChanges> removals = all.stream().filter((change) -> !change.isEmpty()).toList();
		if (removals.isEmpty()) {
			return;
		}
		try {
			if (failure.failureCause() == FailureCause.CONFLICT) { // the cache may be
																	// gone
				this.store.transactionSupport().prepare(removals);
			}
			connection.call((lane) -> lane.write(removals));
		}
		catch (StoreException ex) {
			if (ex != failure) {
				ex.addSuppressed(failure);
			}
			removeOnItsBehalf(connection, removals, ex);
		}
	}

	/**
	 * A transaction of {@code REPEATABLE READ} and above may not overwrite what was
	 * written after it began. The cache may, on a connection of its own: the tombstones
	 * are the transaction's, so that nothing is stored in their place that was loaded
	 * before its commit.
	 */
	private void removeOnItsBehalf(TransactionConnection connection, List<CacheChanges> removals,
			StoreException failure) {
		boolean conflict = failure.failureCause() == FailureCause.CONFLICT
				&& removals.stream().noneMatch(CacheChanges::cleared);
		StoreException last = failure;
		if (conflict) {
			try {
				String transactionId = connection.call((lane) -> lane.transactionId());
				last = evictAll(removals, transactionId);
			}
			catch (StoreException ex) {
				last = ex;
			}
		}
		if (last != null) {
			if (this.evictionsRequired) {
				throw LostEvictionException.beforeCommit(last);
			}
			lost(removals, last);
		}
	}

	private @Nullable StoreException evictAll(List<CacheChanges> removals, @Nullable String transactionId) {
		StoreException failure = null;
		for (CacheChanges change : removals) {
			if (!change.evicted().isEmpty()) {
				BulkAnswer<Boolean> answer = ((transactionId != null)
						? this.store.transactionSupport().evictAll(change.cache(), change.evicted(), transactionId)
						: this.store.evictAll(change.cache(), change.evicted()))
					.await();
				failure = (failure != null) ? failure : answer.failure();
			}
		}
		return failure;
	}

	/**
	 * Write after the commit, by the cache's own connections. All of it is tried. What is
	 * not removed because the database does not answer is removed before any read is
	 * answered again.
	 * @throws LostEvictionException if something could not be removed for another reason
	 */
	void writeAfter(List<CacheChanges> changes, PendingChanges pending) {
		this.store.transactionSupport().withdraw(changes);
		StoreException failedClear = clear(changes);
		StoreException failedEviction = evictAll(changes, null);
		List<CompletableFuture<?>> puts = new ArrayList<>();
		tell(changes, pending,
				(change, put) -> puts.add(this.store
					.put(change.cache(), put.key(), Objects.requireNonNull(change.entries().get(put.key())))
					.async()
					.handle((stored, failed) -> told(put.key(), put.listener(), stored, failed))));
		puts.forEach(CompletableFuture::join);
		List<StoreException> failures = Stream.of(failedClear, failedEviction).flatMap(Stream::ofNullable).toList();
		if (failures.stream().anyMatch(ChangeWriter::isTransient)) {
			changes.forEach(this::removeLater);
		}
		failures.stream().filter((failure) -> !isTransient(failure)).findFirst().ifPresent((failure) -> {
			throw LostEvictionException.afterCommit(failure);
		});
	}

	private static boolean isTransient(StoreException failure) {
		return failure.failureCause().isTransient();
	}

	private void removeLater(CacheChanges change) {
		if (change.cleared()) {
			this.store.clearLater(change.cache());
		}
		if (!change.evicted().isEmpty()) {
			this.store.evictLater(change.cache(), change.evicted());
		}
	}

	private @Nullable StoreException clear(List<CacheChanges> changes) {
		StoreException failure = null;
		for (CacheChanges change : changes) {
			if (change.cleared()) {
				try {
					this.store.clear(change.cache()).await();
				}
				catch (StoreException ex) {
					failure = (failure != null) ? failure : ex;
				}
			}
		}
		return failure;
	}

	private static boolean told(String key, PutListener listener, @Nullable Boolean stored,
			@Nullable Throwable failed) {
		if (failed != null) {
			listener.lost(key);
			listener
				.failed((failed instanceof StoreException ex) ? ex : new StoreException(FailureCause.OTHER, failed));
		}
		else if (Boolean.TRUE.equals(stored)) {
			listener.stored();
		}
		else {
			listener.refused();
		}
		return true;
	}

	private static void tell(Collection<CacheChanges> changes, PendingChanges pending,
			BiConsumer<CacheChanges, ToldPut> action) {
		for (CacheChanges change : changes) {
			for (String key : change.entries().keySet()) {
				PutListener listener = pending.listener(change.cache(), key);
				if (listener != null) {
					action.accept(change, new ToldPut(key, listener));
				}
			}
		}
	}

	/**
	 * It is not known whether the transaction was committed, with what was written in it.
	 */
	void inDoubt(List<CacheChanges> changes) {
		committed(changes);
		changes.forEach(CacheChanges::doubt);
	}

	/**
	 * The transaction was committed.
	 */
	void committed(List<CacheChanges> changes) {
		changes.forEach((change) -> {
			change.dropCopies();
			CommitListener listener = this.listeners.get(change.cache());
			if (listener != null) {
				listener.committed(change);
			}
		});
	}

	void lost(List<CacheChanges> removals, StoreException failure) {
		removals.forEach((change) -> {
			CommitListener listener = this.listeners.get(change.cache());
			if (listener != null) {
				listener.lost(failure);
			}
		});
	}

	/**
	 * A put, and who is told what becomes of it.
	 */
	private record ToldPut(String key, PutListener listener) {

	}

}
