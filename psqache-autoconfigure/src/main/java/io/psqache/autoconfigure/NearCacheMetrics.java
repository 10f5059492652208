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

package io.psqache.autoconfigure;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.psqache.CacheManagerStatus;
import io.psqache.NearState;
import io.psqache.NearStatistics;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;

/**
 * The meters of the near caches, {@code psqache.near.*}, and of the invalidations between
 * instances.
 */
final class NearCacheMetrics implements MeterBinder {

	private final PostgresCacheManagers cacheManagers;

	NearCacheMetrics(PostgresCacheManagers cacheManagers) {
		this.cacheManagers = cacheManagers;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		PostgresCacheManager manager = this.cacheManagers.single();
		if (manager != null) {
			bind(registry, manager);
		}
	}

	private static void bind(MeterRegistry registry, PostgresCacheManager manager) {
		bindInvalidations(registry, manager, "sent", CacheManagerStatus::invalidationsSent);
		bindInvalidations(registry, manager, "received", CacheManagerStatus::invalidationsReceived);
		bindLeases(registry, manager);
		Gauge
			.builder("psqache.near.listening", manager,
					(source) -> (source.getStatus().near().status() == NearState.Status.LISTENING) ? 1 : 0)
			.description("Whether this instance receives invalidations, so that its near entries are used")
			.register(registry);
	}

	private static void bindLeases(MeterRegistry registry, PostgresCacheManager manager) {
		Gauge.builder("psqache.near.leases", manager, (present) -> present.getStatus().nearLeases().held())
			.description("Caches on which this instance holds a lease, so that it uses strict near entries")
			.register(registry);
		FunctionTimer
			.builder("psqache.near.suspensions", manager, (present) -> present.getStatus().nearLeases().suspensions(),
					(present) -> present.getStatus().nearLeases().waited().toNanos(), TimeUnit.NANOSECONDS)
			.description("Changes that waited for peers with strict near entries, and how long")
			.register(registry);
		FunctionCounter
			.builder("psqache.near.revocations", manager, (present) -> present.getStatus().nearLeases().revocations())
			.description("Leases of peers that this instance revoked because they did not answer in time")
			.register(registry);
	}

	private static void bindInvalidations(MeterRegistry registry, PostgresCacheManager manager, String direction,
			ToDoubleFunction<CacheManagerStatus> count) {
		FunctionCounter
			.builder("psqache.near.invalidations", manager, (source) -> count.applyAsDouble(source.getStatus()))
			.tag("direction", direction)
			.description("Messages that invalidate near entries, each of up to some hundred keys")
			.register(registry);
	}

	/**
	 * Bind the meters of one near cache.
	 */
	static void bind(MeterRegistry registry, PostgresCache cache, NearStatistics near, Iterable<Tag> tags) {
		bindGets(registry, near, tags, "hit", NearStatistics::hits);
		bindGets(registry, near, tags, "miss", NearStatistics::misses);
		bindGets(registry, near, tags, "bypassed", NearStatistics::bypasses);
		Gauge.builder("psqache.near.size", cache, PostgresCache::getNearEntries)
			.tags(tags)
			.description("Near entries of this instance")
			.register(registry);
	}

	private static void bindGets(MeterRegistry registry, NearStatistics near, Iterable<Tag> tags, String result,
			ToDoubleFunction<NearStatistics> count) {
		FunctionCounter.builder("psqache.near.gets", near, count)
			.tags(tags)
			.tag("result", result)
			.description("Reads of the near cache of this instance")
			.register(registry);
	}

}
