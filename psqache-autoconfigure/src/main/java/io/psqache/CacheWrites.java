package io.psqache;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.ValueCodec;
import io.psqache.load.EntryWriter;
import io.psqache.store.Fence;
import io.psqache.store.Lifetime;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries of one cache, values as objects. This is where writes fail open: one
 * that fails writes nothing, and is counted and logged. Thread-safe.
 */
final class CacheWrites implements EntryWriter {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final PutListener putListener = new PutListener() {

		@Override
		public void stored() {
			CacheWrites.this.cache.statistics().put();
		}

		@Override
		public void refused() {
			CacheWrites.this.cache.statistics().refused();
		}

		@Override
		public void lost(String key) {
			CacheWrites.this.evictLater(key);
		}

		@Override
		public void failed(StoreException failure) {
			CacheWrites.this.cache.failures().tolerate(CacheOperation.PUT, failure);
		}

	};

	CacheWrites(CacheCore cache, ValueCodec codec) {
		this.cache = cache;
		this.codec = codec;
	}

	@Override
	public boolean loaded(String key, @Nullable Object value, @Nullable Fence fence) {
		StoredValue stored = stored(value);
		if (stored == null) {
			return true;
		}
		if (fence == null) {
			this.cache.statistics().refused();
			return true;
		}
		return replace(key, stored, this.cache.settings().lifetime(), fence);
	}

	@Override
	public CompletableFuture<Boolean> loadedAsync(String key, @Nullable Object value, @Nullable Fence fence) {
		StoredValue stored = stored(value);
		if (stored == null) {
			return CompletableFuture.completedFuture(true);
		}
		if (fence == null) {
			this.cache.statistics().refused();
			return CompletableFuture.completedFuture(true);
		}
		return replaceAsync(key, stored, this.cache.settings().lifetime(), fence);
	}

	/**
	 * Write, and wait for it unless this thread must not wait. What is not to be cached,
	 * or cannot be, still takes the place of what was there.
	 */
	void write(String key, @Nullable Object value, Lifetime lifetime) {
		replace(key, stored(value), lifetime, null);
	}

	/**
	 * As {@link #write}, without waiting.
	 * @return completes when it is written or has failed, and never with an error
	 */
	CompletableFuture<Boolean> writeAsync(String key, @Nullable Object value, Lifetime lifetime) {
		return replaceAsync(key, stored(value), lifetime, null);
	}

	/**
	 * The stored form of a value.
	 * @return {@code null} if it is not to be cached, or cannot be
	 */
	private @Nullable StoredValue stored(@Nullable Object value) {
		if (value == null && !this.cache.settings().cacheNullValues()) {
			return null;
		}
		try {
			return this.codec.encode(value);
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.PUT, ex);
			return null;
		}
	}

	/**
	 * Put it, or nothing, in the place of what was there.
	 * @return {@code false} if the fence was in the way, or may yet be
	 */
	private boolean replace(String key, @Nullable StoredValue stored, Lifetime lifetime, @Nullable Fence fence) {
		if (stored != null && isCollected(key, stored, lifetime, fence)) {
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
		if (stored != null && isCollected(key, stored, lifetime, fence)) {
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
		this.cache.failures().tolerate(CacheOperation.PUT, failure);
	}

	private void evictLater(String key) {
		this.cache.store().committed().evictLater(this.cache.handle(), Set.of(key));
	}

	/**
	 * Have it written with the transaction, if there is one.
	 */
	private boolean isCollected(String key, StoredValue stored, Lifetime lifetime, @Nullable Fence fence) {
		return this.cache.store()
			.collect(this.cache.handle(), key, new NewEntry(stored, lifetime, fence), this.putListener);
	}

	private Request<Boolean> writeRequest(String key, @Nullable StoredValue stored, Lifetime lifetime,
			@Nullable Fence fence) {
		return (stored != null)
				? this.cache.store().entries().put(this.cache.handle(), key, new NewEntry(stored, lifetime, fence))
				: this.cache.store().entries().evict(this.cache.handle(), key);
	}

	private void written(@Nullable StoredValue stored, boolean done) {
		if (stored == null) {
			this.cache.statistics().eviction();
		}
		else if (done) {
			this.cache.statistics().put();
		}
		else {
			this.cache.statistics().refused();
		}
	}

}
