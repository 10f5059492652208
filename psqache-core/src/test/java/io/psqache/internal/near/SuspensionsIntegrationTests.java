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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.TestCaches;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.LeaseHolder;
import io.psqache.internal.store.NearLeases;
import io.psqache.test.TestDatabase;
import io.psqache.test.TestStores;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Suspensions of holders that do not answer.
 */
class SuspensionsIntegrationTests {

	private static final Duration LEASE = Duration.ofMillis(100);

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@AutoClose
	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	@AutoClose
	private final EntryStore store = TestStores.open(this.pool, 2, Duration.ofSeconds(20));

	private final NearLeases table = this.store.leases();

	private final CacheHandle books = TestStores.cache(this.store, "test", "books");

	private final Suspensions suspensions = new Suspensions(this.table,
			new InvalidationPublisher(this.store.notifications(null), "writer", (cacheId) -> {
			}), "writer", LEASE, false);

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@Test
	void lapsedLeaseIsNotAwaitedAgain() throws Exception {
		List<LeaseHolder> holders = holders("dead");
		suspend(holders);
		suspend(holders);
		assertThat(this.suspensions.sent()).isOne();
		assertThat(this.suspensions.revoked()).isOne();
	}

	@Test
	void lapsedLeasesAreForgottenThatTheRowOfTheCacheNoLongerHas() throws Exception {
		for (int number = 0; number < 5; number++) {
			suspend(holders("dead" + number));
		}
		assertThat(this.suspensions.revoked()).isEqualTo(5);
		assertThat(this.suspensions.lapses()).isOne();
		suspend(List.of());
		assertThat(this.suspensions.lapses()).isZero();
	}

	/**
	 * The holders that the row names after one more has taken a lease.
	 */
	private List<LeaseHolder> holders(String another) {
		int cacheId = this.store.latestRow(this.books).id();
		assertThat(this.table.take(cacheId, another, LEASE).await()).isPresent();
		return this.store.latestRow(this.books)
			.holders()
			.stream()
			.filter((holder) -> holder.instance().equals(another))
			.toList();
	}

	private void suspend(List<LeaseHolder> holders) throws Exception {
		int cacheId = this.store.latestRow(this.books).id();
		this.suspensions.begin(null, cacheId, List.of(1L), holders).get(10, TimeUnit.SECONDS).end();
	}

}
