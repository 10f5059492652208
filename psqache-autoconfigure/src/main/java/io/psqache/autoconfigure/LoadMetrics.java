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

import java.util.Locale;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.psqache.LoadStatistics;
import io.psqache.StaleReason;

/**
 * The meters of the loads of one cache: {@code psqache.loads}, and the refreshes and
 * stale values that replace them.
 */
final class LoadMetrics {

	private final LoadStatistics statistics;

	private final Iterable<Tag> tags;

	LoadMetrics(LoadStatistics statistics, Iterable<Tag> tags) {
		this.statistics = statistics;
		this.tags = tags;
	}

	void bindTo(MeterRegistry registry) {
		bind(registry, "psqache.loads", LoadStatistics::loads, "Calls of loaders");
		bind(registry, "psqache.loads.failed", LoadStatistics::failedLoads,
				"Calls of loaders after a miss that failed");
		bind(registry, "psqache.loads.timeouts", LoadStatistics::timeouts,
				"Calls that ended with an exception because the load exceeded its time limit");
		bind(registry, "psqache.loads.shared", LoadStatistics::sharedLoads,
				"Misses that were answered with the value of another load");
		bind(registry, "psqache.loads.waits", LoadStatistics::leaseWaits,
				"Loads that waited because another instance held the lease");
		bindRefreshes(registry, "success", LoadStatistics::refreshes);
		bindRefreshes(registry, "failure", LoadStatistics::failedRefreshes);
		bindRefreshes(registry, "skipped", LoadStatistics::skippedRefreshes);
		for (StaleReason reason : StaleReason.values()) {
			bind(registry, "psqache.stale", (statistics) -> statistics.staleServed(reason),
					"Reads answered with a stale or expired value", "reason",
					reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
		}
	}

	private void bindRefreshes(MeterRegistry registry, String outcome, ToDoubleFunction<LoadStatistics> count) {
		bind(registry, "psqache.refreshes", count, "Entries that were loaded again before they expired", "outcome",
				outcome);
	}

	private void bind(MeterRegistry registry, String name, ToDoubleFunction<LoadStatistics> count, String description,
			String... moreTags) {
		FunctionCounter.builder(name, this.statistics, count)
			.tags(this.tags)
			.tags(moreTags)
			.description(description)
			.register(registry);
	}

}
