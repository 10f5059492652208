package io.psqache;

import java.util.concurrent.CompletableFuture;

import io.psqache.codec.CacheKey;
import io.psqache.codec.ValueCodec;
import io.psqache.load.Lookup;
import io.psqache.engine.FailureCause;
import io.psqache.store.Request;
import io.psqache.engine.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Puts values into one cache where there are no entries. It fails open, as
 * {@link CacheWrites} do. Thread-safe.
 */
final class PutsIfAbsent {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final CacheReads reads;

	PutsIfAbsent(CacheCore cache, ValueCodec codec, CacheReads reads) {
		this.cache = cache;
		this.codec = codec;
		this.reads = reads;
	}

	/**
	 * Put a value, or read what is there.
	 * @return the entry that is there; a miss if there was none and the value was written
	 */
	Lookup putOrRead(CacheKey cacheKey, @Nullable Object value) {
		if (value == null && !this.cache.settings().cacheNullValues()) {
			return this.reads.read(cacheKey);
		}
		String key = cacheKey.stored();
		try {
			StoredValue stored = this.codec.encode(value);
			while (!request(key, stored).await()) {
				Lookup present = readOrEvict(key);
				if (!present.equals(Lookup.MISS)) { // else it expired or was evicted in
													// between
					return present;
				}
			}
			this.cache.statistics().put();
			return Lookup.MISS;
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.PUT, ex);
			return Lookup.FAILED;
		}
	}

	/**
	 * Read what keeps a value from being written. What cannot be read must not: it is a
	 * miss to everyone.
	 */
	private Lookup readOrEvict(String key) {
		try {
			return this.reads.readOrThrow(key);
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.GET, ex);
			if (ex.failureCause() != FailureCause.UNREADABLE) {
				return Lookup.FAILED;
			}
			this.cache.store().entries().evict(this.cache.handle(), key).await();
			return Lookup.MISS;
		}
	}

	/**
	 * Put a value.
	 * @return whether it was written
	 */
	boolean put(String key, Object value) {
		try {
			return counted(request(key, this.codec.encode(value)).await());
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.PUT, ex);
			return false;
		}
	}

	CompletableFuture<Boolean> putAsync(String key, Object value) {
		try {
			return request(key, this.codec.encode(value)).async().thenApply(this::counted).exceptionally((failure) -> {
				this.cache.failures().tolerate(CacheOperation.PUT, failure);
				return false;
			});
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.PUT, ex);
			return CompletableFuture.completedFuture(false);
		}
	}

	private Request<Boolean> request(String key, StoredValue stored) {
		return this.cache.store()
			.entries()
			.putIfAbsent(this.cache.handle(), key, stored, this.cache.settings().lifetime());
	}

	private boolean counted(boolean written) {
		if (written) {
			this.cache.statistics().put();
		}
		return written;
	}

}
