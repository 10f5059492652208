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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.psqache.StaleReason;
import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.SingleFlight.Flight;
import io.psqache.internal.load.SingleFlight.Loaded;
import io.psqache.internal.store.EntryAge;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes readable entries of one cache: loads and writes a new value while readers
 * receive the old one. One reader refreshes an entry at a time, per instance or, with
 * {@link io.psqache.SingleFlightScope#CLUSTER}, in all instances. Thread-safe.
 */
final class Refreshes {

	/**
	 * How long after a failed refresh the next one may start.
	 */
	private static final Duration RETRY_AFTER_FAILURE = Duration.ofSeconds(1);

	/**
	 * How long this instance waits before it tries the lease again that a peer holds.
	 */
	private static final Duration RETRY_WHILE_LEASED = Duration.ofMillis(250);

	private final LoadContext context;

	private final EntryReader reader;

	private final EntryWriter writer;

	Refreshes(LoadContext context, EntryReader reader, EntryWriter writer) {
		this.context = context;
		this.reader = reader;
		this.writer = writer;
	}

	/**
	 * Refresh an entry after a read, if a refresh is due. In a transaction no refresh is
	 * due: the load may depend on the transaction's own changes, which no other thread
	 * sees.
	 */
	void afterRead(CacheKey key, Lookup read, Loader loader) {
		countIfStale(read);
		EntryAge age = read.age();
		if (age != null && isDue(read) && this.context.refreshClaims.claim(key.stored(), LoadCoordinator.MAX_WAIT)
				&& !this.context.threads.run(() -> refresh(key, age, loader))) {
			this.context.statistics.skippedRefreshes.increment();
			this.context.refreshClaims.release(key.stored()); // a later read retries
		}
	}

	private boolean isDue(Lookup read) {
		return this.context.freshness.isRefreshDue(read.age()) && !this.reader.inTransaction();
	}

	private void countIfStale(Lookup read) {
		if (this.context.freshness.isStale(read.age())) {
			this.context.statistics.stale(StaleReason.FRESH_FOR);
		}
	}

	/**
	 * Refresh in a single flight, which callers that miss the key in the meantime share.
	 */
	private void refresh(CacheKey key, EntryAge age, Loader loader) {
		this.context.flights.load(key.stored(), (flight) -> load(flight, key, age, loader), CallMode.ASYNC)
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.context.refreshClaims.prolong(key.stored(), RETRY_AFTER_FAILURE);
					this.context.statistics.failedRefreshes.increment();
					this.context.failures.refreshFailed(CallMode.cause(failure));
				}
			});
	}

	/**
	 * Load with blocking reads, so that the loader runs on this thread. The thread that
	 * completes the value writes it asynchronously, because it must not block.
	 */
	private CompletableFuture<Loaded> load(Flight flight, CacheKey key, EntryAge age, Loader loader) {
		return this.context.lock.take(key.stored(), CallMode.BLOCKING).thenCompose((permit) -> {
			if (permit == null) {
				this.context.refreshClaims.prolong(key.stored(), RETRY_WHILE_LEASED);
				return CompletableFuture.completedFuture(Loaded.NOTHING);
			}
			return permit.during(() -> this.reader.read(key, CallMode.BLOCKING)
				.thenCompose((present) -> loadUnlessChanged(flight, key, age, present.age(), loader)));
		});
	}

	/**
	 * Load, unless the entry was written or evicted after the old value was read.
	 */
	private CompletableFuture<Loaded> loadUnlessChanged(Flight flight, CacheKey key, EntryAge age,
			@Nullable EntryAge present, Loader loader) {
		if (present == null || present.sinceWritten().compareTo(age.sinceWritten()) < 0) {
			this.context.refreshClaims.release(key.stored());
			return CompletableFuture.completedFuture(Loaded.NOTHING);
		}
		return this.reader.fence(CallMode.BLOCKING)
			.thenCompose((fence) -> this.context.call(loader).thenCompose((value) -> {
				flight.close();
				return this.writer.loaded(key.stored(), value, fence, CallMode.ASYNC).thenApply((current) -> {
					this.context.refreshClaims.release(key.stored());
					this.context.statistics.refreshes.increment();
					return new Loaded(value, current);
				});
			}));
	}

	/**
	 * Return whether a caller without a loader is to refresh the entry that it has read.
	 * Such a caller loads and puts a value after a miss. One caller per instance claims
	 * an entry.
	 */
	boolean claim(CacheKey key, Lookup read) {
		if (isDue(read) && this.context.refreshClaims.claim(key.stored(), LoadLeases.LIFE)) {
			return true;
		}
		countIfStale(read);
		return false;
	}

	/**
	 * Return a miss for a caller whose claim succeeded, if this instance also acquires
	 * the lease. Otherwise return the old value. The future never fails.
	 */
	CompletableFuture<Lookup> missIfLeased(CacheKey key, Lookup read, CallMode mode) {
		return this.context.lock.lease(key.stored(), mode).thenCompose((leased) -> {
			if (leased) {
				return miss(key, mode);
			}
			this.context.refreshClaims.prolong(key.stored(), RETRY_WHILE_LEASED);
			countIfStale(read);
			return CompletableFuture.completedFuture(read);
		}).exceptionally((failure) -> {
			this.context.failures.leaseFailed(failure);
			countIfStale(read);
			return read;
		});
	}

	private CompletableFuture<Lookup> miss(CacheKey key, CallMode mode) {
		return this.reader.fence(mode).thenApply(Lookup::miss).whenComplete((miss, failure) -> {
			if (failure != null) {
				this.context.lock.release(key.stored());
			}
		});
	}

	/**
	 * End the refresh after the put of the loaded value, so that other callers and
	 * instances can refresh the entry.
	 */
	void afterPut(String key) {
		if (this.context.refreshClaims.release(key)) {
			this.context.statistics.refreshes.increment();
			this.context.lock.release(key);
		}
	}

}
