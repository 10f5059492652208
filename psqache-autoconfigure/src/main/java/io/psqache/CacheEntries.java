package io.psqache;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.psqache.codec.ValueCodec;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.FailureCause;
import io.psqache.store.PutListener;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache, values as objects and keys as stored. This is where it fails
 * open: a failed read is a miss and a failed write writes nothing, both counted and
 * logged; a failed removal is counted and thrown. Thread-safe.
 */
final class CacheEntries {

	private final CacheHandle handle;

	private final CacheSettings settings;

	private final EntryStore store;

	private final ValueCodec codec;

	private final CacheStatistics statistics;

	private final FailureLog failureLog;

	private final PutListener putListener = new PutListener() {

		@Override
		public void stored() {
			CacheEntries.this.statistics.put();
		}

		@Override
		public void failed(StoreException failure) {
			CacheEntries.this.failed(CacheOperation.PUT, failure);
		}

	};

	CacheEntries(CacheHandle handle, CacheSettings settings, EntryStore store, ValueCodec codec,
			CacheStatistics statistics, FailureLog failureLog) {
		this.handle = handle;
		this.settings = settings;
		this.store = store;
		this.codec = codec;
		this.statistics = statistics;
		this.failureLog = failureLog;
	}

	Lookup read(String key) {
		try {
			return lookup(readRequest(key).await());
		}
		catch (StoreException ex) {
			failed(CacheOperation.GET, ex);
			return Lookup.FAILED;
		}
	}

	CompletableFuture<Lookup> readAsync(String key) {
		return readRequest(key).async().thenApply(this::lookup).exceptionally((failure) -> {
			failed(CacheOperation.GET, storeException(failure));
			return Lookup.FAILED;
		});
	}

	private Request<Optional<StoredValue>> readRequest(String key) {
		return this.store.get(this.handle, key, this.settings.timeToIdle());
	}

	private Lookup lookup(Optional<StoredValue> stored) {
		return stored.isPresent() ? Lookup.hit(this.codec.decode(stored.get())) : Lookup.MISS;
	}

	/**
	 * Write what a loader made, after a miss: a null that is not to be cached takes no
	 * one's place.
	 */
	void loaded(String key, @Nullable Object value) {
		if (isCacheable(value)) {
			write(key, value);
		}
	}

	/**
	 * As {@link #loaded}, without waiting.
	 * @return completes when it is written (or queued, as the cache is set) or has
	 * failed, and never with an error
	 */
	CompletableFuture<Boolean> loadedAsync(String key, @Nullable Object value) {
		return isCacheable(value) ? writeAsync(key, value) : CompletableFuture.completedFuture(false);
	}

	/**
	 * Write, and wait for it unless this thread must not wait, or the cache is set to
	 * write behind: then wait for a place in the queue at most. A null that is not to be
	 * cached still takes the place of what was there.
	 */
	void write(String key, @Nullable Object value) {
		if (isWrittenBehind(value)) {
			writeBehind(key, value, !NonBlockingThreads.isCurrent());
			return;
		}
		if (NonBlockingThreads.isCurrent()) {
			writeAsync(key, value);
			return;
		}
		try {
			writeRequest(key, value).await();
			written(value);
		}
		catch (StoreException ex) {
			failed(CacheOperation.PUT, ex);
		}
	}

	private CompletableFuture<Boolean> writeAsync(String key, @Nullable Object value) {
		if (isWrittenBehind(value)) {
			return CompletableFuture.completedFuture(writeBehind(key, value, false));
		}
		try {
			return writeRequest(key, value).async().thenApply((done) -> {
				written(value);
				return true;
			}).exceptionally((failure) -> {
				failed(CacheOperation.PUT, storeException(failure));
				return false;
			});
		}
		catch (StoreException ex) {
			failed(CacheOperation.PUT, ex);
			return CompletableFuture.completedFuture(false);
		}
	}

	private boolean isWrittenBehind(@Nullable Object value) {
		return this.settings.writes() == Writes.BEHIND && isCacheable(value);
	}

	/**
	 * Queue it.
	 * @param patient whether this thread may wait for a place
	 * @return whether it was queued
	 */
	private boolean writeBehind(String key, @Nullable Object value, boolean patient) {
		try {
			this.store.putBehind(this.handle, key, encode(value), this.settings.lifetime(), this.putListener, patient);
			return true;
		}
		catch (StoreException ex) {
			failed(CacheOperation.PUT, ex);
			return false;
		}
	}

	private Request<Boolean> writeRequest(String key, @Nullable Object value) {
		if (!isCacheable(value)) {
			return this.store.evict(this.handle, key);
		}
		return this.store.put(this.handle, key, encode(value), this.settings.lifetime());
	}

	private void written(@Nullable Object value) {
		if (isCacheable(value)) {
			this.statistics.put();
		}
		else {
			this.statistics.eviction();
		}
	}

	/**
	 * Write unless there is an entry.
	 * @return the entry that is there; a miss if there was none and the value was written
	 */
	Lookup writeIfAbsent(String key, @Nullable Object value) {
		if (!isCacheable(value)) {
			return read(key);
		}
		try {
			StoredValue stored = encode(value);
			while (!this.store.putIfAbsent(this.handle, key, stored, this.settings.lifetime()).await()) {
				Lookup present = read(key);
				if (!present.equals(Lookup.MISS)) { // else it expired or was evicted in
													// between
					return present;
				}
			}
			this.statistics.put();
			return Lookup.MISS;
		}
		catch (StoreException ex) {
			failed(CacheOperation.PUT, ex);
			return Lookup.FAILED;
		}
	}

	private boolean isCacheable(@Nullable Object value) {
		return value != null || this.settings.cacheNullValues();
	}

	private StoredValue encode(@Nullable Object value) {
		return this.codec.encode(value);
	}

	boolean evict(String key) {
		boolean present = remove(CacheOperation.EVICT, this.store.evict(this.handle, key));
		this.statistics.eviction();
		return present;
	}

	void clear() {
		remove(CacheOperation.CLEAR, this.store.clear(this.handle));
	}

	boolean invalidate() {
		return remove(CacheOperation.CLEAR, this.store.invalidate(this.handle));
	}

	/**
	 * Remove, and wait for it unless this thread must not wait: then a failure can only
	 * be logged, and the answer is not known.
	 */
	private boolean remove(CacheOperation operation, Request<Boolean> removal) {
		if (NonBlockingThreads.isCurrent()) {
			removal.async().exceptionally((failure) -> {
				failed(operation, storeException(failure));
				return false;
			});
			return false;
		}
		try {
			return removal.await();
		}
		catch (StoreException ex) {
			this.statistics.failure(operation, ex.failureCause());
			throw new CacheEvictionException(this.handle.toString(), operation, ex);
		}
	}

	private void failed(CacheOperation operation, StoreException failure) {
		this.statistics.failure(operation, failure.failureCause());
		this.failureLog.add(operation, this.handle.toString(), failure);
	}

	private static StoreException storeException(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause instanceof StoreException exception) ? exception : new StoreException(FailureCause.OTHER, cause);
	}

}
