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

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.psqache.TypedCache;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Time;

/**
 * Compares the same updates of tables that are watched in three ways and of one that is
 * not, in interleaved rounds. All evicted entries exist.
 */
final class Watch implements Endurance.Experiment {

	private static final int ROWS = 100_000;

	private static final int BULK = 10_000;

	private static final int SINGLES = 500;

	private static final int ROUNDS = 10;

	private static final String TABLE = """
			create table %1$s (id int primary key, title text not null, text text not null) with (fillfactor = 50);
			insert into %1$s
			select id, 'title of ' || id, repeat('text ', 40)
			from generate_series(1, %2$d) as id
			""";

	private static final Map<String, String> TITLES = Map.of("plain", "not watched", "by_key", "watched by key",
			"clearing", "watched, cleared", "all_keys", "watched by key, max-rows 10,000");

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int rows = stage.count(ROWS);
		journal.begin("updates of tables of %,d rows that are watched against one that is not", rows);
		List<Table> tables = List.of(new Table("plain"), new Table("by_key"), new Table("clearing"),
				new Table("all_keys"));
		try (Database database = stage.database("watch")) {
			tables.forEach((table) -> database.execute(TABLE.formatted(table.name, rows)));
			try (Psqache psqache = Psqache.start(database.url(), "psqache.watch[0].table=by_key",
					"psqache.watch[0].cache=by_key", "psqache.watch[0].key=id", "psqache.watch[1].table=clearing",
					"psqache.watch[1].cache=clearing", "psqache.watch[1].clear=true", "psqache.watch[2].table=all_keys",
					"psqache.watch[2].cache=all_keys", "psqache.watch[2].key=id",
					"psqache.watch[2].max-rows=" + BULK)) {
				Random random = new Random(stage.seed());
				List<Table> order = new ArrayList<>(tables);
				int rounds = (int) Math.max(3, ROUNDS * stage.time());
				for (int round = 0; round <= rounds; round++) { // The first is a warm-up.
					Collections.shuffle(order, random);
					for (Table table : order) {
						fill(psqache, table.name, rows);
						database.execute("vacuum " + table.name);
						database.execute("vacuum " + database.entryTable());
						table.round(stage, database, random, rows, round == 0);
					}
					journal.say("round %d of %d", round, rounds);
				}
			}
		}
		tables.forEach((table) -> table.times.forEach((what, times) -> journal
			.figure(what + ", " + TITLES.get(table.name), Spread.of(times).median(), "ms")));
	}

	private static void fill(Psqache psqache, String name, int rows) {
		TypedCache<Integer, String> cache = psqache.typedCache(name, Integer.class, String.class);
		Map<Integer, String> entries = new HashMap<>();
		for (int id = 1; id <= rows; id++) {
			entries.put(id, "title of " + id);
		}
		Stage.setAll(cache, entries);
	}

	/**
	 * A table, and the medians of each round in milliseconds.
	 */
	private static final class Table {

		private final String name;

		private final Map<String, List<Double>> times = new LinkedHashMap<>();

		Table(String name) {
			this.name = name;
		}

		void round(Stage stage, Database database, Random random, int rows, boolean isWarmUp) throws SQLException {
			try (Connection connection = DriverManager.getConnection(database.url());
					PreparedStatement update = connection
						.prepareStatement("update " + this.name + " set title = 'new' where id between ? and ?")) {
				int bulk = stage.count(BULK);
				double committed = singles(update, stage.count(SINGLES), random, rows);
				connection.setAutoCommit(false);
				double uncommitted = singles(update, stage.count(SINGLES), random, rows);
				connection.rollback();
				double inBulk = millis(update, 1 + random.nextInt(rows - bulk), bulk);
				connection.rollback();
				if (!isWarmUp) {
					add("1 row, a transaction each", committed);
					add("1 row, the statement without its commit", uncommitted);
					add("%,d rows in a statement".formatted(bulk), inBulk);
				}
			}
		}

		private void add(String what, double millis) {
			this.times.computeIfAbsent(what, (key) -> new ArrayList<>()).add(millis);
		}

		private static double singles(PreparedStatement update, int count, Random random, int rows)
				throws SQLException {
			List<Double> times = new ArrayList<>();
			for (int call = 0; call < count; call++) {
				times.add(millis(update, 1 + random.nextInt(rows), 1));
			}
			return Spread.of(times).median();
		}

		private static double millis(PreparedStatement update, int first, int rows) throws SQLException {
			long begun = System.nanoTime();
			update.setInt(1, first);
			update.setInt(2, first + rows - 1);
			update.executeUpdate();
			return 1000 * Time.secondsSince(begun);
		}

	}

}
