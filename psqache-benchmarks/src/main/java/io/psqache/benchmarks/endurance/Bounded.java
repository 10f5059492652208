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

import java.util.ArrayList;
import java.util.List;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;

/**
 * Writes many new keys to a small bounded cache, and counts its rows some seconds later,
 * including unreadable ones.
 */
final class Bounded implements Endurance.Experiment {

	private static final int BOUND = 1_000;

	private static final int KEYS = 20_000;

	private static final int THREADS = 8;

	private static final int ROUNDS = 5;

	private static final int WAIT_SECONDS = 10;

	private static final int MOST_ROWS = 1_100;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		journal.begin("rows of a cache bounded to %,d entries, %d s after %,d new keys", BOUND, WAIT_SECONDS, KEYS);
		try (Database database = stage.database("bounded");
				Psqache psqache = Psqache.start(database.url(),
						"psqache.caches." + Psqache.CACHE + ".max-entries=" + BOUND)) {
			List<Double> rows = new ArrayList<>();
			for (int round = 0; round < Math.max(1, ROUNDS * stage.time()); round++) {
				try (Crew crew = new Crew()) {
					crew.forEach(THREADS, (long) KEYS * round, (long) KEYS * (round + 1),
							(number) -> psqache.cache().put(Stage.key(number), stage.value(number)))
						.join();
				}
				Thread.sleep(1000 * WAIT_SECONDS);
				rows.add((double) database.rows(Psqache.CACHE));
				journal.say("%,.0f rows, %,d of them can be read", rows.get(round), database.liveEntries());
			}
			Spread spread = Spread.of(rows);
			journal.count("failed calls", psqache.failures());
			journal.judge(
					"rows of a cache bounded to %,d, %d s after %,d new keys".formatted(BOUND, WAIT_SECONDS, KEYS),
					"<= %,d".formatted(MOST_ROWS),
					Text.format("%,.0f (%,.0f..%,.0f)", spread.median(), spread.min(), spread.max()),
					spread.median() <= MOST_ROWS);
		}
	}

}
