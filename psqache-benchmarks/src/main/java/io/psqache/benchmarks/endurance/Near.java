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

package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.contender.Product;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.RedisServer;
import io.psqache.benchmarks.support.ServerProcess;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;
import org.HdrHistogram.Histogram;

/**
 * Experiments with near caches: the time of a hit, the cost for puts, and the delay of
 * invalidations.
 */
final class Near {

	private static final String ON = "psqache.defaults.near.enabled=true";

	private static final String OFF = "psqache.defaults.near.enabled=false";

	private static final int KEYS = 1_000;

	private static final int ROUNDS = 5;

	/**
	 * The number of warm-up rounds.
	 */
	private static final int WARM_UPS = 2;

	private static final int THREADS = 8;

	/**
	 * The number of reads per reading of the clock, which takes as long as a hit.
	 */
	private static final int READS_A_LOOK = 200;

	private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private Near() {
	}

	/**
	 * Compare hits with Caffeine and {@code RedisCache} in interleaved rounds.
	 */
	static void hits(Stage stage, Journal journal) throws Exception {
		journal.begin("Reads of %,d keys that are copied, values of 500 bytes, %d rounds", KEYS, ROUNDS);
		try (Database database = stage.database("near");
				Psqache psqache = Psqache.start(database.url(), ON,
						"psqache.near.immutable-types=" + Product.class.getName());
				Psqache decoding = Psqache.start(database.url(), ON);
				RedisServer server = RedisServer.start();
				Contender redis = ContenderKind.REDIS_CACHE.open(new Arena(database, ServerProcess.NONE, server))) {
			psqache.awaitCopies();
			decoding.awaitCopies();
			Cache<String, Product> caffeine = Caffeine.newBuilder()
				.maximumSize(10_000)
				.expireAfterWrite(Duration.ofMinutes(5))
				.build();
			for (int key = 0; key < KEYS; key++) {
				caffeine.put(Stage.key(key), stage.value(key));
				redis.put(Stage.key(key), stage.value(key));
				psqache.cache().put(Stage.key(key), stage.value(key));
			}
			for (int threads : new int[] { 1, THREADS }) {
				List<Double> toCaffeine = new ArrayList<>();
				List<Double> toRedis = new ArrayList<>();
				for (int round = -WARM_UPS; round < ROUNDS; round++) {
					double near = rate(stage, threads, psqache.cache()::get);
					double local = rate(stage, threads, caffeine::getIfPresent);
					double remote = rate(stage, threads, redis::get);
					if (round >= 0) {
						toCaffeine.add(local / near);
						toRedis.add(near / remote);
						journal.say("%d threads: %.0f ns a hit", threads, 1e9 * threads / near);
					}
				}
				journal.judge("near hit, time against Caffeine with a time-to-live, threads: " + threads, false, 2,
						toCaffeine);
				journal.judge("near hit, rate against RedisCache, threads: " + threads, true, 100, toRedis);
			}
			journal.figure("near hit, value decoded for each caller", 1e9 / rate(stage, 1, decoding.cache()::get),
					"ns");
			journal.count("failed calls", psqache.failures() + decoding.failures());
		}
	}

	private static double rate(Stage stage, int threads, Read read) throws Exception {
		return Crew.rate(threads, stage.seconds(2), READS_A_LOOK, (number) -> read.get(Stage.key(number * 7 % KEYS)));
	}

	/**
	 * Compare puts with and without the near cache in interleaved rounds.
	 */
	static void puts(Stage stage, Journal journal) throws Exception {
		journal.begin("Puts by %d threads with the near cache on and off, %d rounds", THREADS, ROUNDS);
		puts(stage, journal, 1, 0.9);
		puts(stage, journal, 4, 0.7);
	}

	private static void puts(Stage stage, Journal journal, int count, double least) throws Exception {
		List<Psqache> off = new ArrayList<>();
		List<Psqache> on = new ArrayList<>();
		try (Database without = stage.database("near_off"); Database with = stage.database("near_on")) {
			try {
				for (int instance = 0; instance < count; instance++) {
					off.add(Psqache.start(without.url(), OFF));
					on.add(Psqache.start(with.url(), ON));
					on.get(instance).awaitCopies();
				}
				List<Double> ratios = new ArrayList<>();
				List<Double> rates = new ArrayList<>();
				for (int round = -WARM_UPS; round < ROUNDS; round++) {
					double rateOff = putRate(stage, off);
					double rateOn = putRate(stage, on);
					if (round >= 0) {
						ratios.add(rateOn / rateOff);
						rates.add(rateOn);
					}
				}
				journal.figure("puts, near on, instances: " + count, Spread.of(rates).median(), "/s");
				journal.count("failed calls, instances: " + count, on.stream().mapToLong(Psqache::failures).sum());
				journal.judge("put rate, near on against off, instances: " + count, true, least, ratios);
			}
			finally {
				off.forEach(Psqache::close);
				on.forEach(Psqache::close);
			}
		}
	}

	private static double putRate(Stage stage, List<Psqache> instances) throws Exception {
		return Crew.rate(THREADS, stage.seconds(4), 1,
				(number) -> instances.get((int) (number % instances.size()))
					.cache()
					.put(Stage.key(stage.draw(number, 10 * KEYS)), stage.value(number)));
	}

	/**
	 * Measure the time for which an instance returns its near entry after another
	 * instance has put a new value.
	 */
	static void delays(Stage stage, Journal journal) throws Exception {
		journal.begin("A put in one instance, and reads in another until they return the new value");
		try (Database database = stage.database("near");
				Psqache one = Psqache.start(database.url(), ON);
				Psqache other = Psqache.start(database.url(), ON)) {
			one.awaitCopies();
			other.awaitCopies();
			delays(one, other, stage.seconds(10)); // Warm up.
			Histogram nanos = delays(one, other, stage.seconds(60));
			double p50 = nanos.getValueAtPercentile(50) / 1e6;
			double p99 = nanos.getValueAtPercentile(99) / 1e6;
			journal.count("puts", nanos.getTotalCount());
			journal.count("reads of copies", other.nearHits());
			journal.judge("delay of an invalidation between two instances, p50", "<= 5 ms", Text.format("%.1f ms", p50),
					p50 <= 5);
			journal.judge("delay of an invalidation between two instances, p99", "<= 100 ms",
					Text.format("%.1f ms", p99), p99 <= 100);
		}
	}

	private static Histogram delays(Psqache one, Psqache other, Duration length) {
		Histogram nanos = new Histogram(LIMIT_NANOS, 3);
		long begun = System.nanoTime();
		for (long version = 1; Time.secondsSince(begun) < length.toMillis() / 1e3; version++) {
			String key = Stage.key(version % KEYS);
			other.cache().get(key);
			one.cache().put(key, version);
			long put = System.nanoTime();
			while (!Long.valueOf(version).equals(other.cache().get(key, Long.class))
					&& System.nanoTime() - put < LIMIT_NANOS) {
				Thread.onSpinWait();
			}
			nanos.recordValue(Math.min(LIMIT_NANOS, System.nanoTime() - put));
		}
		return nanos;
	}

	/**
	 * A read of a cache.
	 */
	@FunctionalInterface
	private interface Read {

		@org.jspecify.annotations.Nullable
		Object get(String key) throws Exception;

	}

}
