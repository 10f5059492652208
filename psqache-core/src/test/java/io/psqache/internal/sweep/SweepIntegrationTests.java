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

package io.psqache.internal.sweep;

import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheMonitor;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.Work;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.StoredValue;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of walks whose statements reach the time limit.
 */
class SweepIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(30));

	private final Housekeeping housekeeping = new Housekeeping(this.store, "test", CacheMonitor.NONE);

	private final StepSize size = new StepSize(1_000, true);

	private boolean timesOut;

	private boolean workerAvailable = true;

	@BeforeEach
	void fill() {
		TestCaches.migrate(this.database);
		CacheHandle books = TestStores.cache(this.store, "test", "books");
		this.store.put(books, "1", TestStores.entry(StoredValue.NULL)).await();
		this.store.put(books, "2", TestStores.entry(StoredValue.NULL)).await();
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void stepThatTimesOutIsFollowedByASmallerOne() {
		Sweep sweep = begin();
		assertThatNextTimesOut(sweep);
		assertThat(this.size.pages()).isEqualTo(250);
	}

	@Test
	void stepThatNoWorkerExecutedKeepsItsSize() {
		Sweep sweep = begin();
		this.workerAvailable = false;
		assertThatNextTimesOut(sweep);
		assertThat(this.size.pages()).isEqualTo(1_000);
		this.timesOut = false;
		this.workerAvailable = true;
		assertThat(sweep.next().counted()).isEqualTo(2);
	}

	@Test
	void walkThatNoWorkerExecutesFails() {
		Sweep sweep = begin();
		this.workerAvailable = false;
		assertThatExceptionOfType(StoreException.class).isThrownBy(sweep::sweepRemaining);
		assertThat(sweep.isStuck()).isTrue();
	}

	private Sweep begin() {
		Sweep sweep = new Sweep(new TimingOutRequests(), 0, this.size, BoundEvictions.NONE, this.housekeeping.horizon);
		this.timesOut = true;
		return sweep;
	}

	private static void assertThatNextTimesOut(Sweep sweep) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(sweep::next);
	}

	/**
	 * Requests that time out, before or after a worker executes them.
	 */
	private final class TimingOutRequests implements Sweep.Requests {

		@Override
		public <T> T await(Work<T> work) {
			T result = SweepIntegrationTests.this.workerAvailable ? SweepIntegrationTests.this.housekeeping.await(work)
					: null;
			if (SweepIntegrationTests.this.timesOut || result == null) {
				throw new StoreException(FailureCause.TIMEOUT, null);
			}
			return result;
		}

	}

}
