package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts under new keys into a cache that is full, faster than most applications would: how
 * far it passes its bound before the sweeper has evicted as many.
 */
final class Burst implements Experiment {

	private static final int BOUND = 200_000;

	private static final double PUTS_PER_SECOND = 10_000;

	private static final int PUTTERS = 32;

	private static final double LENGTH = 30;

	private static final double REST = 10;

	/**
	 * A sweeper knows how full a cache is when it has walked over the table once.
	 */
	private static final Duration FIRST_WALK = Duration.ofMinutes(3);

	private static final double OVERSHOOT = 1.1;

	private static final String PREFIX = "product:";

	@Override
	public String name() {
		return "burst";
	}

	@Override
	public String title(Sizes sizes) {
		return "%,.0f puts a second under new keys into a cache that is full at max-entries %,d, for %d s"
			.formatted(rate(sizes), sizes.count(BOUND), sizes.time(LENGTH).toSeconds());
	}

	/**
	 * As much of the bound a second as at full size.
	 */
	private static double rate(Sizes sizes) {
		return Math.max(100, PUTS_PER_SECOND * sizes.amount());
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int bound = stage.sizes().count(BOUND);
		try (Database database = stage.database(name())) {
			new Preload(database, stage.values()).fill(PREFIX, 0, bound);
			database.settle();
			try (Instance instance = database.open(Sweeper.ON, (settings) -> settings.withMaxEntries((long) bound))) {
				instance.cache().get(Preload.key(PREFIX, 0));
				double walk = Patience.await(FIRST_WALK, Duration.ofMillis(500), () -> instance.figures() != null);
				journal.figure("until the sweeper had counted once", walk, "s");
				Patience.pass(stage.sizes().time(REST));
				journal.count("entries before", database.liveEntries());
				long most = burst(stage, journal, database, instance);
				double after = Patience.await(Duration.ofMinutes(1), Duration.ofMillis(500),
						() -> database.liveEntries() <= bound);
				journal.figure("until the bound is held again", after, "s");
				journal.count("failed calls", instance.failures());
				double share = (double) most / bound;
				journal.judge("a burst of new keys: the most entries, against the bound", "<= 1.1 x", Text.ratio(share),
						share <= OVERSHOOT);
			}
		}
	}

	private static long burst(Stage stage, Journal journal, Database database, Instance instance) throws Exception {
		EntryCount count = new EntryCount();
		AtomicLong puts = new AtomicLong();
		long begun = System.nanoTime();
		long length = stage.sizes().time(LENGTH).toNanos();
		try (PacedLoad load = new PacedLoad(PUTTERS, rate(stage.sizes()), (number) -> {
			instance.cache().put(Preload.key("new:", (int) number), stage.values().value(number));
			puts.incrementAndGet();
		})) {
			for (int look = 0; System.nanoTime() - begun < length; look++) {
				Patience.pass(Duration.ofMillis(250));
				long entries = database.liveEntries();
				count.add(entries);
				if (look % 8 == 0) {
					journal.say("%,d entries after %,d puts", entries, puts.get());
				}
			}
			load.stop();
			double seconds = (System.nanoTime() - begun) / 1e9;
			journal.figure("puts a second", puts.get() / seconds, "/s");
			journal.figure("p99 of puts", load.window().getValueAtPercentile(99) / 1e6, "ms");
		}
		journal.figure("entries, mean", count.mean(), "entries");
		journal.count("entries, most", count.most());
		return count.most();
	}

}
