package io.psqache.benchmarks.endurance;

import java.util.concurrent.TimeUnit;

import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;
import org.HdrHistogram.Histogram;

/**
 * How long an instance returns its copy after another instance has put a new value.
 */
final class NearDelays implements Experiment {

	private static final int KEYS = 1_000;

	private static final double SECONDS = 60;

	private static final double WARM_UP_SECONDS = 10;

	private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		journal.begin("A put in one instance, and reads in another until they return the new value");
		try (Database database = stage.database("near");
				Psqache one = Psqache.start(database.url(), NearHits.NEAR);
				Psqache other = Psqache.start(database.url(), NearHits.NEAR)) {
			one.awaitCopies();
			other.awaitCopies();
			delays(stage, one, other, WARM_UP_SECONDS);
			long hits = other.nearHits();
			Histogram nanos = delays(stage, one, other, SECONDS);
			journal.count("puts", nanos.getTotalCount());
			journal.count("reads of copies", other.nearHits() - hits);
			journal.figure("longest delay", nanos.getMaxValue() / 1e6, "ms");
			double p50 = nanos.getValueAtPercentile(50) / 1e6;
			double p99 = nanos.getValueAtPercentile(99) / 1e6;
			journal.judge("delay of an invalidation between two instances, p50", "<= 5 ms", Text.format("%.1f ms", p50),
					p50 <= 5);
			journal.judge("delay of an invalidation between two instances, p99", "<= 100 ms",
					Text.format("%.1f ms", p99), p99 <= 100);
		}
	}

	private static Histogram delays(Stage stage, Psqache one, Psqache other, double seconds) {
		Histogram nanos = new Histogram(LIMIT_NANOS, 3);
		long begun = System.nanoTime();
		for (long version = 1; Time.secondsSince(begun) < seconds * stage.time(); version++) {
			String key = Stage.key(version % KEYS);
			other.cache().get(key);
			one.cache().put(key, version);
			long put = System.nanoTime();
			while (!Long.valueOf(version).equals(other.cache().get(key, Long.class))
					&& System.nanoTime() - put < LIMIT_NANOS) {
				Thread.onSpinWait();
			}
			nanos.recordValue(Math.min(LIMIT_NANOS, System.nanoTime() - put));
		}
		return nanos;
	}

}
