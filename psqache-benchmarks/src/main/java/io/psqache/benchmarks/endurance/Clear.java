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

import io.psqache.PostgresCache;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Database.TableState;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;

/**
 * Clears a cache of millions of entries, and measures the wait of the caller and the time
 * until the space is free. Autovacuum runs at its own pace, once a minute by default.
 */
final class Clear implements Endurance.Experiment {

	private static final int ENTRIES = 5_000_000;

	private static final int READS = 1_000;

	private static final int WARM_UP_CALLS = 50;

	private static final double REST_SECONDS = 30;

	private static final Duration LIMIT = Duration.ofMinutes(15);

	private static final double MOST_SECONDS = 300;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int entries = stage.count(ENTRIES);
		journal.begin("clear() of %,d entries", entries);
		try (Database database = stage.database("clear"); Psqache psqache = Psqache.start(database.url())) {
			stage.fill(psqache, 0, entries);
			database.settle();
			for (int call = 0; call < WARM_UP_CALLS; call++) {
				psqache.cache("other").clear();
			}
			stage.pause(REST_SECONDS);
			TableState before = database.state();
			clear(stage, journal, psqache.cache(), entries);
			awaitSpace(journal, database, before);
			fillAgain(stage, journal, database, psqache, entries / 2);
			journal.count("failed calls", psqache.failures());
		}
	}

	private static void clear(Stage stage, Journal journal, PostgresCache cache, int entries) {
		int before = hits(stage, cache, entries);
		long begun = System.nanoTime();
		cache.clear();
		double millis = 1000 * Time.secondsSince(begun);
		int after = hits(stage, cache, entries);
		journal.count("hits among %,d reads before".formatted(READS), before);
		journal.judge("clear(): the caller waits", "<= 10 ms", Text.format("%.3f ms", millis), millis <= 10);
		journal.judge("clear(): misses among %,d reads right after it".formatted(READS), "all",
				Text.format("%,d", READS - after), after == 0 && before == READS);
	}

	private static int hits(Stage stage, PostgresCache cache, int entries) {
		int hits = 0;
		for (int read = 0; read < READS; read++) {
			hits += (cache.get(Stage.key(stage.draw(read, entries))) != null) ? 1 : 0;
		}
		return hits;
	}

	/**
	 * Wait until the rows are deleted and autovacuum has removed nearly all of them.
	 */
	private static void awaitSpace(Journal journal, Database database, TableState before) throws InterruptedException {
		Duration pause = Duration.ofSeconds(1);
		double deleted = Time.await(LIMIT, pause, () -> database.rows(Psqache.CACHE) == 0);
		double free = Time.await(LIMIT, pause, () -> {
			TableState state = database.state();
			journal.say("%,d rows deleted, %,d dead", state.deleted() - before.deleted(), state.dead());
			return state.autovacuums() > before.autovacuums() && state.dead() * 20 < state.deleted() - before.deleted();
		});
		journal.figure("until every row is deleted", deleted, "s");
		journal.figure("until the space is free, after that", free, "s");
		journal.judge("clear(): the space can be used again", "<= 5 min", Text.format("%.1f s", deleted + free),
				deleted + free <= MOST_SECONDS);
	}

	private static void fillAgain(Stage stage, Journal journal, Database database, Psqache psqache, int entries)
			throws Exception {
		TableState before = database.state();
		stage.fill(psqache, 0, entries);
		TableState after = database.state();
		double growth = (double) after.tableBytes() / before.tableBytes();
		journal.figure("table before", before.tableBytes() / 1e6, "MB");
		journal.figure("index before", before.indexBytes() / 1e6, "MB");
		journal.figure("index after", after.indexBytes() / 1e6, "MB");
		journal.judge("clear(): the table after half as many entries were put again, against before", "<= 1.01 x",
				Text.format("%.2f x", growth), growth <= 1.01);
	}

}
