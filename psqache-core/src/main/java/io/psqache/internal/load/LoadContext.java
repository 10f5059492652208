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

import io.psqache.LoadSettings;
import io.psqache.SingleFlightScope;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryAge;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * What all views of one cache share of its loads: those under way, the lock between
 * instances, and what is old. Each view has a {@link ReadThrough} of its own.
 * Thread-safe.
 */
public final class LoadContext {

	final LoadSettings settings;

	final LoadCounters statistics;

	final LoadFailures failures;

	final LoadThreads threads;

	final SingleFlight flights;

	final LoadLock lock;

	final Freshness freshness;

	final RefreshClaims refreshClaims = new RefreshClaims();

	final PlainLoads plainLoads = new PlainLoads();

	/**
	 * Create it.
	 * @param settings how values are loaded
	 * @param statistics counts the loads
	 * @param failures is told of what goes wrong
	 * @param cache what the store knows the cache by
	 * @param leases which instance may load a key
	 * @param threads where loaders run whose callers do not wait
	 */
	public LoadContext(LoadSettings settings, LoadCounters statistics, LoadFailures failures, CacheHandle cache,
			LoadLeases leases, LoadThreads threads) {
		this.settings = settings;
		this.statistics = statistics;
		this.failures = failures;
		this.threads = threads;
		this.flights = new SingleFlight(LoadCoordinator.PATIENCE, statistics);
		this.lock = new LoadLock(cache, leases, failures, settings.singleFlight() == SingleFlightScope.CLUSTER);
		this.freshness = new Freshness(settings);
	}

	/**
	 * Have the next caller load a key: the result of the load under way may be out of
	 * date.
	 * @param key the stored key
	 */
	public void forget(String key) {
		this.flights.forget(key);
	}

	/**
	 * As {@link #forget}, for every key.
	 */
	public void forgetAll() {
		this.flights.forgetAll();
	}

	/**
	 * The loads of callers that bring no loader.
	 * @return the loads that are known to be under way
	 */
	public PlainLoads plainLoads() {
		return this.plainLoads;
	}

	/**
	 * What a copy of an entry is made of: its time ends with that for which the entry is
	 * fresh.
	 * @param stored the entry as it was read
	 * @param age its age; {@code null} if it has none
	 * @return the entry, with no more time left than that
	 */
	public StoredValue whileFresh(StoredValue stored, @Nullable EntryAge age) {
		return this.freshness.whileFresh(stored, age);
	}

	/**
	 * Call a loader, count the call, and measure how long it takes.
	 */
	CompletableFuture<? extends @Nullable Object> call(Loader loader) {
		this.statistics.loads.increment();
		long begin = System.nanoTime();
		return loader.load().whenComplete((value, failure) -> {
			if (failure == null) {
				this.freshness.loaded(begin);
			}
		});
	}

}
