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
import java.util.List;
import java.util.Map;

import io.psqache.test.Concurrently;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract and the special behaviour of each variant.
 */
class TypedCacheIntegrationTests {

	@Nested
	class WithJsonb extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withJitter(0.5);
		}

		@Test
		void entryThatNeverExpiresHasZeroTimeToLive() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.set("key", new Book("Emma"), Duration.ZERO);
			assertThat(cache.timeToLive("key")).contains(Duration.ZERO);
		}

		@Test
		void timeToLiveOfSetHasNoJitter() {
			PostgresCacheManager manager = this.caches.manager();
			TypedCache<String, Book> cache = manager.typedCache("jittery", String.class, Book.class);
			for (int i = 0; i < 20; i++) {
				cache.set("key", new Book("Emma"), Duration.ofHours(1));
				assertThat(cache.timeToLive("key"))
					.hasValueSatisfying((left) -> assertThat(left).isGreaterThan(Duration.ofMinutes(59)));
			}
		}

		@Test
		void setIfAbsentWritesToDroppedCache() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.set("key", new Book("Emma"));
			this.database.execute("delete from psqache.cache");
			assertThat(cache.setIfAbsent("key", new Book("Persuasion"))).isTrue();
			assertThat(cache.get("key")).contains(new Book("Persuasion"));
		}

	}

	@Nested
	class WithBinary extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withStorage(Storage.BINARY);
		}

	}

	@Nested
	class WithNearCache extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withNear(defaults.near().withEnabled(true));
		}

		@BeforeEach
		void awaitListening() {
			this.caches.awaitListening();
		}

	}

	@Nested
	class WithTimeToIdle extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withTimeToIdle(Duration.ofHours(6));
		}

		@Test
		void bulkReadExtendsDueEntries() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.setAll(Map.of("a", new Book("Emma"), "b", new Book("Persuasion")));
			this.database.execute("update psqache.cache_entry set expires_at = now() + interval '1 hour'");
			assertThat(cache.has("a")).isTrue();
			assertThat(cache.getAll(List.of("a", "b"))).hasSize(2);
			for (String key : List.of("a", "b")) {
				Concurrently.awaitThat(() -> cache.timeToLive(key).orElseThrow().toMinutes() > 350);
			}
		}

		@Test
		void hasExtendsNoEntry() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.set("key", new Book("Emma"));
			this.database.execute("update psqache.cache_entry set expires_at = now() + interval '1 hour'");
			assertThat(cache.has("key")).isTrue();
			// These writes run after any extension by has().
			cache.setAll(Map.of("after", new Book("Emma"), "it", new Book("Emma")));
			assertThat(cache.timeToLive("key"))
				.hasValueSatisfying((left) -> assertThat(left).isLessThanOrEqualTo(Duration.ofHours(1)));
		}

	}

}
