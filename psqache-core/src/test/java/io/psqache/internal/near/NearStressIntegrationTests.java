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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three instances that write and read a few keys while the connections that listen are
 * killed: no instance reads, longer than the bound after a write had returned, a version
 * older than that write's; and the one that wrote never does.
 * <p>
 * {@code -Dpsqache.test.seconds} says for how long, {@code -Dpsqache.test.seed} repeats
 * the choices of a run.
 */
class NearStressIntegrationTests {

	private static final int INSTANCES = 3;

	private static final int KEYS = 20;

	/**
	 * What is promised while all processes run.
	 */
	private static final Duration BOUND = Duration.ofSeconds(2);

	private final long seed = Long.getLong("psqache.test.seed", System.nanoTime());

	private final long seconds = Long.getLong("psqache.test.seconds", 8);

	private final TestDatabase database = TestDatabase.create();

	private final List<TestCaches> instances = new ArrayList<>();

	private final List<Writes> writes = new ArrayList<>();

	private final AtomicLong oldest = new AtomicLong();

	private final LongAdder reads = new LongAdder();

	@BeforeEach
	void start() {
		TestCaches.migrate(this.database);
		for (int i = 0; i < INSTANCES; i++) {
			this.instances.add(TestCaches.near(this.database));
			this.instances.get(i).awaitListening();
		}
		for (int i = 0; i < KEYS; i++) {
			this.writes.add(new Writes());
		}
	}

	@AfterEach
	void close() {
		this.instances.forEach(TestCaches::close);
		this.database.close();
	}

	@Test
	void noInstanceReadsWhatIsOlderThanTheBound() throws Exception {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(this.seconds);
		List<@Nullable Object> violations = Concurrently.start(3 * INSTANCES + 1, (number) -> {
			Random random = new Random(this.seed + number);
			while (System.nanoTime() - end < 0) {
				String violation = (number == 0) ? kill(random) : step(number - 1, random);
				if (violation != null) {
					return violation + ", seed " + this.seed;
				}
			}
			return null;
		}).get(this.seconds + 60, TimeUnit.SECONDS);
		assertThat(violations).containsOnlyNulls();
		assertThat(hits()).isPositive();
		System.getLogger(getClass().getName())
			.log(System.Logger.Level.INFO, "{0} reads, {1} of them of copies; the oldest was {2} ms old", this.reads,
					hits(), this.oldest.get() / 1_000_000);
	}

	private long hits() {
		return this.instances.stream()
			.mapToLong((caches) -> Objects.requireNonNull(caches.cache("stress").getStatistics().near()).hits())
			.sum();
	}

	/**
	 * Kill one of the connections that listen, or all.
	 */
	private @Nullable String kill(Random random) throws InterruptedException {
		this.database.execute("select pg_terminate_backend(pid) from pg_stat_activity "
				+ "where datname = current_database() and query like 'listen%' and pid % 3 = " + random.nextInt(3));
		// The time between two faults is part of the load.
		TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
		return null;
	}

	private @Nullable String step(int number, Random random) throws InterruptedException {
		int key = random.nextInt(KEYS);
		PostgresCache cache = this.instances.get(number % INSTANCES).cache("stress");
		if (number < INSTANCES) { // a writer, the only one of its keys
			int own = key - key % INSTANCES + number;
			if (own < KEYS) {
				return write(cache, own);
			}
			return null;
		}
		return read(cache, key, BOUND);
	}

	private @Nullable String write(PostgresCache cache, int key) throws InterruptedException {
		Writes written = this.writes.get(key);
		long version = written.next();
		long failures = cache.getStatistics().failures(CacheOperation.PUT);
		cache.put(key, version);
		if (cache.getStatistics().failures(CacheOperation.PUT) == failures) {
			written.done(version);
		}
		// The pause limits the rate of writes, so that reads find near entries.
		TimeUnit.MICROSECONDS.sleep(2_000);
		return read(cache, key, Duration.ZERO);
	}

	private @Nullable String read(PostgresCache cache, int key, Duration bound) {
		Writes written = this.writes.get(key);
		long least = written.doneBefore(bound);
		Long found = cache.get(key, Long.class);
		this.reads.increment();
		if (found == null) {
			return null;
		}
		if (found < least) {
			return "key " + key + ": read " + found + ", but " + least + " was written before";
		}
		long age = written.age(found);
		this.oldest.accumulateAndGet(age, Math::max);
		return null;
	}

	/**
	 * The versions of one key whose writes have returned. They have one writer, so that
	 * both versions and times rise.
	 */
	private static final class Writes {

		private final NavigableMap<Long, Long> versionsByTime = new ConcurrentSkipListMap<>();

		private final NavigableMap<Long, Long> timesByVersion = new ConcurrentSkipListMap<>();

		private final AtomicLong last = new AtomicLong();

		long next() {
			return this.last.incrementAndGet();
		}

		void done(long version) {
			long now = System.nanoTime();
			this.timesByVersion.put(version, now);
			this.versionsByTime.put(now, version);
		}

		/**
		 * The last version whose write had returned some time ago.
		 */
		long doneBefore(Duration bound) {
			Map.Entry<Long, Long> write = this.versionsByTime.floorEntry(System.nanoTime() - bound.toNanos());
			return (write != null) ? write.getValue() : 0;
		}

		/**
		 * For how long there has been a later version.
		 */
		long age(long version) {
			Map.Entry<Long, Long> later = this.timesByVersion.higherEntry(version);
			return (later != null) ? System.nanoTime() - later.getValue() : 0;
		}

	}

}
