package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Puts over keys that are there, so many that everything an update leaves behind would
 * show.
 */
final class Churn implements Experiment {

	private static final int PUTS = 5_000_000;

	private static final int KEYS = 200_000;

	private static final int WRITERS = 16;

	private static final int READERS = 2;

	private static final String PREFIX = "product:";

	/**
	 * What they have counted is in the statistics when they are gone.
	 */
	private static final String SESSIONS = "select count(*) from pg_stat_activity where application_name = 'psqache'";

	@Override
	public String name() {
		return "churn";
	}

	@Override
	public String title(Sizes sizes) {
		return "%,d puts over %,d keys, values of 500 bytes, %d writers and %d readers, the sweeper at work"
			.formatted(sizes.count(PUTS), sizes.count(KEYS), WRITERS, READERS);
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int keys = stage.sizes().count(KEYS);
		try (Database database = stage.database(name())) {
			new Preload(database, stage.values()).fill(PREFIX, 0, keys);
			database.settle();
			TableState before = database.state();
			long largest = before.tableBytes();
			double seconds;
			try (Instance instance = database.open(Sweeper.ON)) {
				double begun = journal.seconds();
				largest = Math.max(largest, churn(stage, journal, database, instance));
				seconds = journal.seconds() - begun;
				journal.count("failed calls", instance.failures());
			}
			Patience.await(Duration.ofMinutes(1), Duration.ofMillis(100), () -> database.number(SESSIONS) == 0);
			report(journal, stage.sizes().count(PUTS) / seconds, before, database.state(), largest);
		}
	}

	/**
	 * Do it.
	 * @return the largest size of the table that was seen
	 */
	private static long churn(Stage stage, Journal journal, Database database, Instance instance) throws Exception {
		int puts = stage.sizes().count(PUTS);
		int keys = stage.sizes().count(KEYS);
		LongAdder put = new LongAdder();
		LongAdder gets = new LongAdder();
		LongAdder misses = new LongAdder();
		long largest = 0;
		try (Crew writers = new Crew(); Crew readers = new Crew()) {
			readers.loop(READERS, (member) -> () -> {
				gets.increment();
				int key = Scatter.draw(stage.seed() + gets.sum() * READERS + member, keys);
				if (instance.cache().get(Preload.key(PREFIX, key)) == null) {
					misses.increment();
				}
			});
			writers.start(WRITERS, (member) -> {
				for (int number = member; number < puts; number += WRITERS) {
					int key = Scatter.draw(stage.seed() + number, keys);
					instance.cache().put(Preload.key(PREFIX, key), stage.values().value(number));
					put.increment();
				}
			});
			for (int second = 0; !writers.isDone(); second++) {
				largest = Math.max(largest, database.state().tableBytes());
				if (second % 15 == 0) {
					journal.say("%,d puts, %,d gets, table %,d KB", put.sum(), gets.sum(), largest >> 10);
				}
				Patience.pass(Duration.ofSeconds(1));
			}
			writers.join();
			readers.stop();
		}
		journal.count("gets alongside", gets.sum());
		journal.count("of these misses", misses.sum());
		return largest;
	}

	private static void report(Journal journal, double rate, TableState before, TableState after, long largest) {
		double hot = after.hotShareSince(before);
		double growth = (double) Math.max(largest, after.tableBytes()) / before.tableBytes();
		journal.figure("puts a second", rate, "/s");
		journal.count("rows updated", after.updated() - before.updated());
		journal.count("of these HOT", after.hotUpdated() - before.hotUpdated());
		journal.figure("table at the start", before.tableBytes() / 1e6, "MB");
		journal.figure("table at its largest", largest / 1e6, "MB");
		journal.figure("table at the end", after.tableBytes() / 1e6, "MB");
		journal.figure("index at the start", before.indexBytes() / 1e6, "MB");
		journal.figure("index at the end", after.indexBytes() / 1e6, "MB");
		journal.count("autovacuums", after.autovacuums() - before.autovacuums());
		journal.judge("upserts over existing keys: HOT", ">= 99 %", Text.percent(hot), hot >= 0.99);
		journal.judge("upserts over existing keys: the table at its largest, against the start", "<= 1.5 x",
				Text.ratio(growth), growth <= 1.5);
	}

}
