package io.psqache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.CacheKey;
import io.psqache.codec.ValueCodec;
import io.psqache.load.EntryReader;
import io.psqache.load.Lookup;
import io.psqache.near.Fill;
import io.psqache.store.Fence;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.engine.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * Reads the entries of one cache, values as objects. This is where reads fail open: one
 * that fails is counted and logged, and a miss to whoever asked. Thread-safe.
 */
final class CacheReads implements EntryReader {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final NearReads near;

	CacheReads(CacheCore cache, ValueCodec codec, NearReads near) {
		this.cache = cache;
		this.codec = codec;
		this.near = near;
	}

	@Override
	public Lookup read(CacheKey key) {
		Fill fill = this.near.begin(key);
		return lookup(request(key.stored()), fill);
	}

	@Override
	public CompletableFuture<Lookup> readAsync(CacheKey key) {
		Fill fill = this.near.begin(key);
		return lookupAsync(request(key.stored()), fill);
	}

	/**
	 * Read, but neither fail open nor leave a copy.
	 * @throws StoreException if the entry cannot be read
	 */
	Lookup readOrThrow(String key) {
		return decoded(request(key).await(), null);
	}

	private Request<ReadAnswer> request(String key) {
		return this.cache.store().entries().get(this.cache.handle(), key, this.cache.settings().timeToIdle());
	}

	@Override
	public Lookup readOrFence(CacheKey key) {
		Fill fill = this.near.begin(key);
		return lookup(requestOrFence(key), fill);
	}

	@Override
	public CompletableFuture<Lookup> readOrFenceAsync(CacheKey key) {
		if (inTransaction()) {
			return readAsync(key);
		}
		Fill fill = this.near.begin(key);
		return lookupAsync(requestOrFence(key), fill);
	}

	private Request<ReadAnswer> requestOrFence(CacheKey key) {
		return this.cache.store()
			.entries()
			.getOrFence(this.cache.handle(), key.stored(), this.cache.settings().timeToIdle());
	}

	@Override
	public Lookup readExpired(CacheKey key) {
		return lookup(this.cache.store().committed().getExpired(this.cache.handle(), key.stored()), null);
	}

	@Override
	public CompletableFuture<Lookup> readExpiredAsync(CacheKey key) {
		return lookupAsync(this.cache.store().committed().getExpired(this.cache.handle(), key.stored()), null);
	}

	/**
	 * What was read. Who cannot read what is there loads too, and needs a fence for that.
	 * @param fill what takes a copy of it, if anything
	 */
	private Lookup lookup(Request<ReadAnswer> request, @Nullable Fill fill) {
		try {
			ReadAnswer answer = request.await();
			try {
				return decoded(answer, fill);
			}
			catch (StoreException ex) {
				this.cache.failures().tolerate(CacheOperation.GET, ex);
				return Lookup.failed(fence());
			}
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.GET, ex);
			return Lookup.FAILED;
		}
	}

	private CompletableFuture<Lookup> lookupAsync(Request<ReadAnswer> request, @Nullable Fill fill) {
		return request.async().thenCompose((answer) -> {
			try {
				return CompletableFuture.completedFuture(decoded(answer, fill));
			}
			catch (StoreException ex) {
				this.cache.failures().tolerate(CacheOperation.GET, ex);
				return fenceAsync().thenApply(Lookup::failed);
			}
		}).exceptionally((failure) -> {
			this.cache.failures().tolerate(CacheOperation.GET, failure);
			return Lookup.FAILED;
		});
	}

	private Lookup decoded(ReadAnswer answer, @Nullable Fill fill) {
		StoredValue present = answer.present();
		if (present == null) {
			return Lookup.miss(answer.fence());
		}
		ValueWrapper value = new SimpleValueWrapper(this.codec.decode(present));
		this.near.fill(fill, present, answer.age(), value);
		return Lookup.hit(value, answer.age());
	}

	@Override
	public Fence fence() {
		return this.cache.store().entries().fence(this.cache.handle()).await();
	}

	@Override
	public CompletableFuture<Fence> fenceAsync() {
		return this.cache.store().entries().fence(this.cache.handle()).async();
	}

	@Override
	public boolean inTransaction() {
		return this.cache.store().inTransaction();
	}

	@Override
	public void count(Lookup lookup) {
		if (lookup.hit() != null) {
			this.cache.statistics().hit();
		}
		else {
			this.cache.statistics().miss();
		}
	}

	/**
	 * See how long an entry lives, without its value.
	 * @return empty if there is none, zero if it never expires
	 */
	Optional<Duration> peek(String key) {
		try {
			return this.cache.store().entries().peek(this.cache.handle(), key).await();
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.GET, ex);
			return Optional.empty();
		}
	}

	CompletableFuture<Optional<Duration>> peekAsync(String key) {
		return this.cache.store().entries().peek(this.cache.handle(), key).async().exceptionally((failure) -> {
			this.cache.failures().tolerate(CacheOperation.GET, failure);
			return Optional.empty();
		});
	}

}
