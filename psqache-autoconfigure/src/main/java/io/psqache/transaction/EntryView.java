package io.psqache.transaction;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.psqache.store.Bulk;
import io.psqache.store.CacheHandle;
import io.psqache.store.Fence;
import io.psqache.store.Lifetime;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import io.psqache.store.ReadAnswer;
import io.psqache.store.Request;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * The entries as someone sees and changes them: see {@link TransactionalStore} for what
 * each method does.
 */
interface EntryView {

	Request<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle);

	Request<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle);

	Request<Fence> fence(CacheHandle cache);

	Bulk<ReadAnswer> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle);

	Request<Optional<Duration>> peek(CacheHandle cache, String key);

	Request<Boolean> put(CacheHandle cache, String key, NewEntry entry);

	void putBehind(CacheHandle cache, String key, NewEntry entry, PutListener listener, boolean patient);

	Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime);

	Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes);

	Request<Boolean> evict(CacheHandle cache, String key);

	Request<Boolean> evictIfPresent(CacheHandle cache, String key);

	Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys);

	Request<Boolean> clear(CacheHandle cache);

	Request<Boolean> invalidate(CacheHandle cache);

}
