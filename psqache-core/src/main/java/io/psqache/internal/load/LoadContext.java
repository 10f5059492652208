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
 * The loading state that all views of one cache share: running loads, the lock between
 * instances, and refresh claims. Each view has its own {@link ReadThrough}. Thread-safe.
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
	 * Create a new instance.
	 * @param settings the load settings
	 * @param statistics counts the loads
	 * @param failures receives the failures of loads
	 * @param cache the store's handle of the cache
	 * @param leases the leases, which select the instance that loads a key
	 * @param threads run the loaders for which no caller waits
	 */
	public LoadContext(LoadSettings settings, LoadCounters statistics, LoadFailures failures, CacheHandle cache,
			LoadLeases leases, LoadThreads threads) {
		this.settings = settings;
		this.statistics = statistics;
		this.failures = failures;
		this.threads = threads;
		this.flights = new SingleFlight(LoadCoordinator.MAX_WAIT, statistics);
		this.lock = new LoadLock(cache, leases, failures, settings.singleFlight() == SingleFlightScope.CLUSTER);
		this.freshness = new Freshness(settings);
	}

	/**
	 * Stop sharing the running load of a key, because its result may be out of date. The
	 * next caller starts a new load.
	 * @param key the stored key
	 */
	public void forget(String key) {
		this.flights.forget(key);
	}

	/**
	 * As {@link #forget}, for all keys.
	 */
	public void forgetAll() {
		this.flights.forgetAll();
	}

	/**
	 * Return the running loads of callers without a loader.
	 * @return the known loads
	 */
	public PlainLoads plainLoads() {
		return this.plainLoads;
	}

	/**
	 * Return the value for a near entry, which lives only as long as the entry is fresh.
	 * @param stored the value as read
	 * @param age the age of the entry; {@code null} if it is unknown
	 * @return the value, with its lifetime limited to the time left of {@code fresh-for}
	 */
	public StoredValue whileFresh(StoredValue stored, @Nullable EntryAge age) {
		return this.freshness.whileFresh(stored, age);
	}

	/**
	 * Call a loader, count the call and measure its duration.
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
