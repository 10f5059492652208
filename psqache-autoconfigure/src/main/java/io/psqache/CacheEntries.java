package io.psqache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.ValueCodec;
import io.psqache.near.Fill;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.FailureCause;
import io.psqache.store.Lifetime;
import io.psqache.store.PutListener;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * The entries of one cache, values as objects. This is where it fails open: a failed read
 * is a miss and a failed write writes nothing, both counted and logged. Thread-safe.
 */
final class CacheEntries {

	private final CacheHandle handle;

	private final CacheSettings settings;

	private final EntryStore store;

	private final ValueCodec codec;

	private final CacheStatistics statistics;

	private final CacheFailures failures;

	private final NearReads near;

	private final PutListener putListener = new PutListener() {

		@Override
		public void stored() {
			CacheEntries.this.statistics.put();
		}

		@Override
		public void failed(StoreException failure) {
			CacheEntries.this.failures.tolerate(CacheOperation.PUT, failure);
		}

	};

	CacheEntries(CacheCore cache, ValueCodec codec, NearReads near) {
		this.handle = cache.handle();
		this.settings = cache.settings();
		this.store = cache.store();
		this.codec = codec;
		this.statistics = cache.statistics();
		this.failures = cache.failures();
		this.near = near;
	}

	Lookup read(CacheKey key) {
		Fill fill = this.near.begin(key);
		try {
			return lookup(readRequest(key.stored()).await(), fill);
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			return Lookup.FAILED;
		}
	}

	CompletableFuture<Lookup> readAsync(CacheKey key) {
		Fill fill = this.near.begin(key);
		return readRequest(key.stored()).async()
			.thenApply((stored) -> lookup(stored, fill))
			.exceptionally((failure) -> {
				this.failures.tolerate(CacheOperation.GET, failure);
				return Lookup.FAILED;
			});
	}

	private Request<Optional<StoredValue>> readRequest(String key) {
		return this.store.get(this.handle, key, this.settings.timeToIdle());
	}

	/**
	 * What was read.
	 * @param fill what takes a copy of it, if anything
	 */
	private Lookup lookup(Optional<StoredValue> stored, @Nullable Fill fill) {
		if (stored.isEmpty()) {
			return Lookup.MISS;
		}
		ValueWrapper value = new SimpleValueWrapper(this.codec.decode(stored.get()));
		this.near.fill(fill, stored.get(), value);
		return new Lookup(value, false);
	}

	/**
	 * Write what a loader made, after a miss: what is not to be cached takes no one's
	 * place.
	 */
	void loaded(String key, @Nullable Object value) {
		StoredValue stored = stored(value);
		if (stored != null) {
			replace(key, stored, this.settings.lifetime());
		}
	}

	/**
	 * As {@link #loaded}, without waiting.
	 * @return completes when it is written (or queued, as the cache is set) or has
	 * failed, and never with an error
	 */
	CompletableFuture<Boolean> loadedAsync(String key, @Nullable Object value) {
		StoredValue stored = stored(value);
		return (stored != null) ? replaceAsync(key, stored, this.settings.lifetime())
				: CompletableFuture.completedFuture(false);
	}

	/**
	 * Write, and wait for it unless this thread must not wait, or the cache is set to
	 * write behind: then wait for a place in the queue at most. What is not to be cached,
	 * or cannot be, still takes the place of what was there.
	 */
	void write(String key, @Nullable Object value, Lifetime lifetime) {
		replace(key, stored(value), lifetime);
	}

	/**
	 * As {@link #write}, without waiting, not even for a place in the queue.
	 * @return completes when it is written (or queued, as the cache is set) or has
	 * failed, and never with an error
	 */
	CompletableFuture<Boolean> writeAsync(String key, @Nullable Object value, Lifetime lifetime) {
		return replaceAsync(key, stored(value), lifetime);
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
	 */
	private void replace(String key, @Nullable StoredValue stored, Lifetime lifetime) {
		if (stored != null && isWrittenBehind()) {
			writeBehind(key, stored, lifetime, !NonBlockingThreads.isCurrent());
			return;
		}
		if (NonBlockingThreads.isCurrent()) {
			replaceAsync(key, stored, lifetime);
			return;
		}
		try {
			writeRequest(key, stored, lifetime).await();
			written(stored);
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.PUT, ex);
		}
	}

	private CompletableFuture<Boolean> replaceAsync(String key, @Nullable StoredValue stored, Lifetime lifetime) {
		if (stored != null && isWrittenBehind()) {
			return CompletableFuture.completedFuture(writeBehind(key, stored, lifetime, false));
		}
		return writeRequest(key, stored, lifetime).async().thenApply((done) -> {
			written(stored);
			return true;
		}).exceptionally((failure) -> {
			this.failures.tolerate(CacheOperation.PUT, failure);
			return false;
		});
	}

	private boolean isWrittenBehind() {
		return this.settings.writes() == Writes.BEHIND;
	}

	/**
	 * Queue it.
	 * @param patient whether this thread may wait for a place
	 * @return whether it was queued
	 */
	private boolean writeBehind(String key, StoredValue stored, Lifetime lifetime, boolean patient) {
		try {
			this.store.putBehind(this.handle, key, stored, lifetime, this.putListener, patient);
			return true;
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.PUT, ex);
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
	Lookup writeIfAbsent(CacheKey cacheKey, @Nullable Object value) {
		String key = cacheKey.stored();
		if (!isCacheable(value)) {
			return read(cacheKey);
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
			return lookup(readRequest(key).await(), null);
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
