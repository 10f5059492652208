package io.psqache.transaction;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.psqache.store.Bulk;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.Fence;
import io.psqache.store.Lifetime;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * What is committed, and changes that take effect at once. Thread-safe.
 */
final class CommittedEntries implements EntryView {

	private final EntryStore store;

	CommittedEntries(EntryStore store) {
		this.store = store;
	}

	@Override
	public Request<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return this.store.get(cache, key, timeToIdle);
	}

	@Override
	public Request<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return this.store.getOrFence(cache, key, timeToIdle);
	}

	@Override
	public Request<Fence> fence(CacheHandle cache) {
		return this.store.fence(cache);
	}

	@Override
	public Bulk<ReadAnswer> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		return this.store.getAll(cache, keys, timeToIdle);
	}

	@Override
	public Request<Optional<Duration>> peek(CacheHandle cache, String key) {
		return this.store.peek(cache, key);
	}

	@Override
	public Request<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		return this.store.put(cache, key, entry);
	}

	@Override
	public void putBehind(CacheHandle cache, String key, NewEntry entry, PutListener listener, boolean patient) {
		this.store.putBehind(cache, key, entry, listener, patient);
	}

	@Override
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return this.store.putIfAbsent(cache, key, value, lifetime);
	}

	@Override
	public Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		return this.store.putAll(cache, values, lifetimes);
	}

	@Override
	public Request<Boolean> evict(CacheHandle cache, String key) {
		return this.store.evict(cache, key);
	}

	@Override
	public Request<Boolean> evictIfPresent(CacheHandle cache, String key) {
		return this.store.evict(cache, key);
	}

	@Override
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys) {
		return this.store.evictAll(cache, keys);
	}

	@Override
	public Request<Boolean> clear(CacheHandle cache) {
		return this.store.clear(cache);
	}

	@Override
	public Request<Boolean> invalidate(CacheHandle cache) {
		return this.store.invalidate(cache);
	}

}
