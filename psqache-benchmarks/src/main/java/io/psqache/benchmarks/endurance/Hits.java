package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.store.CacheFigures;

/**
 * How well a bounded cache chooses what it evicts: the hit ratio of a cache-aside
 * application on keys of which a few are popular, against caches in memory that hold
 * exactly as many entries and evict one at a time.
 */
final class Hits implements Experiment {

	private static final int KEYS = 100_000;

	private static final int BOUND = 10_000;

	private static final int WARM_UP = 200_000;

	private static final int MEASURED = 600_000;

	private static final double PER_SECOND = 4000;

	/**
	 * Until all has been counted twice.
	 */
	private static final Duration REST = Duration.ofMinutes(2);

	private static final int LOOKS = 10;

	@Override
	public String name() {
		return "hits";
	}

	@Override
	public String title(Sizes sizes) {
		return "Zipf(0.99) over %,d keys, max-entries %,d, get and put on a miss".formatted(sizes.count(KEYS),
				sizes.count(BOUND));
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int bound = stage.sizes().count(BOUND);
		int warmUp = stage.sizes().count(WARM_UP);
		IntSupplier keys = KeyDistribution.ZIPF.draw(stage.sizes().count(KEYS), new Random(stage.seed()));
		int[] trace = IntStream.generate(keys).limit(warmUp + stage.sizes().count(MEASURED)).toArray();
		double lru = ExactCache.leastRecentlyUsed(bound).hitRatio(trace, warmUp);
		double fifo = ExactCache.firstInFirstOut(bound).hitRatio(trace, warmUp);
		journal.figure("exact LRU", 100 * lru, "%");
		journal.figure("exact FIFO", 100 * fifo, "%");
		run(stage, journal, trace, "%,.0f gets a second".formatted(PER_SECOND), PER_SECOND);
		run(stage, journal, trace, "as many gets as it can", Double.POSITIVE_INFINITY);
	}

	private void run(Stage stage, Journal journal, int[] trace, String name, double perSecond) throws Exception {
		int bound = stage.sizes().count(BOUND);
		int warmUp = stage.sizes().count(WARM_UP);
		try (Database database = stage.database(name());
				Instance instance = database.open(Sweeper.ON, (settings) -> settings.withMaxEntries((long) bound))) {
			TraceRun run = new TraceRun(instance, stage.values(), trace, warmUp);
			EntryCount count = run.run(perSecond, database::liveEntries);
			double hits = run.hitRatio();
			int mean = (int) Math.max(1, count.mean());
			double lru = ExactCache.leastRecentlyUsed(bound).hitRatio(trace, warmUp);
			double fifo = ExactCache.firstInFirstOut(bound).hitRatio(trace, warmUp);
			journal.figure(name + ": gets a second", run.callsPerSecond(), "/s");
			journal.figure(name + ": hit ratio", 100 * hits, "%");
			journal.figure(name + ": entries, mean, of the bound", 100 * count.mean() / bound, "%");
			journal.figure(name + ": entries, most, of the bound", 100.0 * count.most() / bound, "%");
			journal.figure(name + ": exact LRU of the mean number of entries",
					100 * ExactCache.leastRecentlyUsed(mean).hitRatio(trace, warmUp), "%");
			journal.figure(name + ": exact FIFO of the mean number of entries",
					100 * ExactCache.firstInFirstOut(mean).hitRatio(trace, warmUp), "%");
			journal.figure(name + ": updates of rows that were HOT",
					100 * database.state().hotShareSince(new TableState(0, 0, 0, 0, 0, 0, 0)), "%");
			journal.count(name + ": failed calls", instance.failures());
			journal.judge("hit ratio, " + name + ", against exact LRU of the bound's size", ">= LRU - 5 points",
					"%s (LRU %s)".formatted(Text.percent(hits), Text.percent(lru)), hits >= lru - 0.05);
			journal.judge("hit ratio, " + name + ", against exact FIFO of the bound's size", "> FIFO",
					"%s (FIFO %s)".formatted(Text.percent(hits), Text.percent(fifo)), hits > fifo);
			rest(journal, database, instance, name, bound);
		}
	}

	/**
	 * When all is quiet, the bound is held and what the sweeper has counted is exact. It
	 * is quiet when there are as many entries after two counts as before: the last
	 * eviction, which is more than one statement, may come when the load is over.
	 */
	private static void rest(Journal journal, Database database, Instance instance, String name, int bound)
			throws InterruptedException {
		long entries = -1;
		for (int look = 0; look < LOOKS && entries != database.liveEntries(); look++) {
			entries = database.liveEntries();
			awaitCount(instance); // of a walk that may have begun before
			awaitCount(instance);
		}
		CacheFigures figures = instance.figures();
		journal.count(name + ": entries at rest", entries);
		journal.judge("hit ratio, " + name + ": the bound at rest, and what the sweeper counted",
				"<= %,d, exact".formatted(bound),
				"%,d, counted %s".formatted(entries, (figures != null) ? "%,d".formatted(figures.entries()) : "never"),
				entries <= bound && figures != null && figures.entries() == entries);
	}

	private static void awaitCount(Instance instance) throws InterruptedException {
		Instant begun = Instant.now();
		Patience.await(REST, Duration.ofMillis(100), () -> {
			CacheFigures figures = instance.figures();
			return figures != null && figures.countedAt().isAfter(begun);
		});
	}

}
