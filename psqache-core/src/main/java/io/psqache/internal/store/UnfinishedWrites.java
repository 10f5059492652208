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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The writes of one cache that were sent and whose callers have gone on, because their
 * threads must not wait. In place of the callers, whatever the callers may do next waits:
 * <ol>
 * <li>A read of an entry waits for the writes of the entry, and for clears.</li>
 * <li>A clear waits for the writes of all entries: a put that came after it would
 * survive.</li>
 * <li>A write of an entry waits for nothing: the queue keeps the order of writes of one
 * entry, and what a later clear removes was not stale.</li>
 * </ol>
 * Thread-safe.
 */
final class UnfinishedWrites {

	private final ConcurrentMap<String, CompletableFuture<?>> entries = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable CompletableFuture<?>> clears = new AtomicReference<>();

	/**
	 * Add a write.
	 * @param key the key of the entry; {@code null} for all
	 * @param write completes when the write is done, or is pending
	 */
	void add(@Nullable String key, CompletableFuture<?> write) {
		if (write.isDone()) {
			return;
		}
		if (key != null) {
			CompletableFuture<?> all = this.entries.merge(key, write, CompletableFuture::allOf);
			all.whenComplete((done, failure) -> this.entries.remove(key, all));
			return;
		}
		CompletableFuture<?> all = this.clears.accumulateAndGet(write, (present,
				added) -> (present != null && added != null) ? CompletableFuture.allOf(present, added) : added);
		if (all != null) {
			all.whenComplete((done, failure) -> this.clears.compareAndSet(all, null));
		}
	}

	/**
	 * What a read of an entry waits for.
	 * @return {@code null} if there is nothing
	 */
	@Nullable CompletableFuture<?> before(String key) {
		CompletableFuture<?> clear = this.clears.get();
		CompletableFuture<?> write = this.entries.isEmpty() ? null : this.entries.get(key);
		if (clear == null || write == null) {
			return (clear != null) ? clear : write;
		}
		return CompletableFuture.allOf(clear, write);
	}

	/**
	 * What a read of several entries waits for.
	 * @return {@code null} if there is nothing
	 */
	@Nullable CompletableFuture<?> before(Set<String> keys) {
		if (this.clears.get() == null && this.entries.isEmpty()) {
			return null;
		}
		List<CompletableFuture<?>> writes = new ArrayList<>();
		for (String key : keys) {
			CompletableFuture<?> write = before(key);
			if (write != null) {
				writes.add(write);
			}
		}
		return all(writes);
	}

	/**
	 * What a clear waits for.
	 * @return {@code null} if there is nothing
	 */
	@Nullable CompletableFuture<?> beforeClear() {
		return all(List.copyOf(this.entries.values()));
	}

	private static @Nullable CompletableFuture<?> all(Collection<CompletableFuture<?>> writes) {
		return writes.isEmpty() ? null : CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
	}

}
