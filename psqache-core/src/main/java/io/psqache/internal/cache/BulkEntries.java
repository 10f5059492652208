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
 * Many entries of one cache at once, values as objects and keys as stored. A read fails
 * open, as that of a single entry does; a write that could not do all tells how much it
 * did. Either counts as one failure. Thread-safe.
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
	 * Read.
	 * @return the values of those that are there and not {@code null}, by stored key;
	 * never fails
	 */
	CompletableFuture<Map<String, Object>> read(Collection<CacheKey> keys, CallMode mode) {
		Reading reading = new Reading(keys);
		return reading.send(mode).thenApply(reading::values);
	}

	/**
	 * Write.
	 * @return fails with a {@link CacheWriteException} if not all were written
	 */
	CompletableFuture<@Nullable Void> write(Map<String, Object> values, CallMode mode) {
		Writing writing = new Writing(values);
		return writing.send(mode).thenAcceptBoth(writing.sendRemoval(mode), writing::check);
	}

	/**
	 * Entries to be read: those of which there are copies, and those that the database is
	 * asked for.
	 */
	private final class Reading {

		private final Map<String, Object> values = new LinkedHashMap<>();

		private final Map<String, @Nullable PendingNearEntry> asked = new LinkedHashMap<>();

		Reading(Collection<CacheKey> keys) {
			keys.forEach(this::add);
		}

		private void add(CacheKey key) {
			ValueWrapper copy = BulkEntries.this.near.get(key.lookup());
			if (copy == null) {
				this.asked.put(key.stored(), BulkEntries.this.near.begin(key));
			}
			else {
				put(key.stored(), copy.get());
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
				.getAll(cache.handle(), this.asked.keySet(), cache.settings().timeToIdle())
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
			cache.statistics().misses.add(this.asked.size() - hits);
			if (answer.failure() != null) {
				cache.failures().tolerate(CacheOperation.GET, answer.failure());
			}
			return this.values;
		}

		/**
		 * Decode one.
		 * @return whether it can be read, be it as {@code null}
		 */
		private boolean decode(String key, StoredValue stored, @Nullable EntryAge age) {
			try {
				ValueWrapper value = new SimpleValueWrapper(BulkEntries.this.codec.decode(stored));
				BulkEntries.this.near.fill(this.asked.get(key), stored, age, value);
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
	 * Entries to be written, and why the first one that has no stored form has none.
	 */
	private final class Writing {

		private final Map<String, StoredValue> stored = new LinkedHashMap<>();

		private final int asked;

		private final Set<String> unstorable = new LinkedHashSet<>();

		private @Nullable StoreException reason;

		Writing(Map<String, Object> values) {
			this.asked = values.size();
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
		 * Nothing older may stay in the place of what cannot be stored.
		 */
		CompletableFuture<BulkAnswer<Boolean>> sendRemoval(CallMode mode) {
			CacheCore cache = BulkEntries.this.cache;
			return cache.store().entries().evictAll(cache.handle(), this.unstorable).in(mode);
		}

		void check(BulkAnswer<Boolean> answer, BulkAnswer<Boolean> removed) {
			CacheCore cache = BulkEntries.this.cache;
			evictLater(this.stored.keySet(), answer);
			evictLater(this.unstorable, removed);
			cache.statistics().puts.add(answer.answers().size());
			StoreException failure = (answer.failure() != null) ? answer.failure() : this.reason;
			if (failure != null) {
				throw cache.failures().writeFailed(answer.answers().size(), this.asked, failure);
			}
		}

		/**
		 * Nor in the place of what was not stored.
		 */
		private void evictLater(Set<String> keys, BulkAnswer<Boolean> answer) {
			if (answer.failure() != null) {
				Set<String> lost = new LinkedHashSet<>(keys);
				lost.removeAll(answer.answers().keySet());
				BulkEntries.this.cache.store().committed().evictLater(BulkEntries.this.cache.handle(), lost);
			}
		}

	}

}
