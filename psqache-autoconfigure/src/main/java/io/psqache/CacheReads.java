package io.psqache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.CacheKey;
import io.psqache.codec.ValueCodec;
import io.psqache.load.EntryReader;
import io.psqache.load.Lookup;
import io.psqache.near.Fill;
import io.psqache.store.CacheHandle;
import io.psqache.store.Fence;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import io.psqache.transaction.TransactionalStore;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * Reads the entries of one cache, values as objects. This is where reads fail open: one
 * that fails is counted and logged, and a miss to whoever asked. Thread-safe.
 */
final class CacheReads implements EntryReader {

	private final CacheHandle handle;

	private final CacheSettings settings;

	private final TransactionalStore store;

	private final ValueCodec codec;

	private final CacheStatistics statistics;

	private final CacheFailures failures;

	private final NearReads near;

	CacheReads(CacheCore cache, ValueCodec codec, NearReads near) {
		this.handle = cache.handle();
		this.settings = cache.settings();
		this.store = cache.store();
		this.codec = codec;
		this.statistics = cache.statistics();
		this.failures = cache.failures();
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
		return this.store.entries().get(this.handle, key, this.settings.timeToIdle());
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
		return this.store.entries().getOrFence(this.handle, key.stored(), this.settings.timeToIdle());
	}

	@Override
	public Lookup readExpired(CacheKey key) {
		return lookup(this.store.committed().getExpired(this.handle, key.stored()), null);
	}

	@Override
	public CompletableFuture<Lookup> readExpiredAsync(CacheKey key) {
		return lookupAsync(this.store.committed().getExpired(this.handle, key.stored()), null);
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
				this.failures.tolerate(CacheOperation.GET, ex);
				return Lookup.failed(fence());
			}
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			return Lookup.FAILED;
		}
	}

	private CompletableFuture<Lookup> lookupAsync(Request<ReadAnswer> request, @Nullable Fill fill) {
		return request.async().thenCompose((answer) -> {
			try {
				return CompletableFuture.completedFuture(decoded(answer, fill));
			}
			catch (StoreException ex) {
				this.failures.tolerate(CacheOperation.GET, ex);
				return fenceAsync().thenApply(Lookup::failed);
			}
		}).exceptionally((failure) -> {
			this.failures.tolerate(CacheOperation.GET, failure);
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
		return this.store.entries().fence(this.handle).await();
	}

	@Override
	public CompletableFuture<Fence> fenceAsync() {
		return this.store.entries().fence(this.handle).async();
	}

	@Override
	public boolean inTransaction() {
		return this.store.inTransaction();
	}

	@Override
	public void count(Lookup lookup) {
		if (lookup.hit() != null) {
			this.statistics.hit();
		}
		else {
			this.statistics.miss();
		}
	}

	/**
	 * See how long an entry lives, without its value.
	 * @return empty if there is none, zero if it never expires
	 */
	Optional<Duration> peek(String key) {
		try {
			return this.store.entries().peek(this.handle, key).await();
		}
		catch (StoreException ex) {
			this.failures.tolerate(CacheOperation.GET, ex);
			return Optional.empty();
		}
	}

	CompletableFuture<Optional<Duration>> peekAsync(String key) {
		return this.store.entries().peek(this.handle, key).async().exceptionally((failure) -> {
			this.failures.tolerate(CacheOperation.GET, failure);
			return Optional.empty();
		});
	}

}
