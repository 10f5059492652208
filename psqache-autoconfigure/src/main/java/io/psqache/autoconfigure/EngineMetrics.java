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
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.psqache.BreakerState;
import io.psqache.CacheManagerStatus;
import io.psqache.CacheMonitor;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.PostgresCacheManager;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the engine: {@code psqache.operations}, {@code psqache.batch.size},
 * {@code psqache.queue.length}, {@code psqache.breaker.state},
 * {@code psqache.evictions.pending}, {@code psqache.swept} and
 * {@code psqache.near.delay}. The store is created before the registry, so measuring
 * starts when Spring Boot binds this bean, after all singletons are created. Without a
 * registry, nothing is measured.
 */
final class EngineMetrics implements CacheMonitor, MeterBinder {

	private final PostgresCacheManagers cacheManagers;

	private volatile @Nullable Meters meters;

	EngineMetrics(PostgresCacheManagers cacheManagers) {
		this.cacheManagers = cacheManagers;
	}

	/**
	 * Start measuring. If there are several registries, the meters are bound to the
	 * first. This is only the case if the application replaces the primary registry of
	 * Spring Boot.
	 */
	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.meters == null) {
			this.meters = new Meters(registry);
			PostgresCacheManager manager = this.cacheManagers.single();
			if (manager != null) {
				bindQueue(registry, "reads", manager, CacheManagerStatus::queuedReads);
				bindQueue(registry, "writes", manager, CacheManagerStatus::queuedWrites);
				bindStatus(registry, manager);
			}
		}
	}

	private static void bindQueue(MeterRegistry registry, String queue, PostgresCacheManager manager,
			ToDoubleFunction<CacheManagerStatus> length) {
		Gauge.builder("psqache.queue.length", manager, (current) -> length.applyAsDouble(current.getStatus()))
			.tag("queue", queue)
			.description("Operations that wait for a worker")
			.register(registry);
	}

	private static void bindStatus(MeterRegistry registry, PostgresCacheManager manager) {
		for (BreakerState state : BreakerState.values()) {
			Gauge
				.builder("psqache.breaker.state", manager,
						(current) -> (current.getStatus().breaker() == state) ? 1 : 0)
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.description("1 for the current state of the circuit breaker, 0 for the others")
				.register(registry);
		}
		Gauge.builder("psqache.evictions.pending", manager, (current) -> current.getStatus().pendingEvictions())
			.description("Evictions in the backlog, which this instance repeats until PostgreSQL executes them")
			.register(registry);
	}

	@Override
	public void answered(OperationKind operation, long askedAt, @Nullable FailureCause failure) {
		Meters current = this.meters;
		if (current != null) {
			OperationMeters meters = current.of(operation);
			((failure == null) ? meters.success : meters.failure).record(System.nanoTime() - askedAt,
					TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void batch(OperationKind operation, int size) {
		Meters current = this.meters;
		if (current != null) {
			current.of(operation).batchSize.record(size);
		}
	}

	@Override
	public void swept(long expired, long evicted) {
		Meters current = this.meters;
		if (current != null) {
			current.expired.increment((double) expired);
			current.evicted.increment((double) evicted);
		}
	}

	@Override
	public void invalidated(Duration delay) {
		Meters current = this.meters;
		if (current != null) {
			current.invalidationDelay.record(delay);
		}
	}

	/**
	 * All meters, created at once: a lookup in the registry would take longer than the
	 * measurement.
	 */
	private static final class Meters {

		private final Map<OperationKind, OperationMeters> operations = new EnumMap<>(OperationKind.class);

		private final Counter expired;

		private final Counter evicted;

		private final Timer invalidationDelay;

		Meters(MeterRegistry registry) {
			this.invalidationDelay = Timer.builder("psqache.near.delay")
				.description(
						"Time from a change in a peer, by its clock, until this instance dropped its near " + "entries")
				.register(registry);
			this.expired = swept(registry, "expired");
			this.evicted = swept(registry, "evicted");
			for (OperationKind operation : OperationKind.values()) {
				this.operations.put(operation, OperationMeters.in(registry, operation.name().toLowerCase(Locale.ROOT)));
			}
		}

		private static Counter swept(MeterRegistry registry, String reason) {
			return Counter.builder("psqache.swept")
				.tag("reason", reason)
				.description("Entries that this instance has swept from the table, of all applications")
				.register(registry);
		}

		@SuppressWarnings("NullAway") // Every operation has its meters.
		OperationMeters of(OperationKind operation) {
			return this.operations.get(operation);
		}

	}

	private record OperationMeters(Timer success, Timer failure, DistributionSummary batchSize) {

		static OperationMeters in(MeterRegistry registry, String operation) {
			return new OperationMeters(timer(registry, operation, "success"), timer(registry, operation, "failure"),
					DistributionSummary.builder("psqache.batch.size")
						.tag("operation", operation)
						.description("Operations that a worker executed together")
						.register(registry));
		}

		private static Timer timer(MeterRegistry registry, String operation, String outcome) {
			return Timer.builder("psqache.operations")
				.tags("operation", operation, "outcome", outcome)
				.description("Time from the request of an operation to its answer")
				.register(registry);
		}

	}

}
