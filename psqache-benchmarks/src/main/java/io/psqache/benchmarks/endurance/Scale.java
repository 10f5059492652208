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
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;

/**
 * Compares the same calls on a large and on a small table in interleaved rounds.
 */
final class Scale implements Endurance.Experiment {

	private static final int LARGE = 5_000_000;

	private static final int SMALL = 50_000;

	private static final int THREADS = 8;

	private static final int ROUNDS = 5;

	private static final double ROUND_SECONDS = 3;

	private static final double WARM_UP_SECONDS = 15;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int large = stage.count(LARGE);
		int small = stage.count(SMALL);
		journal.begin("gets and puts at %,d entries against %,d, %d threads", large, small, THREADS);
		try (Database largeDatabase = stage.database("large");
				Database smallDatabase = stage.database("small");
				Psqache inLarge = Psqache.start(largeDatabase.url());
				Psqache inSmall = Psqache.start(smallDatabase.url())) {
			fill(stage, largeDatabase, inLarge, large);
			fill(stage, smallDatabase, inSmall, small);
			AtomicLong draws = new AtomicLong();
			List<Contest> contests = List.of(new Contest("get", inLarge, large, draws, new ArrayList<>()),
					new Contest("get", inSmall, small, draws, new ArrayList<>()),
					new Contest("put", inLarge, large, draws, new ArrayList<>()),
					new Contest("put", inSmall, small, draws, new ArrayList<>()));
			for (Contest contest : contests) {
				contest.rate(stage, stage.seconds(WARM_UP_SECONDS));
			}
			List<Contest> order = new ArrayList<>(contests);
			Random random = new Random(stage.seed());
			for (int round = 0; round < ROUNDS; round++) {
				Collections.shuffle(order, random);
				for (Contest contest : order) {
					contest.rates.add(contest.rate(stage, stage.seconds(ROUND_SECONDS)));
				}
			}
			contests
				.forEach((contest) -> journal.figure("%s, %,d entries".formatted(contest.operation, contest.entries),
						Spread.of(contest.rates).median(), "/s"));
			for (int contest = 0; contest < contests.size(); contest += 2) {
				List<Double> inLargeRates = contests.get(contest).rates;
				List<Double> inSmallRates = contests.get(contest + 1).rates;
				journal.judge(
						"%s, rate at %,d entries against %,d".formatted(contests.get(contest).operation, large, small),
						true, 0.8,
						IntStream.range(0, ROUNDS)
							.mapToObj((round) -> inLargeRates.get(round) / inSmallRates.get(round))
							.toList());
			}
			journal.count("failed calls", inLarge.failures() + inSmall.failures());
		}
	}

	/**
	 * The scan at the end loads the table into memory, as regular use would.
	 */
	private static void fill(Stage stage, Database database, Psqache psqache, int entries) throws Exception {
		stage.fill(psqache, 0, entries);
		database.settle();
		database.number("select count(value) from " + database.entryTable());
	}

	/**
	 * One operation on one table, and its rates.
	 */
	private record Contest(String operation, Psqache psqache, int entries, AtomicLong draws, List<Double> rates) {

		double rate(Stage stage, Duration length) throws Exception {
			return Crew.rate(THREADS, length, 1, (number) -> {
				long draw = this.draws.getAndIncrement();
				String key = Stage.key(stage.draw(draw, this.entries));
				if (this.operation.equals("put")) {
					this.psqache.cache().put(key, stage.value(draw));
				}
				else if (this.psqache.cache().get(key) == null) {
					throw new IllegalStateException("A read missed an entry that is there");
				}
			});
		}

	}

}
