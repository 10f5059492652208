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

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.PostgresCacheManagerBuilderCustomizer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of psqache's own pool: {@code hikaricp.*}. The pool is created before the
 * registry, because beans that the registry depends on may use the cache.
 */
final class PoolMetrics implements PostgresCacheManagerBuilderCustomizer, MeterBinder {

	private volatile @Nullable HikariDataSource pool;

	@Override
	public void customize(PostgresCacheManagerBuilder builder) {
		builder.customizePool((pool) -> this.pool = pool);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		HikariDataSource pool = this.pool;
		if (pool != null && pool.getMetricsTrackerFactory() == null) {
			pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
		}
	}

}
