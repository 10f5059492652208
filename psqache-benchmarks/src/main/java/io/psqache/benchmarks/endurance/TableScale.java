package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * The same calls on a large and on a small table, in turns.
 */
final class TableScale implements Experiment {

	private static final int MANY = 5_000_000;

	private static final int FEW = 50_000;

	private static final int THREADS = 8;

	private static final int ROUNDS = 15;

	private static final double ROUND = 1;

	private static final double WARM_UP = 15;

	private static final String PREFIX = "product:";

	@Override
	public String name() {
		return "scale";
	}

	@Override
	public String title(Sizes sizes) {
		return "gets and puts at %,d entries against %,d, %d threads, sweepers at work".formatted(sizes.count(MANY),
				sizes.count(FEW), THREADS);
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int many = stage.sizes().count(MANY);
		int few = stage.sizes().count(FEW);
		try (Database large = fill(stage, "large", many);
				Database small = fill(stage, "small", few);
				Instance inLarge = large.open(Sweeper.ON);
				Instance inSmall = small.open(Sweeper.ON)) {
			journal.say("both are filled in");
			List<Contest> contests = List.of(new Contest("get", inLarge, many, false),
					new Contest("get", inSmall, few, false), new Contest("put", inLarge, many, true),
					new Contest("put", inSmall, few, true));
			for (Contest contest : contests) {
				contest.run(stage, stage.sizes().time(WARM_UP));
			}
			contests.forEach((contest) -> contest.rates.clear());
			rounds(stage, journal, contests);
			judge(journal, contests.get(0), contests.get(1));
			judge(journal, contests.get(2), contests.get(3));
			journal.count("reads that missed", contests.stream().mapToLong((contest) -> contest.misses.sum()).sum());
			journal.count("failed calls", inLarge.failures() + inSmall.failures());
		}
	}

	/**
	 * Going over it once has the system keep it in memory, as what is used would be.
	 */
	private static Database fill(Stage stage, String name, int entries) {
		Database database = stage.database("scale_" + name);
		new Preload(database, stage.values()).fill(PREFIX, 0, entries);
		database.settle();
		database.number("select count(value) from psqache.entry");
		return database;
	}

	private static void rounds(Stage stage, Journal journal, List<Contest> contests) throws Exception {
		Random random = new Random(stage.seed());
		for (int round = 0; round < Math.max(5, ROUNDS * stage.sizes().time()); round++) {
			List<Contest> order = new ArrayList<>(contests);
			Collections.shuffle(order, random);
			for (Contest contest : order) {
				contest.run(stage, stage.sizes().time(ROUND));
			}
			int last = round;
			journal.say("round %d: %s", round + 1,
					contests.stream()
						.map((contest) -> "%s at %,d: %,.0f/s".formatted(contest.name, contest.entries,
								contest.rates.get(last)))
						.toList());
		}
	}

	private static void judge(Journal journal, Contest large, Contest small) {
		List<Double> ratios = new ArrayList<>();
		for (int round = 0; round < large.rates.size(); round++) {
			ratios.add(large.rates.get(round) / small.rates.get(round));
		}
		for (Contest contest : List.of(large, small)) {
			journal.figure("%ss a second at %,d entries".formatted(contest.name, contest.entries),
					Medians.of(contest.rates), "/s");
		}
		journal.judge("%ss a second at %,d entries against %,d".formatted(large.name, large.entries, small.entries),
				">= 0.8 x", Medians.spread(ratios), Medians.of(ratios) >= 0.8);
	}

	/**
	 * One kind of call on one table.
	 */
	private static final class Contest {

		private final String name;

		private final Instance instance;

		private final int entries;

		private final boolean puts;

		private final List<Double> rates = new ArrayList<>();

		private final LongAdder misses = new LongAdder();

		private long drawn;

		Contest(String name, Instance instance, int entries, boolean puts) {
			this.name = name;
			this.instance = instance;
			this.entries = entries;
			this.puts = puts;
		}

		void run(Stage stage, Duration length) throws Exception {
			LongAdder calls = new LongAdder();
			try (Crew crew = new Crew()) {
				long begun = System.nanoTime();
				crew.loop(THREADS, (member) -> {
					long[] draw = { stage.seed() + this.drawn + member };
					return () -> {
						call(stage, draw[0]);
						draw[0] += THREADS;
						calls.increment();
					};
				});
				Thread.sleep(length.toMillis());
				crew.stop();
				this.rates.add(calls.sum() / ((System.nanoTime() - begun) / 1e9));
			}
			this.drawn += 2 * calls.sum();
		}

		private void call(Stage stage, long draw) {
			String key = Preload.key(PREFIX, Scatter.draw(draw, this.entries));
			if (this.puts) {
				this.instance.cache().put(key, stage.values().value(draw));
			}
			else if (this.instance.cache().get(key) == null) {
				this.misses.increment();
			}
		}

	}

}
