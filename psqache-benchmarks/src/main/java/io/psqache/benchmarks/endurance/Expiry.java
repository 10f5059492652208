package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import io.psqache.benchmarks.endurance.CacheLoad.Window;

/**
 * A fifth of all entries expires in four waves while the cache is used: how soon they are
 * gone, and what those who read feel of it.
 * <ol>
 * <li>Entries are filled in by SQL, with the times of the waves yet to come.</li>
 * <li>The load runs without a sweeper: the baseline.</li>
 * <li>The load runs with the sweeper, which first has nothing to do; then the waves
 * come.</li>
 * <li>When all are gone, the load runs without a sweeper once more: another baseline, so
 * that the machine's moods do not pass for the sweeper's.</li>
 * </ol>
 */
final class Expiry implements Experiment {

	private static final int ENTRIES = 5_000_000;

	private static final CacheLoad.Rates RATES = new CacheLoad.Rates(10_000, 2_000);

	private static final double WARM_UP = 40;

	private static final double BASELINE = 60;

	private static final double REST = 20;

	private static final double APART = 30;

	private static final double WINDOW = 10;

	private static final double ENOUGH = 300;

	private static final double LIMIT = 120;

	@Override
	public String name() {
		return "expiry";
	}

	@Override
	public String title(Sizes sizes) {
		return "%,d entries of which 20 %% expire in %d waves, %,.0f puts and %,.0f gets a second alongside"
			.formatted(sizes.count(ENTRIES), Waves.COUNT, RATES.puts(), RATES.gets());
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		Sizes sizes = stage.sizes();
		Waves waves = new Waves(sizes.count(ENTRIES), sizes.time(APART));
		try (Database database = stage.database(name())) {
			Instant first = fill(stage, journal, database, waves);
			TableState before = database.state();
			journal.say("without the sweeper");
			List<Window> baseline = new ArrayList<>(baseline(stage, database, waves, sizes.time(WARM_UP),
					Duration.between(Instant.now(), first).minus(sizes.time(WARM_UP + REST))));
			journal.say("with the sweeper");
			Swept swept = swept(stage, journal, database, waves, first);
			journal.say("without the sweeper");
			List<Window> after = baseline(stage, database, waves, sizes.time(WARM_UP / 4), sizes.time(BASELINE));
			figures(journal, "without the sweeper, before", baseline);
			figures(journal, "with the sweeper, nothing to delete", swept.resting());
			figures(journal, "with the sweeper, waves", swept.working());
			figures(journal, "without the sweeper, after", after);
			baseline.addAll(after);
			table(journal, before, database.state());
			judge(journal, database, swept, baseline);
		}
	}

	/**
	 * Fill the table. The times of the waves are decided when the first twentieth shows
	 * how long the rest will take.
	 * @return when the first wave comes
	 */
	private static Instant fill(Stage stage, Journal journal, Database database, Waves waves) {
		Sizes sizes = stage.sizes();
		Preload preload = new Preload(database, stage.values());
		double begun = journal.seconds();
		preload.fill("live:", 0, waves.chunk());
		double all = 20 * (journal.seconds() - begun);
		double ahead = 2 + 2 * all + sizes.time(WARM_UP + BASELINE + REST).toMillis() / 1000.0;
		Instant first = Instant.now().plusMillis((long) (1000 * ahead));
		preload.fill(waves.prefixSql(), waves.expirySql(first), waves.chunk(), waves.entries());
		database.settle();
		Duration left = Duration.between(Instant.now(), first);
		journal.say("%,d entries filled in, the first wave comes in %d s", waves.entries(), left.toSeconds());
		if (left.compareTo(sizes.time(WARM_UP + BASELINE / 2 + REST)) < 0) {
			throw new IllegalStateException("It took so long to fill the table that no time is left for the baseline");
		}
		return first;
	}

	private static CacheLoad load(Stage stage, Instance instance, Waves waves) {
		return new CacheLoad(RATES,
				(number) -> instance.cache().get(waves.key(Scatter.draw(stage.seed() + number, waves.entries()))),
				(number) -> instance.cache()
					.put(waves.key(waves.living(-stage.seed() - number)), stage.values().value(number)),
				stage.sizes().time(WINDOW).toMillis());
	}

	private static List<Window> baseline(Stage stage, Database database, Waves waves, Duration warmUp, Duration length)
			throws Exception {
		try (Instance instance = database.open(Sweeper.OFF); CacheLoad load = load(stage, instance, waves)) {
			load.lookFor(warmUp.toMillis());
			load.restart();
			load.lookFor(length.toMillis());
			load.stop();
			return load.windows();
		}
	}

	private static Swept swept(Stage stage, Journal journal, Database database, Waves waves, Instant first)
			throws Exception {
		Sizes sizes = stage.sizes();
		try (Instance instance = database.open(Sweeper.ON); CacheLoad load = load(stage, instance, waves)) {
			load.lookFor(sizes.time(REST / 4).toMillis());
			load.restart();
			load.lookFor(Duration.between(Instant.now(), first).toMillis());
			List<Window> resting = load.windows();
			load.restart();
			List<Double> gone = new WaveWatch(database, waves, first, journal).await(load,
					first.plus(sizes.time(ENOUGH)).plus(waves.apart().multipliedBy(Waves.COUNT)));
			load.look();
			List<Window> working = load.windows();
			load.stop();
			return new Swept(resting, working, gone, instance.failures());
		}
	}

	private static void figures(Journal journal, String phase, List<Window> windows) {
		if (windows.isEmpty()) {
			journal.remark(phase + ": too short to tell");
			return;
		}
		windows
			.forEach((window) -> journal.say("%s: %,.0f gets and %,.0f puts a second, gets p50 %,.0f us, p99 %,.0f us",
					phase, window.gets(), window.puts(), window.p50(), window.p99()));
		journal.figure(phase + ": gets a second", median(windows, Window::gets), "/s");
		journal.figure(phase + ": puts a second", median(windows, Window::puts), "/s");
		journal.figure(phase + ": p50 of gets", median(windows, Window::p50), "us");
		journal.figure(phase + ": p99 of gets", median(windows, Window::p99), "us");
		journal.figure(phase + ": p99 of gets, least window", least(windows, Window::p99), "us");
		journal.figure(phase + ": p99 of gets, worst window", most(windows, Window::p99), "us");
		journal.figure(phase + ": p99.9 of gets", median(windows, Window::p999), "us");
		journal.figure(phase + ": p99 of puts", median(windows, Window::putP99), "us");
	}

	private static void table(Journal journal, TableState before, TableState after) {
		journal.count("rows deleted", after.deleted() - before.deleted());
		journal.figure("updates of rows that were HOT", 100 * after.hotShareSince(before), "%");
		journal.figure("table before", before.tableBytes() / 1e6, "MB");
		journal.figure("table after", after.tableBytes() / 1e6, "MB");
		journal.count("autovacuums", after.autovacuums() - before.autovacuums());
	}

	private static void judge(Journal journal, Database database, Swept swept, List<Window> baseline) {
		double slowest = 0;
		for (int wave = 0; wave < Waves.COUNT; wave++) {
			double seconds = swept.gone().get(wave);
			slowest = Double.isNaN(seconds) ? Double.NaN : Math.max(slowest, seconds);
			journal.remark("wave %d (%s): gone %s after it expired".formatted(wave + 1,
					(wave < Waves.COUNT - 1) ? "a block" : "scattered", Text.seconds(seconds)));
		}
		journal.count("failed calls with the sweeper", swept.failures());
		long left = database.number("select count(*) from psqache.entry where expires_at <= now()");
		journal.count("expired rows left at the end", left);
		journal.judge("expiry: every expired row is gone, slowest of the waves", "<= 2 min", Text.seconds(slowest),
				slowest <= LIMIT && left == 0);
		if (baseline.isEmpty() || swept.working().isEmpty()) {
			journal.remark("p99: too short to tell");
			return;
		}
		double ratio = median(swept.working(), Window::p99) / median(baseline, Window::p99);
		journal.judge("expiry: p99 of gets while the waves are swept, against the same load without the sweeper",
				"<= 1.5 x", Text.ratio(ratio), ratio <= 1.5);
	}

	private static double median(List<Window> windows, ToDoubleFunction<Window> figure) {
		return Medians.of(windows.stream().map(figure::applyAsDouble).toList());
	}

	private static double least(List<Window> windows, ToDoubleFunction<Window> figure) {
		return windows.stream().mapToDouble(figure).min().orElseThrow();
	}

	private static double most(List<Window> windows, ToDoubleFunction<Window> figure) {
		return windows.stream().mapToDouble(figure).max().orElseThrow();
	}

	/**
	 * What was seen while the sweeper was there.
	 *
	 * @param resting before the first wave
	 * @param working from the first wave until the last was gone
	 * @param gone seconds from when each wave expired until it was gone
	 * @param failures calls that failed
	 */
	private record Swept(List<Window> resting, List<Window> working, List<Double> gone, long failures) {
	}

}
