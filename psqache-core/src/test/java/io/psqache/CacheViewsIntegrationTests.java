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
import java.util.function.UnaryOperator;

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Views of one cache. Spring's interceptor obtains one for each method call.
 */
class CacheViewsIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity());

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.caches.close();
		this.database.close();
	}

	@Test
	void viewsOfOneCacheAreEqual() {
		assertThat(this.caches.cache("books")).isEqualTo(this.caches.cache("books"))
			.hasSameHashCodeAs(this.caches.cache("books"))
			.isNotSameAs(this.caches.cache("books"))
			.isNotEqualTo(this.caches.cache("films"));
	}

	@Test
	void putAfterMissIsRefusedIfOtherViewEvicted() {
		PostgresCache view = this.caches.cache("books");
		assertThat(view.get("key")).isNull();
		this.caches.cache("books").evict("key");
		view.put("key", "old");
		assertThat(view.get("key")).isNull();
		assertThat(view.getStatistics().refusedPuts()).isOne();
	}

	@Test
	void putAfterAsynchronousMissIsRefusedIfOtherViewEvicted() {
		PostgresCache view = this.caches.cache("books");
		assertThat(view.retrieve("key").join()).isNull();
		this.caches.cache("books").evict("key");
		view.put("key", "old");
		assertThat(view.get("key")).isNull();
	}

	@Test
	void explicitPutAfterEvictionIsStored() {
		PostgresCache view = this.caches.cache("books");
		assertThat(view.get("key")).isNull();
		this.caches.cache("books").evict("key");
		this.caches.cache("books").put("key", "new");
		assertThat(view.get("key", String.class)).isEqualTo("new");
	}

	@Test
	void putAfterMissAndEvictionOfSameViewIsStored() {
		PostgresCache view = this.caches.cache("books");
		assertThat(view.get("key")).isNull();
		view.evict("key");
		view.put("key", "new");
		assertThat(view.get("key", String.class)).isEqualTo("new");
	}

	@Test
	void secondPutAfterMissIsExplicit() {
		PostgresCache view = this.caches.cache("books");
		assertThat(view.get("key")).isNull();
		view.put("key", "one");
		this.caches.cache("books").evict("key");
		view.put("key", "two");
		assertThat(view.get("key", String.class)).isEqualTo("two");
	}

	@Test
	void putAfterFailedReadIsRefused() {
		try (TestCaches brief = TestCaches.behindRelay(this.database, Duration.ofMillis(300))) {
			PostgresCache view = brief.cache("books");
			this.database.relay().stall();
			assertThat(view.get("key")).isNull();
			this.database.relay().restore();
			view.put("key", "perhaps old");
			assertThat(this.caches.cache("books").get("key")).isNull();
			assertThat(view.getStatistics().refusedPuts()).isOne();
		}
	}

}
