package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;

/**
 * Puts under new keys into a full cache: how far it exceeds its bound.
 */
final class Burst implements Experiment {

	private static final int BOUND = 200_000;

	private static final int PUTS_PER_SECOND = 10_000;

	private static final double LENGTH_SECONDS = 30;

	/**
	 * The sweeper knows the size of the cache after a walk over its table.
	 */
	private static final double WALK_SECONDS = 60;

	private static final double OVERSHOOT = 1.1;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int bound = stage.count(BOUND);
		double rate = Math.max(100, PUTS_PER_SECOND * stage.amount());
		journal.begin("%,.0f puts a second under new keys into a cache that is full at max-entries %,d", rate, bound);
		try (Database database = stage.database("burst");
				Psqache psqache = Psqache.start(database.url(), "psqache.defaults.max-entries=" + bound)) {
			stage.fill(psqache, 0, bound);
			database.settle();
			stage.pause(WALK_SECONDS);
			List<Double> entries = new ArrayList<>();
			try (Crew crew = new Crew()) {
				crew.pace(32, rate, (number) -> psqache.cache().put(Stage.key(bound + number), stage.value(number)));
				long begun = System.nanoTime();
				while (Time.secondsSince(begun) < LENGTH_SECONDS * stage.time()) {
					Thread.sleep(250);
					entries.add((double) database.liveEntries());
				}
				crew.stop();
				journal.figure("puts a second", crew.calls() / Time.secondsSince(begun), "/s");
				journal.figure("p99 of puts", crew.times().getValueAtPercentile(99) / 1e6, "ms");
			}
			double held = Time.await(Duration.ofMinutes(1), Duration.ofMillis(500),
					() -> database.liveEntries() <= bound);
			journal.figure("entries", Spread.of(entries).toString());
			journal.figure("until the bound is held again", held, "s");
			journal.count("failed calls", psqache.failures());
			double share = Spread.of(entries).max() / bound;
			journal.judge("a burst of new keys: the most entries, against the bound", "<= 1.1 x",
					Text.format("%.2f x", share), share <= OVERSHOOT);
		}
	}

}
