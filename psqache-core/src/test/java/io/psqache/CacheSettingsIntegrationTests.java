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

package io.psqache;

import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;

import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The effect of each setting on the rows, by the database's clock.
 */
class CacheSettingsIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	@BeforeAll
	static void migrate() {
		TestCaches.migrate(database);
	}

	@AfterAll
	static void close() {
		database.close();
	}

	@Test
	void entriesLiveTwentyEightDaysByDefault() {
		assertThat(query(UnaryOperator.identity(), "value",
				"expires_at - written_at = interval '28 days' "
						+ "and live_until is null and written_at between now() - interval '1 minute' and now()"))
			.isEqualTo("t");
	}

	@Test
	void zeroTimeToLiveNeverExpires() {
		assertThat(query((settings) -> settings.withTimeToLive(Duration.ZERO), "value",
				"expires_at = 'infinity' and live_until is null"))
			.isEqualTo("t");
	}

	@Test
	void timeToIdleLimitsEntryThatIsNotRead() {
		assertThat(query((settings) -> settings.withTimeToLive(Duration.ZERO).withTimeToIdle(Duration.ofMinutes(5)),
				"value", "expires_at - written_at = interval '5 minutes' and live_until = 'infinity'"))
			.isEqualTo("t");
	}

	@Test
	void timeToLiveShorterThanTimeToIdleWins() {
		assertThat(
				query((settings) -> settings.withTimeToLive(Duration.ofMinutes(1)).withTimeToIdle(Duration.ofHours(1)),
						"value", "expires_at - written_at = interval '1 minute' and live_until = expires_at"))
			.isEqualTo("t");
	}

	@Test
	void lifetimesBelowMillisecondAreKept() {
		assertThat(query((settings) -> settings.withTimeToLive(Duration.ofNanos(1_500_000)), "value",
				"expires_at - written_at = interval '1.5 milliseconds'"))
			.isEqualTo("t");
	}

	@Test
	void jitterShortensLifetimesByAtMostItsFraction() {
		try (TestCaches caches = TestCaches.on(database,
				(settings) -> settings.withTimeToLive(Duration.ofHours(100)).withJitter(0.5))) {
			PostgresCache cache = caches.cache("jitter");
			for (int i = 0; i < 50; i++) {
				cache.put(i, i);
			}
			String where = " from psqache.cache_entry where cache_id = (select id from psqache.cache where name = 'jitter')";
			assertThat(database.query("select bool_and(expires_at - written_at "
					+ "between interval '50 hours' and interval '100 hours')" + where))
				.isEqualTo("t");
			assertThat(database.query("select count(distinct date_trunc('minute', expires_at)) > 25" + where))
				.isEqualTo("t");
		}
	}

	@Test
	void uncachedNullIsLoadedAgainAndEvictsEntry() {
		try (TestCaches caches = TestCaches.on(database, (settings) -> settings.withCacheNullValues(false))) {
			PostgresCache cache = caches.cache("no-nulls");
			assertThat(cache.<@Nullable String>get("key", () -> null)).isNull();
			assertThat(cache.get("key", () -> "loaded")).isEqualTo("loaded");
			assertThat(cache.putIfAbsent("other", null)).isNull();
			assertThat(cache.get("other")).isNull();
			cache.put("key", null);
			assertThat(cache.get("key")).isNull();
		}
	}

	private @Nullable String query(UnaryOperator<CacheSettings> settings, Object value, String expression) {
		try (TestCaches caches = TestCaches.on(database, settings)) {
			PostgresCache cache = caches.cache("cache-" + UUID.randomUUID());
			cache.put("key", value);
			return database.query("select " + expression
					+ " from psqache.cache_entry where cache_id = (select id from psqache.cache where name = '"
					+ cache.getName() + "')");
		}
	}

}
