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
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import io.psqache.CacheUsage;
import io.psqache.NearState;
import io.psqache.ServerState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class PsqacheHealthIndicatorTests {

	private static final NearState OFF = new NearState(NearState.Status.OFF, null);

	@Test
	void standbyIsDown() {
		Health health = PsqacheHealthIndicator.health(new ServerState("18.1", true, true, 1, 0, Duration.ofMillis(2)),
				Map.of(), OFF);
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("reason", "the server is a standby, which accepts no writes");
	}

	@Test
	void detailsContainServerState() {
		Health health = PsqacheHealthIndicator.health(new ServerState("18.1", false, true, 1, 3, Duration.ofMillis(2)),
				Map.of(), OFF);
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("server", "PostgreSQL 18.1")
			.containsEntry("schemaVersion", 1)
			.containsEntry("table", "unlogged")
			.containsEntry("caches", 3)
			.containsEntry("roundTripMillis", 2.0)
			.doesNotContainKeys("usage", "nearCache");
	}

	@Test
	void bypassedNearCacheHasReasonAndIsNotDown() {
		Health health = PsqacheHealthIndicator.health(new ServerState("18.1", false, true, 1, 3, Duration.ofMillis(2)),
				Map.of(), new NearState(NearState.Status.BYPASSED, "messages do not arrive"));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("nearCache", "bypassed: messages do not arrive");
	}

	@Test
	void usageContainsLargestCachesInDescendingOrder() {
		Map<String, CacheUsage> caches = new HashMap<>();
		for (int i = 1; i <= UsageDetail.CACHES + 10; i++) {
			caches.put("cache" + i, usage(1_000 - i, i, null));
		}
		assertThat(UsageDetail.ofLargest(caches)).hasSize(UsageDetail.CACHES)
			.containsKeys("cache30", "cache11")
			.doesNotContainKey("cache10")
			.extracting((largest) -> largest.keySet().iterator().next())
			.isEqualTo("cache30");
	}

	@Test
	void usageOfCacheContainsNumbers() {
		Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
		Map<String, CacheUsage> caches = Map.of("books", usage(30, 4_000, hourAgo), "empty", usage(0, 0, null));
		Map<String, Map<String, Object>> detail = UsageDetail.ofLargest(caches);
		assertThat(detail.get("books"))
			.containsOnlyKeys("entries", "bytes", "expiredShare", "oldestSeconds", "ageSeconds")
			.contains(entry("entries", 30L), entry("bytes", 4_000L), entry("expiredShare", 0.25))
			.hasEntrySatisfying("oldestSeconds", (age) -> assertThat((Long) age).isBetween(3_600L, 3_660L))
			.hasEntrySatisfying("ageSeconds", (age) -> assertThat((Long) age).isBetween(60L, 120L));
		assertThat(detail.get("empty")).doesNotContainKey("oldestSeconds");
	}

	/**
	 * Create a usage that was counted a minute ago, with ten dead entries.
	 */
	private static CacheUsage usage(long entries, long bytes, @Nullable Instant oldest) {
		return new CacheUsage(entries, bytes, 10, oldest, oldest, null, Instant.now().minus(Duration.ofMinutes(1)));
	}

}
