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

import io.psqache.test.Concurrently;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract and the special behaviour of each variant.
 */
class PostgresCacheIntegrationTests {

	@Nested
	class WithJsonb extends AbstractPostgresCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults;
		}

		@Test
		void entriesAreReadableInSql() {
			PostgresCache cache = newCache();
			cache.put(42, new Book("Middlemarch", 880, java.util.List.of("classic")));
			String row = this.database.query("""
					select e.key || ' ' || (e.value ->> 'title') || ' ' || e.type
					from psqache.cache_entry e join psqache.cache c on c.id = e.cache_id
					where c.namespace = 'test' and c.name = '%s'
					""".formatted(cache.getName()));
			assertThat(row).isEqualTo("42 Middlemarch v1 " + Book.class.getName());
		}

		@Test
		void jsonThatJsonbRefusesIsStoredAsPayload() {
			PostgresCache cache = newCache();
			cache.put("nul", "\u0000");
			assertThat(this.database.query("select value is null and payload is not null from psqache.cache_entry e "
					+ "join psqache.cache c on c.id = e.cache_id where c.name = '" + cache.getName() + "'"))
				.isEqualTo("t");
		}

	}

	@Nested
	class WithBinary extends AbstractPostgresCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withStorage(Storage.BINARY);
		}

		@Test
		void valuesAreBytes() {
			PostgresCache cache = newCache();
			cache.put("key", "value");
			assertThat(this.database.query("select convert_from(payload, 'UTF8') from psqache.cache_entry e "
					+ "join psqache.cache c on c.id = e.cache_id where c.name = '" + cache.getName() + "'"))
				.isEqualTo("\"value\"");
		}

	}

	@Nested
	class WithTimeToIdle extends AbstractPostgresCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withTimeToIdle(Duration.ofHours(1)).withTimeToLive(Duration.ofHours(10));
		}

		@Test
		void readExtendsEntryOnceSixteenthOfIdleTimeHasPassed() {
			PostgresCache cache = newCache();
			cache.put("key", "value");
			age(cache, "3 minutes");
			assertThat(cache.get("key")).isNotNull();
			assertThat(minutesLeft(cache)).isEqualTo("57");
			age(cache, "1 minute");
			assertThat(cache.get("key")).isNotNull();
			Concurrently.awaitThat(() -> "60".equals(minutesLeft(cache)));
		}

		@Test
		void readDoesNotExtendEntryBeyondTimeToLive() {
			PostgresCache cache = newCache();
			cache.put("key", "value");
			this.database.execute("update psqache.cache_entry set live_until = now() + interval '20 minutes', "
					+ "expires_at = now() + interval '10 minutes'");
			assertThat(cache.get("key")).isNotNull();
			Concurrently.awaitThat(() -> "20".equals(minutesLeft(cache)));
		}

		@Test
		void unreadEntryExpires() {
			PostgresCache cache = newCache();
			cache.put("key", "value");
			age(cache, "61 minutes");
			assertThat(cache.get("key")).isNull();
		}

		private void age(PostgresCache cache, String interval) {
			this.database.execute("update psqache.cache_entry set written_at = written_at - interval '%1$s', "
				.concat("expires_at = expires_at - interval '%1$s', live_until = live_until - interval '%1$s' ")
				.concat("where cache_id = (select id from psqache.cache where name = '%2$s')")
				.formatted(interval, cache.getName()));
		}

		private String minutesLeft(PostgresCache cache) {
			return String.valueOf(this.database.query("select round(extract(epoch from expires_at - now()) / 60)::int "
					+ "from psqache.cache_entry where cache_id = (select id from psqache.cache where name = '"
					+ cache.getName() + "')"));
		}

	}

	@Nested
	class WithNearCache extends AbstractPostgresCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withNear(defaults.near().withEnabled(true));
		}

		@BeforeEach
		void awaitListening() {
			this.caches.awaitListening();
		}

	}

}
