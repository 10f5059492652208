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

package io.psqache.internal.load;

import java.util.concurrent.CompletableFuture;

import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.Fence;

/**
 * Reads the entries of one cache for loads and refreshes. A failed read is a
 * {@link Lookup#failed()} lookup; only the futures of {@link #fence} fail. Thread-safe.
 */
public interface EntryReader {

	/**
	 * Read an entry.
	 * @param key the key
	 * @param mode whether to wait
	 * @return the lookup
	 */
	CompletableFuture<Lookup> read(CacheKey key, CallMode mode);

	/**
	 * As {@link #read}, for a caller that loads on a miss.
	 * @param key the key
	 * @param mode whether to wait; in a transaction, only a blocking read has a fence
	 * @return the lookup; a miss has a fence
	 */
	CompletableFuture<Lookup> readOrFence(CacheKey key, CallMode mode);

	/**
	 * As {@link #read}, but includes expired entries and ignores the changes of the
	 * current transaction.
	 * @param key the key
	 * @param mode whether to wait
	 * @return the lookup
	 */
	CompletableFuture<Lookup> readExpired(CacheKey key, CallMode mode);

	/**
	 * Take a fence for a load that does not follow a miss.
	 * @param mode whether to wait
	 * @return the fence; fails with a {@link io.psqache.StoreException} if PostgreSQL
	 * does not answer
	 */
	CompletableFuture<Fence> fence(CallMode mode);

	/**
	 * Return whether loads of this thread may depend on its own uncommitted changes.
	 * @return whether the thread is in a transaction that the cache takes part in
	 */
	boolean inTransaction();

	/**
	 * Count a read of the application as a hit or a miss. Reads within a load are not
	 * counted.
	 * @param lookup the result that the application receives
	 */
	void count(Lookup lookup);

}
