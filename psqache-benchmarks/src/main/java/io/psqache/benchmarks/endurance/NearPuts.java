package io.psqache.benchmarks.endurance;

import java.util.ArrayList;
import java.util.List;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;

/**
 * What the near cache costs puts, with one instance and with four.
 */
final class NearPuts implements Experiment {

	private static final int KEYS = 10_000;

	private static final int ROUNDS = 7;

	private static final int THREADS = 8;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		journal.begin("Puts by %d threads over %,d keys with the near cache on and off, %d rounds", THREADS, KEYS,
				ROUNDS);
		compare(stage, journal, 1, 0.9);
		compare(stage, journal, 4, 0.7);
	}

	private static void compare(Stage stage, Journal journal, int count, double least) throws Exception {
		List<Psqache> off = new ArrayList<>();
		List<Psqache> on = new ArrayList<>();
		try (Database without = stage.database("near_off"); Database with = stage.database("near_on")) {
			try {
				for (int instance = 0; instance < count; instance++) {
					off.add(Psqache.start(without.url(), "psqache.defaults.near.enabled=false"));
					on.add(Psqache.start(with.url(), NearHits.NEAR));
					on.get(instance).awaitCopies();
				}
				List<Double> ratios = new ArrayList<>();
				List<Double> rates = new ArrayList<>();
				for (int round = -2; round < ROUNDS; round++) { // the first two warm up
					double rateOff = rate(stage, off);
					double rateOn = rate(stage, on);
					if (round >= 0) {
						ratios.add(rateOn / rateOff);
						rates.add(rateOn);
					}
				}
				Spread ratio = Spread.of(ratios);
				journal.figure("puts, near on, instances: " + count, Spread.of(rates).median(), "/s");
				journal.count("failed calls", on.stream().mapToLong(Psqache::failures).sum());
				journal.judge("put rate, near on against off, instances: " + count, ">= %.1f x".formatted(least),
						ratio.toString(), ratio.median() >= least);
			}
			finally {
				off.forEach(Psqache::close);
				on.forEach(Psqache::close);
			}
		}
	}

	private static double rate(Stage stage, List<Psqache> instances) throws Exception {
		return Crew.rate(THREADS, stage.seconds(4), 1,
				(number) -> instances.get((int) (number % instances.size()))
					.cache()
					.put(Stage.key(stage.draw(number, KEYS)), stage.value(number)));
	}

}
