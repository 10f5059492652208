/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.psqache.FailureCause;
import io.psqache.internal.engine.Call;
import org.jspecify.annotations.Nullable;

/**
 * The entries of caches, as a caller sees and changes them: {@link EntryStore} has what
 * is committed, and a transaction what it has changed besides.
 */
public interface Entries {

	/**
	 * Read an entry.
	 * @param cache the cache
	 * @param key the key
	 * @param timeToIdle the age limit from the last read that this read prolongs, if any
	 * @return the value, if there is an entry and it has not expired
	 */
	Call<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle);

	/**
	 * As {@link #get}, for callers that load and put on a miss.
	 * @param cache the cache
	 * @param key the key
	 * @param timeToIdle the age limit from the last read that this read prolongs, if any
	 * @return the value, or the fence for the put that follows
	 */
	Call<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle);

	/**
	 * Take a fence for what is going to be loaded although there is an entry: one that
	 * cannot be read, say.
	 * @param cache the cache
	 * @return the fence for the put that follows
	 */
	Call<Fence> fence(CacheHandle cache);

	/**
	 * Read many entries.
	 * @param cache the cache
	 * @param keys the keys
	 * @param timeToIdle the age limit from the last read that this read prolongs, if any
	 * @return for each key the value, if there is an entry and it has not expired
	 */
	Call<BulkAnswer<ReadAnswer>> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle);

	/**
	 * See whether there is an entry, without its value, and without prolonging it.
	 * @param cache the cache
	 * @param key the key
	 * @return how long it lives if it is not read, {@link Duration#ZERO} if it never
	 * expires, or empty if there is no entry or it has expired
	 */
	Call<Optional<Duration>> peek(CacheHandle cache, String key);

	/**
	 * Write an entry, in place of what was there.
	 * @param cache the cache
	 * @param key the key
	 * @param entry what to write, and the fence that it stands behind, if any
	 * @return whether it was written; {@code false} if the fence was in the way
	 */
	Call<Boolean> put(CacheHandle cache, String key, NewEntry entry);

	/**
	 * Write an entry unless there is one. It fails with {@link FailureCause#SUSPENDED}
	 * while the database has still to do an eviction of that key.
	 * @param cache the cache
	 * @param key the key
	 * @param value the value
	 * @param lifetime how long it lives from now
	 * @return whether it was written
	 */
	Call<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime);

	/**
	 * Write many entries, in place of what was there.
	 * @param cache the cache
	 * @param values the values by their keys
	 * @param lifetimes how long each of them lives from now
	 * @return for each key that it was written
	 */
	Call<BulkAnswer<Boolean>> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes);

	/**
	 * Remove an entry, and refuse the puts that follow a miss from before.
	 * @param cache the cache
	 * @param key the key
	 * @return whether there was one that had not expired; in a transaction this is not
	 * looked up, and it is {@code true}
	 */
	Call<Boolean> evict(CacheHandle cache, String key);

	/**
	 * As {@link #evict}, for callers that need to know whether there was an entry.
	 * @param cache the cache
	 * @param key the key
	 * @return whether there was an entry that had not expired
	 */
	default Call<Boolean> evictIfPresent(CacheHandle cache, String key) {
		return evict(cache, key);
	}

	/**
	 * Remove many entries.
	 * @param cache the cache
	 * @param keys the keys
	 * @return for each key whether there was an entry that had not expired
	 */
	Call<BulkAnswer<Boolean>> evictAll(CacheHandle cache, Set<String> keys);

	/**
	 * Remove all entries of a cache, at a cost that does not depend on their number: from
	 * now on none of them is seen.
	 * @param cache the cache
	 * @return whether it was done, which is always {@code true}
	 */
	Call<Boolean> clear(CacheHandle cache);

	/**
	 * As {@link #clear}, but look first whether there are any.
	 * @param cache the cache
	 * @return whether there was an entry that had not expired
	 */
	Call<Boolean> invalidate(CacheHandle cache);

}
