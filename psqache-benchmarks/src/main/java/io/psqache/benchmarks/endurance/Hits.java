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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import io.psqache.PostgresCache;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Pacer;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;

/**
 * Compares the hit ratio of a bounded cache on skewed keys with in-memory caches of
 * exactly as many entries.
 */
final class Hits implements Endurance.Experiment {

	private static final int KEYS = 100_000;

	private static final int BOUND = 10_000;

	private static final int WARM_UP = 200_000;

	private static final int MEASURED = 600_000;

	private static final double PER_SECOND = 4_000;

	private static final int CALLERS = 8;

	private static final Duration REST = Duration.ofMinutes(2);

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int warmUp = stage.count(WARM_UP);
		journal.begin("Zipf(0.99) over %,d keys, max-entries %,d, get and put on a miss", stage.count(KEYS),
				stage.count(BOUND));
		int[] trace = IntStream.generate(zipf(stage.count(KEYS), new Random(stage.seed())))
			.limit(warmUp + stage.count(MEASURED))
			.toArray();
		run(stage, journal, trace, Text.format("%,.0f gets a second", PER_SECOND), PER_SECOND);
		run(stage, journal, trace, "full speed", Double.POSITIVE_INFINITY);
	}

	private static void run(Stage stage, Journal journal, int[] trace, String name, double perSecond) throws Exception {
		int bound = stage.count(BOUND);
		int warmUp = stage.count(WARM_UP);
		try (Database database = stage.database("hits");
				Psqache psqache = Psqache.start(database.url(), "psqache.defaults.max-entries=" + bound)) {
			LongAdder hits = new LongAdder();
			List<Double> entries = new ArrayList<>();
			try (Crew crew = new Crew()) {
				crew.start(CALLERS, (caller) -> {
					Pacer pacer = Pacer.of(caller, CALLERS, perSecond);
					for (int place = caller; place < trace.length; place += CALLERS) {
						pacer.await();
						boolean hit = read(stage, psqache.cache(), trace[place]);
						hits.add((hit && place >= warmUp) ? 1 : 0);
					}
				});
				do {
					Thread.sleep(500);
					entries.add((double) database.liveEntries());
				}
				while (!crew.isDone());
				crew.join();
			}
			journal.figure(name + ": entries", Spread.of(entries).toString());
			journal.count(name + ": failed calls", psqache.failures());
			double ratio = hits.sum() / (double) (trace.length - warmUp);
			double lru = ExactCache.leastRecentlyUsed(bound).hitRatio(trace, warmUp);
			double fifo = ExactCache.firstInFirstOut(bound).hitRatio(trace, warmUp);
			journal.judge("hit ratio, " + name + ", against exact LRU", ">= LRU - 5 points",
					Text.format("%.2f %% (LRU %.2f %%)", 100 * ratio, 100 * lru), ratio >= lru - 0.05);
			journal.judge("hit ratio, " + name + ", against exact FIFO", "> FIFO",
					Text.format("%.2f %% (FIFO %.2f %%)", 100 * ratio, 100 * fifo), ratio > fifo);
			double rest = Time.await(REST, Duration.ofMillis(500), () -> database.liveEntries() <= bound);
			journal.judge("hit ratio, " + name + ": the bound is held after", "<= 2 min", Text.format("%.1f s", rest),
					!Double.isNaN(rest));
		}
	}

	/**
	 * Draws the n-th most popular key with a probability in proportion to 1 /
	 * n<sup>0.99</sup>, as in the Yahoo! Cloud Serving Benchmark.
	 */
	static IntSupplier zipf(int keys, Random random) {
		double[] cumulated = IntStream.rangeClosed(1, keys).mapToDouble((rank) -> 1 / Math.pow(rank, 0.99)).toArray();
		Arrays.parallelPrefix(cumulated, Double::sum);
		return () -> {
			int place = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[keys - 1]);
			return Math.min(keys - 1, (place < 0) ? -place - 1 : place);
		};
	}

	private static boolean read(Stage stage, PostgresCache cache, int key) {
		if (cache.get(Stage.key(key)) != null) {
			return true;
		}
		cache.put(Stage.key(key), stage.value(key));
		return false;
	}

}
