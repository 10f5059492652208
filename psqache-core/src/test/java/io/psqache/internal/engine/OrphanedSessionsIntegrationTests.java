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

package io.psqache.internal.engine;

import java.nio.file.Path;
import java.time.Duration;

import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.FaultyServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests an unanswered write that a frozen session would execute when it resumes.
 */
class OrphanedSessionsIntegrationTests {

	@Test
	void unansweredWriteIsNotExecutedAfterALaterEviction(@TempDir Path directory) {
		try (FaultyServer server = FaultyServer.start(directory)) {
			TestCaches.migrate(server.dataSource());
			try (TestCaches caches = TestCaches.on(server.url(), server, Duration.ofMillis(300))) {
				PostgresCache cache = caches.cache("books");
				Concurrently.awaitThat(() -> {
					cache.put("key", "early");
					return cache.get("key") != null;
				});
				Runnable thaw = server.freezeSessions("psqache");
				cache.put("key", "late");
				assertThat(cache.getStatistics().failures(CacheOperation.PUT)).isPositive();
				cache.evict("key");
				thaw.run();
				Concurrently.awaitThat(() -> {
					cache.put("other", "value");
					return cache.get("other") != null && caches.manager().getStatus().pendingEvictions() == 0;
				});
				assertThat(server
					.query("select count(*) from psqache.cache_entry where key = '\"key\"' and type <> 'evicted'"))
					.isEqualTo("0");
				assertThat(cache.get("key")).isNull();
			}
		}
	}

}
