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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.psqache.TypedCache;
import io.psqache.benchmarks.contender.Product;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Database.TableState;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;
import org.HdrHistogram.Histogram;

/**
 * Lets a fifth of all entries expire in four waves under load, and measures the delay
 * until their rows are deleted, and the latency of readers. The load runs before, during
 * and after the waves; the latency before and after is the baseline.
 */
final class Expiry implements Endurance.Experiment {

	private static final int ENTRIES = 5_000_000;

	private static final int WAVES = 4;

	/**
	 * The number of entries per expiring entry of a wave.
	 */
	private static final int PARTS = 20;

	private static final int FILLERS = 32;

	private static final int GETS_PER_SECOND = 10_000;

	private static final int PUTS_PER_SECOND = 2_000;

	private static final double WARM_UP_SECONDS = 40;

	private static final double BASELINE_SECONDS = 60;

	private static final double APART_SECONDS = 30;

	private static final double WINDOW_SECONDS = 10;

	private static final double GIVE_UP_SECONDS = 420;

	private static final double MOST_SECONDS = 120;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int entries = stage.count(ENTRIES);
		journal.begin("%,d entries of which 20 %% expire in %d waves, under %,d gets and %,d puts a second", entries,
				WAVES, GETS_PER_SECOND, PUTS_PER_SECOND);
		try (Database database = stage.database("expiry"); Psqache psqache = Psqache.start(database.url())) {
			TypedCache<String, Product> cache = psqache.typedCache(Psqache.CACHE, String.class, Product.class);
			Instant first = fill(stage, cache, entries);
			database.settle();
			// A busy machine may exceed psqache.timeout.
			long notStored = entries - database.rows(Psqache.CACHE);
			TableState before = database.state();
			try (Crew gets = new Crew(); Crew puts = new Crew()) {
				gets.pace(32, GETS_PER_SECOND, (number) -> cache.get(Stage.key(stage.draw(number, entries))));
				puts.pace(16, PUTS_PER_SECOND, (number) -> {
					int key = stage.draw(-number, entries);
					if (key % PARTS >= WAVES) {
						cache.set(Stage.key(key), stage.value(number));
					}
				});
				stage.pause(WARM_UP_SECONDS);
				List<Double> baseline = windows(stage, journal, "before", gets, () -> Instant.now().isBefore(first));
				List<Double> gone = new ArrayList<>();
				Instant end = first.plus(stage.seconds(GIVE_UP_SECONDS));
				List<Double> during = windows(stage, journal, "during", gets, () -> {
					long deleted = database.state().deleted() - before.deleted() + notStored;
					while (gone.size() < WAVES && deleted >= (gone.size() + 1L) * entries / PARTS) {
						Instant expiry = first.plus(stage.seconds(gone.size() * APART_SECONDS));
						gone.add(Duration.between(expiry, Instant.now()).toMillis() / 1e3);
					}
					return gone.size() < WAVES && Instant.now().isBefore(end);
				});
				long afterwards = System.nanoTime();
				baseline.addAll(windows(stage, journal, "after", gets,
						() -> Time.secondsSince(afterwards) < BASELINE_SECONDS * stage.time()));
				gets.stop();
				puts.stop();
				judge(journal, gone, baseline, during);
			}
			TableState after = database.state();
			journal.figure("table before", before.tableBytes() / 1e6, "MB");
			journal.figure("table after", after.tableBytes() / 1e6, "MB");
			journal.count("autovacuums", after.autovacuums() - before.autovacuums());
			journal.count("failed calls", psqache.failures());
		}
	}

	/**
	 * Write the entries. A test run estimates the duration.
	 * @return when the first wave expires
	 */
	private static Instant fill(Stage stage, TypedCache<String, Product> cache, int entries) throws Exception {
		try (Crew crew = new Crew()) {
			long begun = System.nanoTime();
			crew.forEach(FILLERS, 0, entries / PARTS, (number) -> cache.set(Stage.key(number), stage.value(number)))
				.join();
			Instant first = Instant.now()
				.plus(Time.seconds(2 + 1.5 * PARTS * Time.secondsSince(begun)
						+ (WARM_UP_SECONDS + BASELINE_SECONDS) * stage.time()));
			crew.forEach(FILLERS, 0, entries, (number) -> {
				Duration left = Duration.between(Instant.now(), first)
					.plus(stage.seconds(number % PARTS * APART_SECONDS));
				if (number % PARTS < WAVES) {
					cache.set(Stage.key(number), stage.value(number), left);
				}
				else {
					cache.set(Stage.key(number), stage.value(number));
				}
			}).join();
			if (Instant.now().plus(stage.seconds(WARM_UP_SECONDS)).isAfter(first)) {
				throw new IllegalStateException("The table took so long to fill that no time is left for the baseline");
			}
			return first;
		}
	}

	/**
	 * The 99th percentile of the gets in each window while a condition holds, in us.
	 */
	private static List<Double> windows(Stage stage, Journal journal, String phase, Crew gets,
			BooleanSupplier condition) throws InterruptedException {
		List<Double> p99 = new ArrayList<>();
		gets.times(); // Discard earlier times.
		do {
			Time.await(stage.seconds(WINDOW_SECONDS), Duration.ofMillis(500), () -> !condition.getAsBoolean());
			Histogram times = gets.times();
			p99.add(times.getValueAtPercentile(99) / 1e3);
			journal.say("%s: %,d gets, p50 %,.0f us, p99 %,.0f us", phase, times.getTotalCount(),
					times.getValueAtPercentile(50) / 1e3, times.getValueAtPercentile(99) / 1e3);
		}
		while (condition.getAsBoolean());
		journal.figure(phase + ": p99 of gets, us", Spread.of(p99).toString());
		return p99;
	}

	private static void judge(Journal journal, List<Double> gone, List<Double> baseline, List<Double> during) {
		double slowest = gone.stream().max(Double::compare).orElse(Double.NaN);
		boolean isDone = gone.size() == WAVES;
		journal.figure("each wave is deleted after, s", gone.toString());
		journal.judge("expiry: every expired row is deleted, slowest of the waves", "<= 2 min",
				isDone ? Text.format("%.1f s", slowest) : "not reached", isDone && slowest <= MOST_SECONDS);
		double ratio = Spread.of(during).median() / Spread.of(baseline).median();
		journal.judge("expiry: p99 of gets while the waves are swept, against before and after", "<= 1.5 x",
				Text.format("%.2f x", ratio), ratio <= 1.5);
	}

}
