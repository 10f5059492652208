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

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.psqache.CacheOperation;
import io.psqache.CacheStatistics;
import io.psqache.CacheUsage;
import io.psqache.FailureCause;
import io.psqache.NearStatistics;
import io.psqache.PostgresCache;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one cache: Micrometer's {@code cache.*}, {@code psqache.failures} by
 * operation and cause, and the usage at the last count of the sweeper,
 * {@code psqache.cache.*}.
 */
class PostgresCacheMetrics extends CacheMeterBinder<PostgresCache> {

	/**
	 * Causes that depend on the state of the server, and that alarms are defined for.
	 * Their meters exist from the start: Prometheus detects no increase if a meter
	 * appears with its failures already counted. The other causes are rare, and their
	 * meters for each operation would be too many. They are registered at the first
	 * failure.
	 */
	private static final Set<FailureCause> EXPECTED = EnumSet.of(FailureCause.TIMEOUT, FailureCause.UNAVAILABLE,
			FailureCause.OVERLOADED, FailureCause.SUSPENDED);

	private final PostgresCache cache;

	private final CacheStatistics statistics;

	PostgresCacheMetrics(PostgresCache cache, Iterable<Tag> tags) {
		super(cache, cache.getName(), tags);
		this.cache = cache;
		this.statistics = cache.getStatistics();
	}

	/**
	 * Return {@code null}, because {@code bindUsage} binds the gauge. Micrometer's would
	 * be 0 while the size is unknown.
	 */
	@Override
	protected @Nullable Long size() {
		return null;
	}

	@Override
	protected long hitCount() {
		return this.statistics.hits();
	}

	@Override
	protected Long missCount() {
		return this.statistics.misses();
	}

	@Override
	protected Long evictionCount() {
		return this.statistics.evictions();
	}

	@Override
	protected long putCount() {
		return this.statistics.puts();
	}

	@Override
	protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
		bindUsage(registry);
		FunctionCounter.builder("psqache.puts.refused", this.statistics, CacheStatistics::refusedPuts)
			.tags(getTagsWithCacheName())
			.description("Values that were loaded after a miss and not stored, because the entry changed "
					+ "during the load")
			.register(registry);
		NearStatistics near = this.statistics.near();
		if (near != null) {
			NearCacheMetrics.bind(registry, this.cache, near, getTagsWithCacheName());
		}
		new LoadMetrics(this.statistics.loading(), getTagsWithCacheName()).bindTo(registry);
		for (CacheOperation operation : CacheOperation.values()) {
			EXPECTED.forEach((cause) -> bindFailures(registry, operation, cause));
		}
		this.statistics.addNewFailureListener((operation, cause) -> {
			if (!EXPECTED.contains(cause)) {
				bindFailures(registry, operation, cause);
			}
		});
	}

	/**
	 * Bind the usage, which is NaN while it is unknown.
	 */
	private void bindUsage(MeterRegistry registry) {
		bind(registry, "cache.size", null, CacheUsage::entries,
				"Entries in the cache, of all instances, at the last count of the sweeper");
		bind(registry, "psqache.cache.bytes", BaseUnits.BYTES, CacheUsage::bytes,
				"Size of the entries as they are stored, of all instances");
		bind(registry, "psqache.cache.expired", null, CacheUsage::expiredShare,
				"Share of the counted entries that had expired, 0 to 1");
		bindAge(registry, "psqache.cache.oldest.age", CacheUsage::oldest, "Time since the oldest entry was written");
		bindAge(registry, "psqache.cache.usage.age", CacheUsage::age, "Time since the last count of the sweeper");
	}

	private void bind(MeterRegistry registry, String name, @Nullable String unit, ToDoubleFunction<CacheUsage> value,
			String description) {
		Gauge.builder(name, this.cache, (cache) -> {
			CacheUsage usage = cache.getUsage();
			return (usage != null) ? value.applyAsDouble(usage) : Double.NaN;
		}).tags(getTagsWithCacheName()).baseUnit(unit).description(description).register(registry);
	}

	private void bindAge(MeterRegistry registry, String name, Function<CacheUsage, @Nullable Duration> age,
			String description) {
		TimeGauge.builder(name, this.cache, TimeUnit.MILLISECONDS, (cache) -> {
			CacheUsage usage = cache.getUsage();
			Duration known = (usage != null) ? age.apply(usage) : null;
			return (known != null) ? known.toMillis() : Double.NaN;
		}).tags(getTagsWithCacheName()).description(description).register(registry);
	}

	private void bindFailures(MeterRegistry registry, CacheOperation operation, FailureCause cause) {
		FunctionCounter
			.builder("psqache.failures", this.statistics, (statistics) -> statistics.failures(operation, cause))
			.tags(getTagsWithCacheName())
			.tag("operation", operation.name().toLowerCase(Locale.ROOT))
			.tag("cause", cause.name().toLowerCase(Locale.ROOT))
			.description("Operations that failed or took longer than psqache.timeout")
			.register(registry);
	}

}
