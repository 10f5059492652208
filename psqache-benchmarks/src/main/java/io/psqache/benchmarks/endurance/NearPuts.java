package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the near cache costs those who put: with one instance, and with four.
 */
final class NearPuts implements Experiment {

	private static final int KEYS = 10_000;

	private static final int ROUNDS = 7;

	private static final int THREADS = 8;

	@Override
	public String name() {
		return "near-puts";
	}

	@Override
	public String title(Sizes sizes) {
		return "Puts by %d threads over %,d keys with the near cache on and off, values of 500 bytes, %d rounds in turns"
			.formatted(THREADS, KEYS, ROUNDS);
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		compare(stage, journal, 1, 0.9);
		compare(stage, journal, 4, 0.7);
	}

	private static void compare(Stage stage, Journal journal, int count, double least) throws Exception {
		List<Instance> off = new ArrayList<>();
		List<Instance> on = new ArrayList<>();
		try (Database without = stage.database("near_off"); Database with = stage.database("near_on")) {
			try {
				for (int instance = 0; instance < count; instance++) {
					off.add(without.open(Sweeper.OFF));
					on.add(with.open(Sweeper.OFF, NearHits::near));
					on.get(instance).awaitListening();
				}
				judge(stage, journal, off, on, least);
			}
			finally {
				off.forEach(Instance::close);
				on.forEach(Instance::close);
			}
		}
	}

	private static void judge(Stage stage, Journal journal, List<Instance> off, List<Instance> on, double least)
			throws Exception {
		Duration time = stage.sizes().time(4);
		List<Double> ratios = new ArrayList<>();
		List<Double> rates = new ArrayList<>();
		for (int round = -2; round < ROUNDS; round++) { // the first two warm up
			double without = rate(stage, off, time);
			double with = rate(stage, on, time);
			if (round >= 0) {
				ratios.add(with / without);
				rates.add(with);
			}
		}
		journal.figure("puts a second, near on, instances: " + on.size(), Medians.of(rates), "/s");
		journal.count("messages sent", on.stream().mapToLong((instance) -> instance.nearChannel().sent()).sum());
		journal.count("failed calls", on.stream().mapToLong(Instance::failures).sum());
		journal.judge("put rate, near on against off, instances: " + on.size(), ">= %.1f x".formatted(least),
				Medians.spread(ratios), Medians.of(ratios) >= least);
	}

	private static double rate(Stage stage, List<Instance> instances, Duration time) throws Exception {
		LongAdder puts = new LongAdder();
		long begun = System.nanoTime();
		long end = begun + time.toNanos();
		try (Crew crew = new Crew()) {
			crew.start(THREADS, (member) -> {
				Instance instance = instances.get(member % instances.size());
				for (int number = 0; System.nanoTime() - end < 0; number++) {
					int key = Scatter.draw(stage.seed() + member + (long) number * THREADS, KEYS);
					instance.cache().put("product:" + key, stage.values().value(number));
					puts.increment();
				}
			});
			crew.join();
		}
		return puts.sum() / ((System.nanoTime() - begun) / 1e9);
	}

}
