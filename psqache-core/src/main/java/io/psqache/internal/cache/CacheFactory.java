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

import java.time.Duration;
import java.util.Collection;

import io.psqache.CacheBounds;
import io.psqache.CacheKeyConverter;
import io.psqache.CacheSettings;
import io.psqache.LoadSettings;
import io.psqache.internal.codec.CacheKeys;
import io.psqache.internal.codec.KeyCodec;
import io.psqache.internal.load.LoadContext;
import io.psqache.internal.load.LoadLeases;
import io.psqache.internal.load.LoadThreads;
import io.psqache.internal.near.InvalidationBus;
import io.psqache.internal.near.NearCache;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Staleness;
import io.psqache.internal.transaction.TransactionalStore;
import io.psqache.internal.transaction.Transactions;

/**
 * Creates the caches of one manager and owns the parts that they share. Thread-safe.
 */
public final class CacheFactory implements AutoCloseable {

	private final EntryStore store;

	private final TransactionalStore transactionalStore;

	private final InvalidationBus invalidations;

	private final KeyCodec keys;

	private final String namespace;

	private final LoadLeases loadLeases;

	private final FailureLog failureLog = new FailureLog(System::nanoTime);

	private final LoadThreads loadThreads = new LoadThreads();

	/**
	 * Create a new factory.
	 * @param store holds the entries
	 * @param transactions the transaction settings
	 * @param invalidations keeps near caches coherent
	 * @param keyConverters convert keys before they are stored, in this order
	 * @param namespace the namespace of the caches
	 */
	public CacheFactory(EntryStore store, Transactions transactions, InvalidationBus invalidations,
			Collection<? extends CacheKeyConverter> keyConverters, String namespace) {
		this.store = store;
		this.transactionalStore = new TransactionalStore(store, transactions);
		this.invalidations = invalidations;
		this.keys = new KeyCodec(keyConverters);
		this.namespace = namespace;
		this.loadLeases = new LoadLeases(store);
	}

	/**
	 * Create a cache.
	 * @param name the name of the cache
	 * @param settings the settings of the cache
	 */
	public CacheCore create(String name, CacheSettings settings) {
		NearCache near = settings.near().enabled()
				? this.invalidations.open(settings.near(), settings.timeToIdle() != null) : null;
		CacheCounters statistics = new CacheCounters((near != null) ? near.statistics() : null);
		CacheHandle handle = this.store.cache(this.namespace, name, bounds(settings),
				new Lifetimes(settings).shortest(), staleness(settings.loading()), this.invalidations.changesOf(near));
		CacheFailures failures = new CacheFailures(name, statistics, this.failureLog);
		LoadContext loading = new LoadContext(settings.loading(), statistics.loading(), failures, handle,
				this.loadLeases, this.loadThreads);
		this.transactionalStore.listen(handle, failures.commitListener(loading));
		return new CacheCore(name, settings, new CacheKeys(this.keys, near != null), this.transactionalStore, handle,
				statistics, failures, loading, near);
	}

	private static CacheBounds bounds(CacheSettings settings) {
		return new CacheBounds(settings.maxEntries(),
				(settings.maxSize() != null) ? settings.maxSize().toBytes() : null);
	}

	/**
	 * Return the store's settings for stale entries: whether reads need the age, because
	 * entries are refreshed, and how long expired entries are kept.
	 */
	private static Staleness staleness(LoadSettings loading) {
		boolean refreshed = loading.freshFor() != null || loading.refreshAhead() > 0;
		Duration kept = loading.staleIfError();
		return new Staleness(refreshed, (kept != null) ? kept : Duration.ZERO);
	}

	@Override
	public void close() {
		this.loadThreads.close();
	}

}
