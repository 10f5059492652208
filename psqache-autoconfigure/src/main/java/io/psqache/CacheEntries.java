package io.psqache;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.ValueCodec;
import io.psqache.near.Fill;
import io.psqache.store.CacheHandle;
import io.psqache.store.FailureCause;
import io.psqache.store.Fence;
import io.psqache.store.Lifetime;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import io.psqache.transaction.TransactionalStore;
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

	private final TransactionalStore store;

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
		public void refused() {
			CacheEntries.this.statistics.refused();
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
		return lookup(this.store.get(this.handle, key.stored(), this.settings.timeToIdle()), fill);
	}

	/**
	 * Read, for who is going to load what is not there.
	 * @return has a fence if it is a miss
	 */
	Lookup readOrFence(CacheKey key) {
		Fill fill = this.near.begin(key);
		return lookup(this.store.getOrFence(this.handle, key.stored(), this.settings.timeToIdle()), fill);
	}

	private Lookup lookup(Request<ReadAnswer> request, @Nullable Fill fill) {
		try {
			ReadAnswer answer = request.await();
			try {
				return decoded(answer, fill);
			}
			catch (StoreException ex) {
				this.failures.tolerate(CacheOperation.GET, ex);
				return Lookup.failed(fence());
			}
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			return Lookup.FAILED;
		}
	}

	CompletableFuture<Lookup> readAsync(CacheKey key) {
		Fill fill = this.near.begin(key);
		return lookupAsync(this.store.get(this.handle, key.stored(), this.settings.timeToIdle()), fill);
	}

	/**
	 * As {@link #readOrFence}, without waiting.
	 */
	CompletableFuture<Lookup> readOrFenceAsync(CacheKey key) {
		if (inTransaction()) {
			return readAsync(key);
		}
		Fill fill = this.near.begin(key);
		return lookupAsync(this.store.getOrFence(this.handle, key.stored(), this.settings.timeToIdle()), fill);
	}

	/**
	 * Whether what this thread loads may be seen by nobody else yet, and what others load
	 * not by it.
	 */
	boolean inTransaction() {
		return this.store.inTransaction();
	}

	private CompletableFuture<Lookup> lookupAsync(Request<ReadAnswer> request, @Nullable Fill fill) {
		return request.async().thenCompose((answer) -> {
			try {
				return CompletableFuture.completedFuture(decoded(answer, fill));
			}
			catch (StoreException ex) {
				this.failures.tolerate(CacheOperation.GET, ex);
				return this.store.fence(this.handle).async().thenApply(Lookup::failed);
			}
		}).exceptionally((failure) -> {
			this.failures.tolerate(CacheOperation.GET, failure);
			return Lookup.FAILED;
		});
	}

	/**
	 * Read even what has expired, as committed.
	 */
	Lookup readExpired(CacheKey key) {
		return lookup(this.store.entries().getExpired(this.handle, key.stored()), null);
	}

	CompletableFuture<Lookup> readExpiredAsync(CacheKey key) {
		return lookupAsync(this.store.entries().getExpired(this.handle, key.stored()), null);
	}

	/**
	 * What was read.
	 * @param fill what takes a copy of it, if anything
	 */
	private Lookup decoded(ReadAnswer answer, @Nullable Fill fill) {
		StoredValue present = answer.present();
		if (present == null) {
			return Lookup.miss(answer.fence());
		}
		ValueWrapper value = new SimpleValueWrapper(this.codec.decode(present));
		this.near.fill(fill, present, answer.age(), value);
		return Lookup.hit(value, answer.age());
	}

	/**
	 * Take a fence for what is going to be loaded whether there is an entry or not.
	 * @throws StoreException if it cannot be had
	 */
	Fence fence() {
		return this.store.fence(this.handle).await();
	}

	CompletableFuture<Fence> fenceAsync() {
		return this.store.fence(this.handle).async();
	}

	/**
	 * Write what was loaded after a miss, unless the entry was evicted or overwritten
	 * since, or the cache cleared: what is not to be cached takes no one's place.
	 * @param fence what the miss could see; {@code null} if that is not known
	 * @return whether nothing that happened since is known to have been in the way
	 */
	boolean loaded(String key, @Nullable Object value, @Nullable Fence fence) {
		StoredValue stored = stored(value);
		if (stored == null) {
			return true;
		}
		if (fence == null) {
			this.statistics.refused();
			return true;
		}
		return replace(key, stored, this.settings.lifetime(), fence);
	}

	/**
	 * As {@link #loaded}, without waiting.
	 * @return completes when it is written (or queued, as the cache is set), refused, or
	 * has failed, and never with an error
	 */
	CompletableFuture<Boolean> loadedAsync(String key, @Nullable Object value, @Nullable Fence fence) {
		StoredValue stored = stored(value);
		if (stored == null) {
			return CompletableFuture.completedFuture(true);
		}
		if (fence == null) {
			this.statistics.refused();
			return CompletableFuture.completedFuture(true);
		}
		return replaceAsync(key, stored, this.settings.lifetime(), fence);
	}

	/**
	 * Write, and wait for it unless this thread must not wait, or the cache is set to
	 * write behind: then wait for a place in the queue at most. What is not to be cached,
	 * or cannot be, still takes the place of what was there.
	 */
	void write(String key, @Nullable Object value, Lifetime lifetime) {
		replace(key, stored(value), lifetime, null);
	}

	/**
	 * As {@link #write}, without waiting, not even for a place in the queue.
	 * @return completes when it is written (or queued, as the cache is set) or has
	 * failed, and never with an error
	 */
	CompletableFuture<Boolean> writeAsync(String key, @Nullable Object value, Lifetime lifetime) {
		return replaceAsync(key, stored(value), lifetime, null);
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
	 * @return {@code false} if the fence was in the way, or may yet be
	 */
	private boolean replace(String key, @Nullable StoredValue stored, Lifetime lifetime, @Nullable Fence fence) {
		if (stored != null && isWrittenLater()) {
			writeLater(key, new NewEntry(stored, lifetime, fence), !NonBlockingThreads.isCurrent());
			return fence == null;
		}
		if (NonBlockingThreads.isCurrent()) {
			replaceAsync(key, stored, lifetime, fence);
			return fence == null;
		}
		try {
			boolean written = writeRequest(key, stored, lifetime, fence).await();
			written(stored, written);
			return stored == null || written;
		}
		catch (StoreException ex) {
			dropped(key, fence, ex);
			return true;
		}
	}

	private CompletableFuture<Boolean> replaceAsync(String key, @Nullable StoredValue stored, Lifetime lifetime,
			@Nullable Fence fence) {
		if (stored != null && isWrittenLater()) {
			writeLater(key, new NewEntry(stored, lifetime, fence), false);
			return CompletableFuture.completedFuture(fence == null);
		}
		return writeRequest(key, stored, lifetime, fence).async().thenApply((written) -> {
			written(stored, written);
			return stored == null || written;
		}).exceptionally((failure) -> {
			dropped(key, fence, failure);
			return true;
		});
	}

	/**
	 * What was put is not there, so nothing older may be: unless it was loaded after a
	 * miss.
	 */
	private void dropped(String key, @Nullable Fence fence, Throwable failure) {
		if (fence == null) {
			evictLater(key);
		}
		this.failures.tolerate(CacheOperation.PUT, failure);
	}

	private void evictLater(String key) {
		this.store.entries().evictLater(this.handle, Set.of(key));
	}

	private boolean isWrittenLater() {
		return this.settings.writes() == Writes.BEHIND || inTransaction();
	}

	/**
	 * Queue it, or have it written with the transaction.
	 * @param patient whether this thread may wait for a place
	 */
	private void writeLater(String key, NewEntry entry, boolean patient) {
		try {
			this.store.putBehind(this.handle, key, entry, this.putListener, patient);
		}
		catch (StoreException ex) {
			dropped(key, entry.fence(), ex);
		}
	}

	private Request<Boolean> writeRequest(String key, @Nullable StoredValue stored, Lifetime lifetime,
			@Nullable Fence fence) {
		return (stored != null) ? this.store.put(this.handle, key, new NewEntry(stored, lifetime, fence))
				: this.store.evict(this.handle, key);
	}

	private void written(@Nullable StoredValue stored, boolean done) {
		if (stored == null) {
			this.statistics.eviction();
		}
		else if (done) {
			this.statistics.put();
		}
		else {
			this.statistics.refused();
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
			return decoded(this.store.get(this.handle, key, this.settings.timeToIdle()).await(), null);
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
