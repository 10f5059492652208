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
 * Refreshes entries of one cache that can still be read: loads and writes a new value,
 * while readers get the old one. One reader of an old entry has it refreshed, of this
 * instance or of all, as the cache is set. Thread-safe.
 */
final class Refreshes {

	/**
	 * Until the next attempt after one that has failed.
	 */
	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	/**
	 * Until this instance asks again whether another one still refreshes.
	 */
	private static final Duration ELSEWHERE = Duration.ofMillis(250);

	private final LoadContext context;

	private final EntryReader reader;

	private final EntryWriter writer;

	Refreshes(LoadContext context, EntryReader reader, EntryWriter writer) {
		this.context = context;
		this.reader = reader;
		this.writer = writer;
	}

	/**
	 * Have an entry refreshed that was read, if it is due. In a transaction none is: what
	 * it loads may depend on its own changes, which no other thread sees.
	 */
	void afterRead(CacheKey key, Lookup read, Loader loader) {
		countIfStale(read);
		EntryAge age = read.age();
		if (age != null && isDue(read) && this.context.refreshClaims.claim(key.stored(), LoadCoordinator.PATIENCE)
				&& !this.context.threads.run(() -> refresh(key, age, loader))) {
			this.context.statistics.skippedRefreshes.increment();
			this.context.refreshClaims.giveUp(key.stored()); // for the next reader
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
	 * Refresh as a flight of its own, which callers that miss the key meanwhile share.
	 */
	private void refresh(CacheKey key, EntryAge age, Loader loader) {
		this.context.flights.load(key.stored(), (flight) -> load(flight, key, age, loader), CallMode.ASYNC)
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.context.refreshClaims.prolong(key.stored(), AFTER_FAILURE);
					this.context.statistics.failedRefreshes.increment();
					this.context.failures.refreshFailed(CallMode.cause(failure));
				}
			});
	}

	/**
	 * This thread waits for the store, so that the loader runs on it. The value is
	 * written on the thread that completes it, which must not wait.
	 */
	private CompletableFuture<Loaded> load(Flight flight, CacheKey key, EntryAge age, Loader loader) {
		return this.context.lock.take(key.stored(), CallMode.BLOCKING).thenCompose((turn) -> {
			if (turn == null) {
				this.context.refreshClaims.prolong(key.stored(), ELSEWHERE);
				return CompletableFuture.completedFuture(Loaded.NOTHING);
			}
			return turn.during(() -> this.reader.read(key, CallMode.BLOCKING)
				.thenCompose((present) -> loadUnlessChanged(flight, key, age, present.age(), loader)));
		});
	}

	/**
	 * An entry that was written or evicted since the old one was read needs no refresh.
	 */
	private CompletableFuture<Loaded> loadUnlessChanged(Flight flight, CacheKey key, EntryAge age,
			@Nullable EntryAge present, Loader loader) {
		if (present == null || present.sinceWritten().compareTo(age.sinceWritten()) < 0) {
			this.context.refreshClaims.giveUp(key.stored());
			return CompletableFuture.completedFuture(Loaded.NOTHING);
		}
		return this.reader.fence(CallMode.BLOCKING)
			.thenCompose((fence) -> this.context.call(loader).thenCompose((value) -> {
				flight.close();
				return this.writer.loaded(key.stored(), value, fence, CallMode.ASYNC).thenApply((current) -> {
					this.context.refreshClaims.giveUp(key.stored());
					this.context.statistics.refreshes.increment();
					return new Loaded(value, current);
				});
			}));
	}

	/**
	 * Whether a caller without a loader, which puts what it loads after a miss, is the
	 * one of this instance to refresh what it has read.
	 */
	boolean claim(CacheKey key, Lookup read) {
		if (isDue(read) && this.context.refreshClaims.claim(key.stored(), LoadLeases.LIFE)) {
			return true;
		}
		countIfStale(read);
		return false;
	}

	/**
	 * What such a caller is told: a miss, if it is the one of all instances. Never fails.
	 */
	CompletableFuture<Lookup> missIfLeased(CacheKey key, Lookup read, CallMode mode) {
		return this.context.lock.lease(key.stored(), mode).thenCompose((mine) -> {
			if (mine) {
				return miss(key, mode);
			}
			this.context.refreshClaims.prolong(key.stored(), ELSEWHERE);
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
				this.context.lock.giveBack(key.stored());
			}
		});
	}

	/**
	 * A value that was loaded after a miss has been put: let other callers and instances
	 * refresh the entry from now on.
	 */
	void afterPut(String key) {
		if (this.context.refreshClaims.giveUp(key)) {
			this.context.statistics.refreshes.increment();
			this.context.lock.giveBack(key);
		}
	}

}
