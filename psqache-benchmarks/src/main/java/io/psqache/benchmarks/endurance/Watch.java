package io.psqache.benchmarks.endurance;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import javax.sql.DataSource;

import io.psqache.store.SchemaName;
import io.psqache.watch.TableWatch;
import io.psqache.watch.WatchedTables;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The same updates of tables that are watched and of one that is not, in turns. All that
 * is evicted is there.
 */
final class Watch implements Experiment {

	private static final int ROWS = 100_000;

	private static final int BULK = 10_000;

	private static final int SINGLES = 500;

	private static final int ROUNDS = 10;

	private static final String NAMESPACE = "benchmark";

	private static final String MAKE_TABLE = """
			create table %s (id int primary key, title text not null, text text not null) with (fillfactor = 50)
			""";

	private static final String FILL_TABLE = """
			insert into %s
			select id, 'title of ' || id, repeat('text ', 40)
			from generate_series(1, %d) as id
			""";

	private static final String FILL_CACHE = """
			insert into psqache.entry
			select c.id, i::text, c.epoch, '{"title": "old"}', null, 'v1 java.util.Map', now(), now(), 'infinity', 'infinity'
			from psqache.cache c, generate_series(1, %d) as i
			where c.namespace = '%s' and c.name = '%s'
			on conflict (cache_id, key) do update
			set epoch = excluded.epoch
			""";

	@Override
	public String name() {
		return "watch";
	}

	@Override
	public String title(Sizes sizes) {
		return "updates of tables of %,d rows that are watched against one that is not".formatted(sizes.count(ROWS));
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		List<Contender> contenders = List.of(new Contender("not watched", "plain"),
				new Contender("watched by key", "by_key"), new Contender("watched, cleared", "clearing"),
				new Contender("watched by key, max-rows %,d".formatted(BULK), "all_keys"));
		try (Database database = stage.database(name())) {
			PGSimpleDataSource dataSource = new PGSimpleDataSource();
			dataSource.setUrl(database.url());
			contenders.forEach((contender) -> contender.makeTable(database, stage.sizes().count(ROWS)));
			new WatchedTables(new SchemaName("psqache"), NAMESPACE,
					List.of(TableWatch.evicting("by_key", "by_key", "id"), TableWatch.clearing("clearing", "clearing"),
							TableWatch.evicting("all_keys", "all_keys", "id").withMaxRows(BULK)))
				.install(dataSource);
			database.settle();
			rounds(stage, journal, database, dataSource, contenders);
		}
		report(journal, contenders, "1 row, a transaction each", (contender) -> contender.committed);
		report(journal, contenders, "1 row, the statement without its commit", (contender) -> contender.uncommitted);
		report(journal, contenders, "%,d rows in a statement".formatted(stage.sizes().count(BULK)),
				(contender) -> contender.bulk);
	}

	/**
	 * The first one is a warm-up.
	 */
	private static void rounds(Stage stage, Journal journal, Database database, DataSource dataSource,
			List<Contender> contenders) throws SQLException {
		Random random = new Random(stage.seed());
		int rounds = (int) Math.max(3, ROUNDS * stage.sizes().time());
		for (int round = 0; round <= rounds; round++) {
			List<Contender> order = new ArrayList<>(contenders);
			Collections.shuffle(order, random);
			for (Contender contender : order) {
				database.execute(FILL_CACHE.formatted(stage.sizes().count(ROWS), NAMESPACE, contender.table));
				database.execute("vacuum " + contender.table);
				database.execute("vacuum psqache.entry");
				try (Connection connection = dataSource.getConnection()) {
					contender.run(connection, stage.sizes().count(SINGLES), stage.sizes().count(BULK), random,
							round == 0);
				}
			}
			journal.say("round %d of %d", round, rounds);
		}
	}

	private static void report(Journal journal, List<Contender> contenders, String what, Times times) {
		contenders.forEach(
				(contender) -> journal.figure(what + ", " + contender.name, Medians.of(times.of(contender)), "ms"));
	}

	private interface Times {

		List<Double> of(Contender contender);

	}

	/**
	 * A table and the medians of each round, in milliseconds.
	 */
	private static final class Contender {

		private final String name;

		private final String table;

		private final List<Double> committed = new ArrayList<>();

		private final List<Double> uncommitted = new ArrayList<>();

		private final List<Double> bulk = new ArrayList<>();

		private int rows;

		Contender(String name, String table) {
			this.name = name;
			this.table = table;
		}

		void makeTable(Database database, int rows) {
			this.rows = rows;
			database.execute(MAKE_TABLE.formatted(this.table));
			database.execute(FILL_TABLE.formatted(this.table, rows));
		}

		/**
		 * One round.
		 * @param isWarmUp whether its times do not count
		 */
		void run(Connection connection, int singles, int bulk, Random random, boolean isWarmUp) throws SQLException {
			try (PreparedStatement statement = connection
				.prepareStatement("update " + this.table + " set title = ? where id between ? and ?")) {
				double committed = singles(statement, singles, random);
				connection.setAutoCommit(false);
				double uncommitted = singles(statement, singles, random);
				connection.rollback();
				double inBulk = millis(statement, 1 + random.nextInt(this.rows - bulk), bulk);
				connection.rollback();
				if (!isWarmUp) {
					this.committed.add(committed);
					this.uncommitted.add(uncommitted);
					this.bulk.add(inBulk);
				}
			}
		}

		private double singles(PreparedStatement statement, int count, Random random) throws SQLException {
			List<Double> times = new ArrayList<>();
			for (int call = 0; call < count; call++) {
				times.add(millis(statement, 1 + random.nextInt(this.rows), 1));
			}
			return Medians.of(times);
		}

		private static double millis(PreparedStatement statement, int first, int rows) throws SQLException {
			long begun = System.nanoTime();
			statement.setString(1, "new");
			statement.setInt(2, first);
			statement.setInt(3, first + rows - 1);
			statement.executeUpdate();
			return (System.nanoTime() - begun) / 1e6;
		}

	}

}
