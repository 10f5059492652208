package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;

/**
 * The same calls on a large and on a small table, in interleaved rounds.
 */
final class Scale implements Experiment {

	private static final int LARGE = 5_000_000;

	private static final int SMALL = 50_000;

	private static final int THREADS = 8;

	private static final int ROUNDS = 5;

	private static final double ROUND_SECONDS = 3;

	private static final double WARM_UP_SECONDS = 15;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int large = stage.count(LARGE);
		int small = stage.count(SMALL);
		journal.begin("gets and puts at %,d entries against %,d, %d threads", large, small, THREADS);
		try (Database largeDatabase = stage.database("large");
				Database smallDatabase = stage.database("small");
				Psqache inLarge = start(stage, largeDatabase, large);
				Psqache inSmall = start(stage, smallDatabase, small)) {
			List<Contest> contests = List.of(new Contest(stage, "get", inLarge, large),
					new Contest(stage, "get", inSmall, small), new Contest(stage, "put", inLarge, large),
					new Contest(stage, "put", inSmall, small));
			for (Contest contest : contests) {
				contest.rate(stage.seconds(WARM_UP_SECONDS));
			}
			List<Contest> order = new ArrayList<>(contests);
			Random random = new Random(stage.seed());
			for (int round = 0; round < ROUNDS; round++) {
				Collections.shuffle(order, random);
				for (Contest contest : order) {
					contest.rates.add(contest.rate(stage.seconds(ROUND_SECONDS)));
				}
			}
			judge(journal, contests.get(0), contests.get(1));
			judge(journal, contests.get(2), contests.get(3));
			journal.count("failed calls", inLarge.failures() + inSmall.failures());
		}
	}

	/**
	 * The scan at the end brings the table into memory, as use would.
	 */
	private static Psqache start(Stage stage, Database database, int entries) throws Exception {
		Psqache psqache = Psqache.start(database.url());
		stage.fill(psqache, 0, entries);
		database.settle();
		database.number("select count(value) from " + database.entryTable());
		return psqache;
	}

	private static void judge(Journal journal, Contest large, Contest small) {
		List<Double> ratios = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			ratios.add(large.rates.get(round) / small.rates.get(round));
		}
		for (Contest contest : List.of(large, small)) {
			journal.figure("%s, %,d entries".formatted(contest.operation, contest.entries),
					Spread.of(contest.rates).median(), "/s");
		}
		Spread ratio = Spread.of(ratios);
		journal.judge("%s, rate at %,d entries against %,d".formatted(large.operation, large.entries, small.entries),
				">= 0.8 x", ratio.toString(), ratio.median() >= 0.8);
	}

	/**
	 * One operation on one table.
	 */
	private static final class Contest {

		private final Stage stage;

		private final String operation;

		private final Psqache psqache;

		private final int entries;

		private final List<Double> rates = new ArrayList<>();

		private final AtomicLong draws = new AtomicLong();

		Contest(Stage stage, String operation, Psqache psqache, int entries) {
			this.stage = stage;
			this.operation = operation;
			this.psqache = psqache;
			this.entries = entries;
		}

		double rate(Duration length) throws Exception {
			return Crew.rate(THREADS, length, 1, (number) -> {
				long draw = this.draws.getAndIncrement();
				String key = Stage.key(this.stage.draw(draw, this.entries));
				if (this.operation.equals("put")) {
					this.psqache.cache().put(key, this.stage.value(draw));
				}
				else if (this.psqache.cache().get(key) == null) {
					throw new IllegalStateException("A read missed an entry that is there");
				}
			});
		}

	}

}
