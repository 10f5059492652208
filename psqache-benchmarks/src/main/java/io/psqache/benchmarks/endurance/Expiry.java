package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.psqache.TypedCache;
import io.psqache.benchmarks.contender.Product;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.TableState;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;
import org.HdrHistogram.Histogram;

/**
 * A fifth of all entries expires in four waves while the cache is in use: how soon their
 * rows are deleted, and what the readers notice. The load runs before, during and after
 * the waves; the times before and after are the baseline.
 */
final class Expiry implements Experiment {

	private static final int ENTRIES = 5_000_000;

	private static final int GETS_PER_SECOND = 10_000;

	private static final int PUTS_PER_SECOND = 2_000;

	private static final double WARM_UP_SECONDS = 40;

	private static final double BASELINE_SECONDS = 60;

	private static final double APART_SECONDS = 30;

	private static final double WINDOW_SECONDS = 10;

	private static final double GIVE_UP_SECONDS = 420;

	private static final double MOST_SECONDS = 120;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		Waves waves = new Waves(stage.count(ENTRIES), stage.seconds(APART_SECONDS));
		journal.begin("%,d entries of which 20 %% expire in %d waves, under %,d gets and %,d puts a second",
				waves.entries(), Waves.COUNT, GETS_PER_SECOND, PUTS_PER_SECOND);
		try (Database database = stage.database("expiry"); Psqache psqache = Psqache.start(database.url())) {
			TypedCache<String, Product> cache = psqache.typedCache(Psqache.CACHE, String.class, Product.class);
			Instant first = fill(stage, waves, cache);
			database.settle();
			TableState before = database.state();
			try (Crew gets = new Crew(); Crew puts = new Crew()) {
				gets.pace(32, GETS_PER_SECOND, (number) -> cache.get(Stage.key(stage.draw(number, waves.entries()))));
				puts.pace(16, PUTS_PER_SECOND, (number) -> {
					int key = stage.draw(-number, waves.entries());
					if (waves.waveOf(key) == Waves.NONE) {
						cache.set(Stage.key(key), stage.value(number));
					}
				});
				stage.pause(WARM_UP_SECONDS);
				List<Double> baseline = windows(stage, journal, "before", gets, () -> Instant.now().isBefore(first));
				Watch watch = new Watch(database, waves, first, before.deleted());
				Instant end = first.plus(stage.seconds(GIVE_UP_SECONDS));
				List<Double> during = windows(stage, journal, "during", gets,
						() -> watch.isAnyLeft() && Instant.now().isBefore(end));
				long afterwards = System.nanoTime();
				baseline.addAll(windows(stage, journal, "after", gets,
						() -> Time.secondsSince(afterwards) < BASELINE_SECONDS * stage.time()));
				gets.stop();
				puts.stop();
				judge(journal, watch, baseline, during);
			}
			TableState after = database.state();
			journal.figure("table before", before.tableBytes() / 1e6, "MB");
			journal.figure("table after", after.tableBytes() / 1e6, "MB");
			journal.count("autovacuums", after.autovacuums() - before.autovacuums());
			journal.count("failed calls", psqache.failures());
		}
	}

	/**
	 * Write the entries. The first block, which expires in no wave, shows how long the
	 * others will take.
	 * @return when the first wave expires
	 */
	private static Instant fill(Stage stage, Waves waves, TypedCache<String, Product> cache) throws Exception {
		try (Crew crew = new Crew()) {
			long begun = System.nanoTime();
			crew.forEach(32, 0, waves.block(), (number) -> cache.set(Stage.key(number), stage.value(number))).join();
			double ahead = 2 + 1.5 * waves.entries() / waves.block() * Time.secondsSince(begun)
					+ (WARM_UP_SECONDS + BASELINE_SECONDS) * stage.time();
			Instant first = Instant.now().plus(Time.seconds(ahead));
			crew.forEach(32, waves.block(), waves.entries(), (number) -> {
				int wave = waves.waveOf((int) number);
				if (wave == Waves.NONE) {
					cache.set(Stage.key(number), stage.value(number));
				}
				else {
					cache.set(Stage.key(number), stage.value(number),
							Duration.between(Instant.now(), waves.expiry(wave, first)));
				}
			}).join();
			if (Instant.now().plus(stage.seconds(WARM_UP_SECONDS)).isAfter(first)) {
				throw new IllegalStateException("The table took so long to fill that no time is left for the baseline");
			}
			return first;
		}
	}

	/**
	 * The 99th percentile of the gets in each window while a condition holds, in us.
	 */
	private static List<Double> windows(Stage stage, Journal journal, String phase, Crew gets,
			BooleanSupplier condition) throws InterruptedException {
		List<Double> p99 = new ArrayList<>();
		gets.times(); // those before
		do {
			Duration window = stage.seconds(WINDOW_SECONDS);
			Time.await(window, Duration.ofMillis(500), () -> !condition.getAsBoolean());
			Histogram times = gets.times();
			p99.add(times.getValueAtPercentile(99) / 1e3);
			journal.say("%s: %,d gets, p50 %,.0f us, p99 %,.0f us", phase, times.getTotalCount(),
					times.getValueAtPercentile(50) / 1e3, times.getValueAtPercentile(99) / 1e3);
		}
		while (condition.getAsBoolean());
		Spread spread = Spread.of(p99);
		journal.figure(phase + ": p99 of gets, us", spread.toString());
		return p99;
	}

	private static void judge(Journal journal, Watch watch, List<Double> baseline, List<Double> during) {
		double slowest = watch.gone.stream().max(Double::compare).orElse(Double.NaN);
		journal.figure("each wave is deleted after, s", watch.gone.toString());
		journal.judge("expiry: every expired row is deleted, slowest of the waves", "<= 2 min",
				watch.isAnyLeft() ? "not reached" : Text.format("%.1f s", slowest),
				!watch.isAnyLeft() && slowest <= MOST_SECONDS);
		double ratio = Spread.of(during).median() / Spread.of(baseline).median();
		journal.judge("expiry: p99 of gets while the waves are swept, against before and after", "<= 1.5 x",
				Text.format("%.2f x", ratio), ratio <= 1.5);
	}

	/**
	 * Sees when each wave is deleted. Nothing else is, so counting deleted rows suffices
	 * and does not disturb as a scan would.
	 */
	private static final class Watch {

		private final Database database;

		private final Waves waves;

		private final Instant first;

		private final long deletedBefore;

		private final List<Double> gone = new ArrayList<>();

		Watch(Database database, Waves waves, Instant first, long deletedBefore) {
			this.database = database;
			this.waves = waves;
			this.first = first;
			this.deletedBefore = deletedBefore;
		}

		boolean isAnyLeft() {
			long deleted = this.database.state().deleted() - this.deletedBefore;
			while (this.gone.size() < Waves.COUNT && deleted >= (this.gone.size() + 1L) * this.waves.block()) {
				this.gone
					.add(Duration.between(this.waves.expiry(this.gone.size(), this.first), Instant.now()).toMillis()
							/ 1e3);
			}
			return this.gone.size() < Waves.COUNT;
		}

	}

}
