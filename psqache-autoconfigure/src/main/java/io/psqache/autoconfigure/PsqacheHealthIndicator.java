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
import java.util.Map;

import io.psqache.CacheManagerStatus;
import io.psqache.FailureCause;
import io.psqache.NearState;
import io.psqache.PostgresCacheManager;
import io.psqache.ServerState;
import io.psqache.StoreException;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Probes PostgreSQL through the request queue of cache operations, with the same timeout.
 * The status is {@code UP} if a cache operation would succeed. While the circuit breaker
 * is not closed, the status is {@code DOWN} without a probe. The details contain neither
 * the URL nor the username.
 */
class PsqacheHealthIndicator implements HealthIndicator {

	private static final double NANOS_PER_MILLI = 1_000_000;

	private final PostgresCacheManager cacheManager;

	PsqacheHealthIndicator(PostgresCacheManager cacheManager) {
		this.cacheManager = cacheManager;
	}

	@Override
	public Health health() {
		CacheManagerStatus status = this.cacheManager.getStatus();
		Health health = (status.cause() != null) ? down(status.cause()) : probe(status.near());
		return Health.status(health.getStatus())
			.withDetails(health.getDetails())
			.withDetail("circuitBreaker", status.breaker().name().toLowerCase(Locale.ROOT))
			.withDetail("pendingEvictions", status.pendingEvictions())
			.build();
	}

	private Health probe(NearState near) {
		try {
			return health(this.cacheManager.probe(), UsageDetail.of(this.cacheManager), near);
		}
		catch (StoreException ex) {
			return down(ex.failureCause());
		}
	}

	private static Health down(FailureCause cause) {
		return Health.down().withDetail("reason", cause.description()).build();
	}

	static Health health(ServerState state, Map<String, Map<String, Object>> usage, NearState near) {
		Health.Builder health = new Health.Builder();
		if (state.standby()) {
			health.down().withDetail("reason", "the server is a standby, which accepts no writes");
		}
		else if (state.schemaMissing()) {
			health.down().withDetail("reason", "psqache's schema is missing");
		}
		else {
			health.up();
		}
		return details(health, state, usage, near).build();
	}

	private static Health.Builder details(Health.Builder health, ServerState state,
			Map<String, Map<String, Object>> usage, NearState near) {
		health.withDetail("server", "PostgreSQL " + state.serverVersion());
		if (state.schemaVersion() != null) {
			health.withDetail("schemaVersion", state.schemaVersion());
		}
		if (state.unlogged() != null) {
			health.withDetail("table", state.unlogged() ? "unlogged" : "logged");
		}
		if (state.caches() != null) {
			health.withDetail("caches", state.caches());
		}
		if (!usage.isEmpty()) {
			health.withDetail("usage", usage);
		}
		if (near.status() != NearState.Status.OFF) {
			health.withDetail("nearCache",
					(near.reason() != null) ? near.status() + ": " + near.reason() : near.status().toString());
		}
		return health.withDetail("roundTripMillis", state.roundTrip().toNanos() / NANOS_PER_MILLI);
	}

}
