package io.psqache.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.psqache.store.CacheChanges;
import io.psqache.store.EntryStore;
import io.psqache.engine.FailureCause;
import io.psqache.engine.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes after the commit, by the cache's own connections. All of it is tried.
 * What is not removed because the database does not answer is removed before any read is
 * answered again. Thread-safe.
 */
final class LateWriter {

	private final EntryStore store;

	LateWriter(EntryStore store) {
		this.store = store;
	}

	/**
	 * Write them.
	 * @throws LostEvictionException if something could not be removed for another reason
	 */
	void write(List<CacheChanges> changes, List<ToldPut> puts) {
		StoreException failedClear = clear(changes);
		StoreException failedEviction = evict(changes);
		put(puts);
		List<StoreException> failures = Stream.of(failedClear, failedEviction).flatMap(Stream::ofNullable).toList();
		if (failures.stream().anyMatch(LateWriter::isTransient)) {
			changes.forEach(this::removeLater);
		}
		failures.stream().filter((failure) -> !isTransient(failure)).findFirst().ifPresent((failure) -> {
			throw LostEvictionException.afterCommit(failure);
		});
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

	private @Nullable StoreException evict(List<CacheChanges> changes) {
		StoreException failure = null;
		for (CacheChanges change : changes) {
			if (!change.evicted().isEmpty()) {
				StoreException failed = this.store.evictAll(change.cache(), change.evicted()).await().failure();
				failure = (failure != null) ? failure : failed;
			}
		}
		return failure;
	}

	private void put(List<ToldPut> puts) {
		List<CompletableFuture<?>> told = new ArrayList<>();
		for (ToldPut put : puts) {
			told.add(this.store.put(put.cache(), put.key(), put.entry())
				.async()
				.handle((stored, failed) -> told(put, stored, failed)));
		}
		told.forEach(CompletableFuture::join);
	}

	private static boolean told(ToldPut put, @Nullable Boolean stored, @Nullable Throwable failed) {
		if (failed != null) {
			put.listener().lost(put.key());
			put.listener()
				.failed((failed instanceof StoreException ex) ? ex : new StoreException(FailureCause.OTHER, failed));
		}
		else {
			put.tell(Boolean.TRUE.equals(stored));
		}
		return true;
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

}
