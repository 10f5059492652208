package io.psqache;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.ValueCodec;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.FailureCause;
import io.psqache.store.Lifetime;
import io.psqache.store.PutListener;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache, values as objects and keys as stored. This is where it fails
 * open: a failed read is a miss and a failed write writes nothing, both counted and
 * logged. Thread-safe.
 */
final class CacheEntries {

	private final CacheHandle handle;

	private final CacheSettings settings;

	private final EntryStore store;

	private final ValueCodec codec;

	private final CacheStatistics statistics;

	private final CacheFailures failures;

	private final PutListener putListener = new PutListener() {

		@Override
		public void stored() {
			CacheEntries.this.statistics.put();
		}

		@Override
		public void lost(String key) {
			CacheEntries.this.evictLater(key);
		}

		@Override
		public void failed(StoreException failure) {
			CacheEntries.this.failures.tolerate(CacheOperation.PUT, failure);
		}

	};

	CacheEntries(CacheCore cache, ValueCodec codec) {
		this.handle = cache.handle();
		this.settings = cache.settings();
		this.store = cache.store();
		this.codec = codec;
		this.statistics = cache.statistics();
		this.failures = cache.failures();
	}

	Lookup read(String key) {
		try {
			return lookup(readRequest(key).await());
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			return Lookup.FAILED;
		}
	}

	CompletableFuture<Lookup> readAsync(String key) {
		return readRequest(key).async().thenApply(this::lookup).exceptionally((failure) -> {
			this.failures.tolerate(CacheOperation.GET, failure);
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
	 * Write what a loader made, after a miss: what is not to be cached takes no one's
	 * place.
	 */
	void loaded(String key, @Nullable Object value) {
		StoredValue stored = stored(value);
		if (stored != null) {
			replace(key, stored, this.settings.lifetime(), false);
		}
	}

	/**
	 * As {@link #loaded}, without waiting.
	 * @return completes when it is written (or queued, as the cache is set) or has
	 * failed, and never with an error
	 */
	CompletableFuture<Boolean> loadedAsync(String key, @Nullable Object value) {
		StoredValue stored = stored(value);
		return (stored != null) ? replaceAsync(key, stored, this.settings.lifetime(), false)
				: CompletableFuture.completedFuture(false);
	}

	/**
	 * Write, and wait for it unless this thread must not wait, or the cache is set to
	 * write behind: then wait for a place in the queue at most. What is not to be cached,
	 * or cannot be, still takes the place of what was there.
	 */
	void write(String key, @Nullable Object value, Lifetime lifetime) {
		replace(key, stored(value), lifetime, true);
	}

	/**
	 * As {@link #write}, without waiting, not even for a place in the queue.
	 * @return completes when it is written (or queued, as the cache is set) or has
	 * failed, and never with an error
	 */
	CompletableFuture<Boolean> writeAsync(String key, @Nullable Object value, Lifetime lifetime) {
		return replaceAsync(key, stored(value), lifetime, true);
	}

	/**
	 * The stored form of a value.
	 * @return {@code null} if it is not to be cached, or cannot be
	 */
	private @Nullable StoredValue stored(@Nullable Object value) {
		if (!isCacheable(value)) {
			return null;
		}
		try {
			return encode(value);
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.PUT, ex);
			return null;
		}
	}

	/**
	 * Put it, or nothing, in the place of what was there.
	 * @param explicit whether what was there must not stay, even if this cannot be
	 * written: not so after a miss
	 */
	private void replace(String key, @Nullable StoredValue stored, Lifetime lifetime, boolean explicit) {
		if (stored != null && isWrittenBehind()) {
			writeBehind(key, stored, lifetime, !NonBlockingThreads.isCurrent(), explicit);
			return;
		}
		if (NonBlockingThreads.isCurrent()) {
			replaceAsync(key, stored, lifetime, explicit);
			return;
		}
		try {
			writeRequest(key, stored, lifetime).await();
			written(stored);
		}
		catch (StoreException ex) {
			dropped(key, explicit, ex);
		}
	}

	private CompletableFuture<Boolean> replaceAsync(String key, @Nullable StoredValue stored, Lifetime lifetime,
			boolean explicit) {
		if (stored != null && isWrittenBehind()) {
			return CompletableFuture.completedFuture(writeBehind(key, stored, lifetime, false, explicit));
		}
		return writeRequest(key, stored, lifetime).async().thenApply((done) -> {
			written(stored);
			return true;
		}).exceptionally((failure) -> {
			dropped(key, explicit, failure);
			return false;
		});
	}

	private void dropped(String key, boolean explicit, Throwable failure) {
		if (explicit) {
			evictLater(key);
		}
		this.failures.tolerate(CacheOperation.PUT, failure);
	}

	/**
	 * What was put is not there, so nothing older may be.
	 */
	private void evictLater(String key) {
		this.store.evictLater(this.handle, Set.of(key));
	}

	private boolean isWrittenBehind() {
		return this.settings.writes() == Writes.BEHIND;
	}

	/**
	 * Queue it.
	 * @param patient whether this thread may wait for a place
	 * @return whether it was queued
	 */
	private boolean writeBehind(String key, StoredValue stored, Lifetime lifetime, boolean patient, boolean explicit) {
		try {
			this.store.putBehind(this.handle, key, stored, lifetime, this.putListener, patient);
			return true;
		}
		catch (StoreException ex) {
			dropped(key, explicit, ex);
			return false;
		}
	}

	private Request<Boolean> writeRequest(String key, @Nullable StoredValue stored, Lifetime lifetime) {
		return (stored != null) ? this.store.put(this.handle, key, stored, lifetime)
				: this.store.evict(this.handle, key);
	}

	private void written(@Nullable StoredValue stored) {
		if (stored != null) {
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
				Lookup present = readOrEvict(key);
				if (!present.equals(Lookup.MISS)) { // else it expired or was evicted in
													// between
					return present;
				}
			}
			this.statistics.put();
			return Lookup.MISS;
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.PUT, ex);
			return Lookup.FAILED;
		}
	}

	/**
	 * Read what keeps a value from being written. What cannot be read must not: it is a
	 * miss to everyone.
	 */
	private Lookup readOrEvict(String key) {
		try {
			return lookup(readRequest(key).await());
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			if (ex.failureCause() != FailureCause.UNREADABLE) {
				return Lookup.FAILED;
			}
			this.store.evict(this.handle, key).await();
			return Lookup.MISS;
		}
	}

	/**
	 * Write unless there is an entry.
	 * @return whether it was written
	 */
	boolean writeNew(String key, Object value) {
		try {
			return writtenNew(newRequest(key, value).await());
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.PUT, ex);
			return false;
		}
	}

	CompletableFuture<Boolean> writeNewAsync(String key, Object value) {
		try {
			return newRequest(key, value).async().thenApply(this::writtenNew).exceptionally((failure) -> {
				this.failures.tolerate(CacheOperation.PUT, failure);
				return false;
			});
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.PUT, ex);
			return CompletableFuture.completedFuture(false);
		}
	}

	private Request<Boolean> newRequest(String key, Object value) {
		return this.store.putIfAbsent(this.handle, key, encode(value), this.settings.lifetime());
	}

	private boolean writtenNew(boolean written) {
		if (written) {
			this.statistics.put();
		}
		return written;
	}

	/**
	 * See how long an entry lives, without its value.
	 * @return empty if there is none, zero if it never expires
	 */
	Optional<Duration> peek(String key) {
		try {
			return this.store.peek(this.handle, key).await();
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			return Optional.empty();
		}
	}

	CompletableFuture<Optional<Duration>> peekAsync(String key) {
		return this.store.peek(this.handle, key).async().exceptionally((failure) -> {
			this.failures.tolerate(CacheOperation.GET, failure);
			return Optional.empty();
		});
	}

	private boolean isCacheable(@Nullable Object value) {
		return value != null || this.settings.cacheNullValues();
	}

	private StoredValue encode(@Nullable Object value) {
		return this.codec.encode(value);
	}

}
