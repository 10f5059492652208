package io.psqache.benchmarks.endurance;

import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long it takes until an instance has dropped what another has put.
 */
final class NearDelays implements Experiment {

	private static final int PER_SECOND = 2_000;

	private static final int KEYS = 1_000;

	private static final int THREADS = 8;

	@Override
	public String name() {
		return "near-delays";
	}

	@Override
	public String title(Sizes sizes) {
		return "%,d puts a second over %,d keys in one instance, while another reads them".formatted(PER_SECOND, KEYS);
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		try (Database database = stage.database("near");
				Instance one = database.open(Sweeper.OFF, NearHits::near);
				Instance other = database.open(Sweeper.OFF, NearHits::near)) {
			one.awaitListening();
			other.awaitListening();
			Recorder micros = new Recorder(TimeUnit.MINUTES.toMicros(1), 3);
			other.nearChannel()
				.addDelayListener((delay) -> micros.recordValue(
						Math.min(TimeUnit.MINUTES.toMicros(1), TimeUnit.NANOSECONDS.toMicros(delay.toNanos()))));
			try (PacedLoad puts = new PacedLoad(THREADS, PER_SECOND,
					(number) -> one.cache()
						.put("product:" + Scatter.draw(stage.seed() + number, KEYS), stage.values().value(number)));
					PacedLoad gets = new PacedLoad(1, PER_SECOND / 2.0,
							(number) -> other.cache().get("product:" + Scatter.draw(-stage.seed() - number, KEYS)))) {
				Patience.pass(stage.sizes().time(10));
				micros.getIntervalHistogram(); // until here it warmed up
				Patience.pass(stage.sizes().time(60));
				report(journal, micros.getIntervalHistogram(), other);
				gets.stop();
				puts.stop();
			}
		}
	}

	private static void report(Journal journal, Histogram micros, Instance other) {
		double half = micros.getValueAtPercentile(50) / 1000.0;
		double last = micros.getValueAtPercentile(99) / 1000.0;
		journal.count("messages", micros.getTotalCount());
		journal.count("hits of copies", other.nearHits());
		journal.figure("longest delay", micros.getMaxValue() / 1000.0, "ms");
		journal.judge("invalidation delay between two instances, p50", "<= 5 ms", "%.1f ms".formatted(half), half <= 5);
		journal.judge("invalidation delay between two instances, p99", "<= 100 ms", "%.1f ms".formatted(last),
				last <= 100);
	}

}
