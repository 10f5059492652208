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

package io.psqache.internal.cache;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.CacheOperation;
import io.psqache.CacheWriteException;
import io.psqache.StoreException;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.near.PendingNearEntry;
import io.psqache.internal.store.BulkAnswer;
import io.psqache.internal.store.EntryAge;
import io.psqache.internal.store.ReadAnswer;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * Reads and writes several entries of one cache. Values are objects, keys are stored
 * keys. A read fails open, as a read of a single entry does. A partially failed write
 * reports the number of written entries. A failed call counts as one failure.
 * Thread-safe.
 */
final class BulkEntries {

	private final CacheCore cache;

	private final ValueCodec codec;

	private final NearReads near;

	BulkEntries(CacheCore cache, ValueCodec codec, NearReads near) {
		this.cache = cache;
		this.codec = codec;
		this.near = near;
	}

	/**
	 * Read entries.
	 * @return the existing values that are not {@code null}, by stored key; never fails
	 */
	CompletableFuture<Map<String, Object>> read(Collection<CacheKey> keys, CallMode mode) {
		BulkRead read = new BulkRead(keys);
		return read.send(mode).thenApply(read::values);
	}

	/**
	 * Write entries.
	 * @return fails with a {@link CacheWriteException} if not all were written
	 */
	CompletableFuture<@Nullable Void> write(Map<String, Object> values, CallMode mode) {
		BulkWrite write = new BulkWrite(values);
		return write.send(mode).thenAcceptBoth(write.sendEvictions(mode), write::check);
	}

	/**
	 * A read, which answers from near entries and requests the other entries from the
	 * database.
	 */
	private final class BulkRead {

		private final Map<String, Object> values = new LinkedHashMap<>();

		private final Map<String, @Nullable PendingNearEntry> requested = new LinkedHashMap<>();

		BulkRead(Collection<CacheKey> keys) {
			keys.forEach(this::add);
		}

		private void add(CacheKey key) {
			ValueWrapper nearEntry = BulkEntries.this.near.get(key.lookup());
			if (nearEntry == null) {
				this.requested.put(key.stored(), BulkEntries.this.near.begin(key));
			}
			else {
				put(key.stored(), nearEntry.get());
			}
		}

		private void put(String key, @Nullable Object value) {
			if (value != null) {
				this.values.put(key, value);
			}
		}

		CompletableFuture<BulkAnswer<ReadAnswer>> send(CallMode mode) {
			CacheCore cache = BulkEntries.this.cache;
			return cache.store()
				.entries()
				.getAll(cache.handle(), this.requested.keySet(), cache.settings().timeToIdle())
				.in(mode);
		}

		Map<String, Object> values(BulkAnswer<ReadAnswer> answer) {
			CacheCore cache = BulkEntries.this.cache;
			int hits = 0;
			for (Map.Entry<String, ReadAnswer> entry : answer.answers().entrySet()) {
				StoredValue present = entry.getValue().present();
				if (present != null && decode(entry.getKey(), present, entry.getValue().age())) {
					hits++;
				}
			}
			cache.statistics().hits.add(hits);
			cache.statistics().misses.add(this.requested.size() - hits);
			if (answer.failure() != null) {
				cache.failures().tolerate(CacheOperation.GET, answer.failure());
			}
			return this.values;
		}

		/**
		 * Decode an entry.
		 * @return whether the entry is readable, also if its value is {@code null}
		 */
		private boolean decode(String key, StoredValue stored, @Nullable EntryAge age) {
			try {
				ValueWrapper value = new SimpleValueWrapper(BulkEntries.this.codec.decode(stored));
				BulkEntries.this.near.fill(this.requested.get(key), stored, age, value);
				put(key, value.get());
				return true;
			}
			catch (StoreException ex) {
				BulkEntries.this.cache.failures().tolerate(CacheOperation.GET, ex);
				return false;
			}
		}

	}

	/**
	 * A write, with the first failure to encode a value.
	 */
	private final class BulkWrite {

		private final Map<String, StoredValue> stored = new LinkedHashMap<>();

		private final int requested;

		private final Set<String> unstorable = new LinkedHashSet<>();

		private @Nullable StoreException reason;

		BulkWrite(Map<String, Object> values) {
			this.requested = values.size();
			values.forEach(this::encode);
		}

		private void encode(String key, Object value) {
			try {
				this.stored.put(key, BulkEntries.this.codec.encode(value));
			}
			catch (StoreException ex) {
				this.unstorable.add(key);
				this.reason = (this.reason != null) ? this.reason : ex;
			}
		}

		CompletableFuture<BulkAnswer<Boolean>> send(CallMode mode) {
			CacheCore cache = BulkEntries.this.cache;
			return cache.store().entries().putAll(cache.handle(), this.stored, cache.lifetimes()::next).in(mode);
		}

		/**
		 * Evict the entries whose new values cannot be stored, so that no older value
		 * remains.
		 */
		CompletableFuture<BulkAnswer<Boolean>> sendEvictions(CallMode mode) {
			CacheCore cache = BulkEntries.this.cache;
			return cache.store().entries().evictAll(cache.handle(), this.unstorable).in(mode);
		}

		void check(BulkAnswer<Boolean> answer, BulkAnswer<Boolean> evicted) {
			CacheCore cache = BulkEntries.this.cache;
			evictLater(this.stored.keySet(), answer);
			evictLater(this.unstorable, evicted);
			cache.statistics().puts.add(answer.answers().size());
			StoreException failure = (answer.failure() != null) ? answer.failure() : this.reason;
			if (failure != null) {
				throw cache.failures().writeFailed(answer.answers().size(), this.requested, failure);
			}
		}

		/**
		 * Add the entries that were not changed to the backlog, so that no older value
		 * remains.
		 */
		private void evictLater(Set<String> keys, BulkAnswer<Boolean> answer) {
			if (answer.failure() != null) {
				Set<String> unchanged = new LinkedHashSet<>(keys);
				unchanged.removeAll(answer.answers().keySet());
				BulkEntries.this.cache.store().committed().evictLater(BulkEntries.this.cache.handle(), unchanged);
			}
		}

	}

}
