package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Sees when each wave is gone from the table. Not thread-safe.
 */
final class WaveWatch {

	private static final long GLANCE_MILLIS = 500;

	private final Database database;

	private final Waves waves;

	private final Instant first;

	private final Journal journal;

	private final double[] gone = new double[Waves.COUNT];

	WaveWatch(Database database, Waves waves, Instant first, Journal journal) {
		this.database = database;
		this.waves = waves;
		this.first = first;
		this.journal = journal;
		Arrays.fill(this.gone, Double.NaN);
	}

	/**
	 * Watch until all are gone.
	 * @param load is looked at meanwhile
	 * @param end when to give up
	 * @return for each wave the seconds from its expiry until no row of it was left; not
	 * a number if there still was one
	 */
	List<Double> await(CacheLoad load, Instant end) throws InterruptedException {
		long told = System.nanoTime();
		while (isAnyLeft() && Instant.now().isBefore(end)) {
			load.lookFor(GLANCE_MILLIS);
			for (int wave = 0; wave < Waves.COUNT; wave++) {
				look(wave);
			}
			if (System.nanoTime() - told > Duration.ofSeconds(10).toNanos()) {
				told = System.nanoTime();
				TableState state = this.database.state();
				this.journal.say("%,d rows deleted, %,d dead", state.deleted(), state.dead());
			}
		}
		return Arrays.stream(this.gone).boxed().toList();
	}

	private void look(int wave) {
		double since = Duration.between(this.waves.expiry(wave, this.first), Instant.now()).toMillis() / 1000.0;
		if (since > 0 && Double.isNaN(this.gone[wave]) && this.database.text(Waves.lastLeftSql(wave)) == null) {
			this.gone[wave] = since;
			this.journal.say("wave %d is gone after %.1f s", wave + 1, since);
		}
	}

	private boolean isAnyLeft() {
		return Arrays.stream(this.gone).anyMatch(Double::isNaN);
	}

}
