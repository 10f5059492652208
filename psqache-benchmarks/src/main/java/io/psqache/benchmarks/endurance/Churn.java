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

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Database.TableState;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;

/**
 * Puts to existing keys, in sufficient number to show the effects of dead rows.
 */
final class Churn implements Endurance.Experiment {

	private static final int PUTS = 5_000_000;

	private static final int KEYS = 200_000;

	private static final int WRITERS = 16;

	private static final int READERS = 2;

	private static final long STATISTICS_MILLIS = 2_000;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int puts = stage.count(PUTS);
		int keys = stage.count(KEYS);
		journal.begin("%,d puts over %,d keys by %d writers, %d readers beside them", puts, keys, WRITERS, READERS);
		try (Database database = stage.database("churn"); Psqache psqache = Psqache.start(database.url())) {
			stage.fill(psqache, 0, keys);
			database.settle();
			TableState before = database.state();
			long largest = before.tableBytes();
			long begun = System.nanoTime();
			try (Crew writers = new Crew(); Crew readers = new Crew()) {
				readers.forEach(READERS, 0, Long.MAX_VALUE,
						(number) -> psqache.cache().get(Stage.key(stage.draw(number, keys))));
				writers.forEach(WRITERS, 0, puts,
						(number) -> psqache.cache().put(Stage.key(stage.draw(number, keys)), stage.value(number)));
				while (!writers.isDone()) {
					Thread.sleep(1000);
					largest = Math.max(largest, database.state().tableBytes());
					journal.say("%,d puts, %,d gets, table %,d KB", writers.calls(), readers.calls(), largest >> 10);
				}
				writers.join();
				journal.figure("puts a second", puts / Time.secondsSince(begun), "/s");
				readers.stop();
			}
			Thread.sleep(STATISTICS_MILLIS);
			TableState after = database.state();
			double hot = after.hotShareSince(before);
			double growth = (double) Math.max(largest, after.tableBytes()) / before.tableBytes();
			journal.count("failed calls", psqache.failures());
			journal.count("rows updated", after.updated() - before.updated());
			journal.figure("table at the start", before.tableBytes() / 1e6, "MB");
			journal.figure("index at the start", before.indexBytes() / 1e6, "MB");
			journal.figure("index at the end", after.indexBytes() / 1e6, "MB");
			journal.count("autovacuums", after.autovacuums() - before.autovacuums());
			journal.judge("upserts over existing keys: HOT", ">= 99 %", Text.format("%.2f %%", 100 * hot), hot >= 0.99);
			journal.judge("upserts over existing keys: the table at its largest, against the start", "<= 1.5 x",
					Text.format("%.2f x", growth), growth <= 1.5);
		}
	}

}
