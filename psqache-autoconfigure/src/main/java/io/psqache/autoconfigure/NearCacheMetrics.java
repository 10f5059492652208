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

import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.near.NearChannel;
import io.psqache.near.NearState;
import io.psqache.near.NearStatistics;

/**
 * The meters of the near caches: {@code psqache.near.*}, those of each cache and those of
 * the channel by which instances tell each other of changes.
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
			bind(registry, manager.getNearChannel());
		}
	}

	private static void bind(MeterRegistry registry, NearChannel channel) {
		bindInvalidations(registry, channel, "sent", channel::sent);
		bindInvalidations(registry, channel, "received", channel::received);
		Gauge
			.builder("psqache.near.listening", channel,
					(present) -> (present.state().status() == NearState.Status.LISTENING) ? 1 : 0)
			.description("Whether this instance hears of changes, so that its copies are used")
			.register(registry);
		Timer delays = Timer.builder("psqache.near.delay")
			.description("Time from a change in another instance, by its clock, until the copies of it were gone here")
			.register(registry);
		channel.addDelayListener(delays::record);
	}

	private static void bindInvalidations(MeterRegistry registry, NearChannel channel, String direction,
			LongSupplier count) {
		FunctionCounter.builder("psqache.near.invalidations", channel, (any) -> count.getAsLong())
			.tag("direction", direction)
			.description("Messages that tell of changes, each of up to some hundred")
			.register(registry);
	}

	/**
	 * Those of one cache that keeps copies.
	 */
	static void bind(MeterRegistry registry, PostgresCache cache, NearStatistics near, Iterable<Tag> tags) {
		bindGets(registry, near, tags, "hit", NearStatistics::hits);
		bindGets(registry, near, tags, "miss", NearStatistics::misses);
		bindGets(registry, near, tags, "bypassed", NearStatistics::bypasses);
		Gauge.builder("psqache.near.size", cache, PostgresCache::getCopies)
			.tags(tags)
			.description("Copies that this instance keeps")
			.register(registry);
	}

	private static void bindGets(MeterRegistry registry, NearStatistics near, Iterable<Tag> tags, String result,
			ToDoubleFunction<NearStatistics> count) {
		FunctionCounter.builder("psqache.near.gets", near, count)
			.tags(tags)
			.tag("result", result)
			.description("Reads of the copies that this instance keeps")
			.register(registry);
	}

}
