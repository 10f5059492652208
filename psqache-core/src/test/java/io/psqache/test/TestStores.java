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

package io.psqache.test;

import java.time.Duration;

import javax.sql.DataSource;

import io.psqache.CacheBounds;
import io.psqache.CacheMonitor;
import io.psqache.TestCaches;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.ChangeListener;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Lifetime;
import io.psqache.internal.store.NewEntry;
import io.psqache.internal.store.SchemaRepair;
import io.psqache.internal.store.Staleness;
import io.psqache.internal.store.StoredValue;

/**
 * Creates stores and their caches with defaults for tests.
 */
public final class TestStores {

	/**
	 * The tombstone retention, which limits the duration of a load.
	 */
	public static final Duration FENCE_LIFE = Duration.ofMinutes(5);

	private TestStores() {
	}

	/**
	 * Open a store without a monitor and without schema repair.
	 */
	public static EntryStore open(DataSource connections, int workers, Duration timeout) {
		return new EntryStore(connections, workers, TestCaches.SCHEMA, timeout, FENCE_LIFE, CacheMonitor.NONE,
				SchemaRepair.NONE);
	}

	/**
	 * Create a cache without bounds, whose entries never expire.
	 */
	public static CacheHandle cache(EntryStore store, String namespace, String name) {
		return cache(store, namespace, name, CacheBounds.NONE, Lifetime.FOREVER);
	}

	/**
	 * Create a cache without stale entries and without a near cache.
	 */
	public static CacheHandle cache(EntryStore store, String namespace, String name, CacheBounds bounds,
			Lifetime shortest) {
		return store.cache(namespace, name, bounds, shortest, Staleness.NONE, ChangeListener.NONE);
	}

	/**
	 * Create an entry that never expires.
	 */
	public static NewEntry entry(StoredValue value) {
		return new NewEntry(value, Lifetime.FOREVER);
	}

}
