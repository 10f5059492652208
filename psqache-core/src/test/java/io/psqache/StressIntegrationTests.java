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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads use few keys while connections break at random. Each thread has a key that
 * only it writes, and all threads write some shared keys. The following must always hold:
 * <ol>
 * <li>A read returns only values that were put for its key.</li>
 * <li>The owner of a key reads its last value, or a miss after its eviction. After a
 * failed write the state is unknown: PostgreSQL may have executed it, or may still
 * execute it. The owner then continues with a new key.</li>
 * </ol>
 * {@code -Dpsqache.test.seed} repeats the choices of a run.
 */
class StressIntegrationTests {

	private static final int THREADS = 12;

	private static final int STEPS = 400;

	private static final int STEPS_PER_CUT = 600;

	private final long seed = Long.getLong("psqache.test.seed", System.nanoTime());

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofSeconds(5));

	private final PostgresCache cache = this.caches.cache("books");

	private final AtomicInteger certainHits = new AtomicInteger();

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
	void readsReturnOnlyWhatWasPut() throws Exception {
		Concurrently.start(THREADS, (number) -> {
			Owner owner = new Owner(number, new Random(this.seed + number));
			for (int step = 0; step < STEPS; step++) {
				owner.step(step);
			}
			return null;
		}).get(2, TimeUnit.MINUTES);
		assertThat(this.certainHits).as("seed %d", this.seed).hasPositiveValue();
		Concurrently.awaitThat(() -> this.caches.activeConnections() == 0);
	}

	private long failures() {
		CacheStatistics statistics = this.cache.getStatistics();
		return statistics.failures(CacheOperation.GET) + statistics.failures(CacheOperation.PUT)
				+ statistics.failures(CacheOperation.EVICT);
	}

	/**
	 * A thread and its own key.
	 */
	private final class Owner {

		private final int number;

		private final Random random;

		private int generation;

		private @Nullable String written;

		Owner(int number, Random random) {
			this.number = number;
			this.random = random;
		}

		void step(int step) throws Exception {
			if (this.random.nextInt(STEPS_PER_CUT) == 0) {
				StressIntegrationTests.this.database.relay().disconnect();
			}
			String shared = "shared" + this.random.nextInt(3);
			switch (this.random.nextInt(8)) {
				case 0, 1 -> put(step);
				case 2 -> evict();
				case 3 -> StressIntegrationTests.this.cache.put(shared, valueOf(shared, step));
				case 4 -> assertThatItWasPut(shared, StressIntegrationTests.this.cache.get(shared, String.class));
				case 5 -> assertThatItWasPut(shared,
						StressIntegrationTests.this.cache.get(shared, () -> valueOf(shared, step)));
				default -> read(this.random.nextBoolean());
			}
		}

		private void put(int step) {
			String value = valueOf(key(), step);
			long failures = failures();
			view().put(key(), value);
			if (failures() == failures) {
				this.written = value;
			}
			else {
				useNewKey();
			}
		}

		/**
		 * Return a new view, which has no state of a failed read.
		 */
		private PostgresCache view() {
			return StressIntegrationTests.this.caches.cache(StressIntegrationTests.this.cache.getName());
		}

		private void evict() {
			long failures = failures();
			boolean present = StressIntegrationTests.this.cache.evictIfPresent(key());
			if (failures() == failures) {
				assertThat(present).as(description("an eviction")).isEqualTo(this.written != null);
				this.written = null;
			}
			else {
				useNewKey();
			}
		}

		private void read(boolean async) throws Exception {
			long failures = failures();
			String value = async ? StressIntegrationTests.this.cache.retrieve(key(), () -> {
				throw new IllegalStateException();
			}).handle((hit, miss) -> (String) hit).get(30, TimeUnit.SECONDS)
					: StressIntegrationTests.this.cache.get(key(), String.class);
			if (failures() == failures) {
				assertThat(value).as(description("a read")).isEqualTo(this.written);
				if (value != null) {
					StressIntegrationTests.this.certainHits.incrementAndGet();
				}
			}
			else if (value != null) {
				assertThat(value).as(description("a read while others failed")).isEqualTo(this.written);
			}
		}

		private void assertThatItWasPut(String key, @Nullable String value) {
			if (value != null) {
				assertThat(value).as(description("a read of " + key)).startsWith(key + ":");
			}
		}

		private String valueOf(String key, int step) {
			return key + ":" + this.number + ":" + step;
		}

		private String key() {
			return "own" + this.number + "." + this.generation;
		}

		private void useNewKey() {
			this.generation++;
			this.written = null;
		}

		private String description(String action) {
			return action + " by the owner of " + key() + ", seed " + StressIntegrationTests.this.seed;
		}

	}

}
