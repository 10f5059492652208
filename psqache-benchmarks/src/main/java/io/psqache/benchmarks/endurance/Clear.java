package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.psqache.PostgresCache;

/**
 * Clears a cache of millions of entries: what the caller waits, and when the space can be
 * used again. Autovacuum comes by in its own time (a minute between two visits by
 * default).
 */
final class Clear implements Experiment {

	private static final int ENTRIES = 5_000_000;

	private static final int READS = 1000;

	private static final int WARM_UPS = 2000;

	private static final int WARM_CLEARS = 50;

	private static final int PUT_AGAIN = 20_000;

	private static final double REST = 30;

	private static final Duration LIMIT = Duration.ofMinutes(15);

	private static final double MINUTES = 300;

	private static final String PREFIX = "product:";

	@Override
	public String name() {
		return "clear";
	}

	@Override
	public String title(Sizes sizes) {
		return "clear() of %,d entries, the sweeper at work".formatted(sizes.count(ENTRIES));
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int entries = stage.sizes().count(ENTRIES);
		try (Database database = stage.database(name())) {
			Preload preload = new Preload(database, stage.values());
			preload.fill(PREFIX, 0, entries);
			database.settle();
			journal.say("%,d entries filled in", entries);
			try (Instance instance = database.open(Sweeper.ON)) {
				warmUp(stage, instance);
				Patience.pass(stage.sizes().time(REST));
				TableState before = database.state();
				clear(stage, journal, instance, entries);
				new Reclaim(database, journal).await(before, LIMIT, MINUTES);
				again(stage, journal, database, instance, preload, entries);
				journal.count("failed calls", instance.failures());
			}
		}
	}

	/**
	 * Connections are open and the code is compiled, by another cache.
	 */
	private static void warmUp(Stage stage, Instance instance) {
		PostgresCache other = instance.cache("other");
		for (int number = 0; number < WARM_UPS; number++) {
			other.put(Preload.key(PREFIX, number), stage.values().value(number));
			other.get(Preload.key(PREFIX, number));
		}
		for (int number = 0; number < WARM_CLEARS; number++) {
			other.clear();
		}
	}

	private static void clear(Stage stage, Journal journal, Instance instance, int entries) {
		int hitsBefore = hits(stage, instance, entries);
		double millis = millis(instance.cache());
		int hitsAfter = hits(stage, instance, entries);
		List<Double> small = new ArrayList<>();
		for (int round = 0; round < 20; round++) {
			small.add(millis(instance.cache("other")));
		}
		journal.count("hits among %,d reads before".formatted(READS), hitsBefore);
		journal.count("hits among %,d reads right after".formatted(READS), hitsAfter);
		journal.figure("clear() of an empty cache, median of 20", Medians.of(small), "ms");
		journal.judge("clear(): what the caller waits", "<= 10 ms", new Figure("", millis, "ms").number(),
				millis <= 10);
		journal.judge("clear(): reads right after it", "all miss",
				"%,d of %,d miss".formatted(READS - hitsAfter, READS), hitsAfter == 0 && hitsBefore == READS);
	}

	private static double millis(PostgresCache cache) {
		long begun = System.nanoTime();
		cache.clear();
		return (System.nanoTime() - begun) / 1e6;
	}

	private static int hits(Stage stage, Instance instance, int entries) {
		int hits = 0;
		for (int read = 0; read < READS; read++) {
			String key = Preload.key(PREFIX, Scatter.draw(stage.seed() + read, entries));
			hits += (instance.cache().get(key) != null) ? 1 : 0;
		}
		return hits;
	}

	/**
	 * What is put into the space that was freed must not make the table grow.
	 */
	private static void again(Stage stage, Journal journal, Database database, Instance instance, Preload preload,
			int entries) {
		String size = "select pg_relation_size('psqache.entry')";
		long before = database.number(size);
		long indexBefore = database.state().indexBytes();
		preload.fill(PREFIX, 0, entries / 2);
		for (int number = 0; number < stage.sizes().count(PUT_AGAIN); number++) {
			instance.cache().put(Preload.key("again:", number), stage.values().value(number));
		}
		long after = database.number(size);
		journal.count("entries filled in again", entries / 2);
		journal.figure("index before", indexBefore / 1e6, "MB");
		journal.figure("index after", database.state().indexBytes() / 1e6, "MB");
		double growth = (double) after / before;
		journal.judge("clear(): the table after half as many entries were put again, against before", "<= 1 x",
				Text.ratio(growth), growth <= 1);
	}

}
