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

package io.psqache.internal.near;

import java.sql.SQLException;
import java.time.Duration;

import io.psqache.test.Concurrently;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.TakenConnections;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Copies of an instance that does not reach PostgreSQL: they are used as long as is
 * promised, but for what this instance has removed itself.
 */
class NearOutageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private TestCaches caches;

	@SuppressWarnings("NullAway.Init")
	private PostgresCache cache;

	@BeforeEach
	void start() {
		TestCaches.migrate(this.database);
		this.caches = TestCaches.nearBehindRelay(this.database, Duration.ofMillis(300));
		this.caches.awaitListening();
		this.cache = this.caches.cache("books");
		Concurrently.awaitThat(() -> {
			this.cache.put("key", "old");
			this.cache.put("other", "old");
			return this.cache.get("key") != null && this.cache.get("other") != null && this.cache.getNearEntries() == 2;
		});
	}

	@AfterEach
	void stop() {
		this.caches.close();
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void removalThatIsRememberedLeavesNoCopy(boolean hangs) {
		breakIt(hangs);
		this.cache.evict("key");
		assertThat(this.cache.get("key")).isNull();
		assertThat(this.caches.manager().getStatus().pendingEvictions()).isOne();
		this.cache.clear();
		assertThat(this.cache.getNearEntries()).isZero();
		assertThat(this.cache.get("other")).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void putThatIsDroppedLeavesNoCopy(boolean hangs) {
		breakIt(hangs);
		this.cache.put("key", "new");
		assertThat(this.cache.get("key")).isNull();
	}

	/**
	 * It still hears others, but cannot know that, since it cannot speak to itself.
	 */
	@Test
	void instanceThatHasNoConnectionLeftUsesNoCopiesPastTheLimit() throws SQLException {
		try (TakenConnections taken = new TakenConnections(this.caches.dataSource(), TestCaches.WORKERS)) {
			long begin = System.nanoTime();
			Concurrently.awaitThat(() -> state() == NearState.Status.BYPASSED);
			// The time is the subject: the limit is 2 s, and the rest is for a busy
			// machine.
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Liveness.LIMIT.plusSeconds(5));
			assertThat(this.cache.get("key")).isNull();
			this.database.execute("select psqache.evict('test', 'books', '\"key\"')");
		}
		Concurrently.awaitThat(() -> state() == NearState.Status.LISTENING);
		Concurrently.awaitThat(() -> this.cache.get("other") != null);
		assertThat(this.cache.get("key")).isNull();
	}

	private NearState.Status state() {
		return this.caches.manager().getStatus().near().status();
	}

	private void breakIt(boolean hangs) {
		if (hangs) {
			this.database.relay().stall();
		}
		else {
			this.database.relay().cut();
		}
	}

}
