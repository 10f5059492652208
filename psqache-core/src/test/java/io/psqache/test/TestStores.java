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
 * Stores and their caches, set as far as a test has to say.
 */
public final class TestStores {

	/**
	 * How long a load may take whose value is to be cached.
	 */
	public static final Duration FENCE_LIFE = Duration.ofMinutes(5);

	private TestStores() {
	}

	/**
	 * A store that is not observed, and whose schema stays.
	 */
	public static EntryStore open(DataSource connections, int workers, Duration timeout) {
		return new EntryStore(connections, workers, TestCaches.SCHEMA, timeout, FENCE_LIFE, CacheMonitor.NONE,
				SchemaRepair.NONE);
	}

	/**
	 * A cache without bounds, whose entries never expire.
	 */
	public static CacheHandle cache(EntryStore store, String namespace, String name) {
		return cache(store, namespace, name, CacheBounds.NONE, Lifetime.FOREVER);
	}

	/**
	 * A cache in which nothing matters of old entries.
	 */
	public static CacheHandle cache(EntryStore store, String namespace, String name, CacheBounds bounds,
			Lifetime shortest) {
		return store.cache(namespace, name, bounds, shortest, Staleness.NONE, ChangeListener.NONE);
	}

	/**
	 * An entry that never expires.
	 */
	public static NewEntry entry(StoredValue value) {
		return new NewEntry(value, Lifetime.FOREVER);
	}

}
