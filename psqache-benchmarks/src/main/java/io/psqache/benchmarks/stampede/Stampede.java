package io.psqache.benchmarks.stampede;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.load.LoadSettings;
import io.psqache.load.SingleFlightScope;
import io.psqache.benchmarks.contender.Assembly;
import io.psqache.benchmarks.report.Machine;
import io.psqache.benchmarks.server.PostgresServer;
import io.psqache.benchmarks.server.Servers;
import io.psqache.benchmarks.stampede.StampedeProcess.Rush;
import org.HdrHistogram.Histogram;

/**
 * A cold key that 200 threads in each of 3 processes want at the same moment, of psqache
 * and of Spring Data Redis; and a hot key that gets old while it is read 10,000 times a
 * second.
 */
public final class Stampede {

	private static final int PROCESSES = 3;

	private static final int THREADS = 200;

	private static final int LOAD_MILLIS = 500;

	private static final int ROUNDS = 5;

	private static final long BOUND_MILLIS = 700;

	/**
	 * Until all have been told what to do.
	 */
	private static final int AHEAD_MILLIS = 500;

	private static final int READS_PER_SECOND = 10_000;

	private static final Duration WARM_UP = Duration.ofSeconds(15);

	private static final Duration WINDOW = Duration.ofSeconds(15);

	private static final Duration FRESH_FOR = Duration.ofSeconds(1);

	private static final String DATABASE = "stampede";

	/**
	 * Flyway takes two.
	 */
	private static final int MIGRATION_CONNECTIONS = 2;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param progress is told what comes out, line by line
	 */
	public Stampede(Consumer<String> progress) {
		this.progress = progress;
	}

	/**
	 * Run it.
	 * @throws Exception if it cannot be run
	 */
	public void run() throws Exception {
		try (Servers servers = Servers.start()) {
			PostgresServer postgres = servers.postgres();
			postgres.createDatabase(DATABASE);
			String url = postgres.pool(DATABASE, 1).getJdbcUrl();
			try (HikariDataSource pool = new HikariDataSource(postgres.pool(DATABASE, MIGRATION_CONNECTIONS))) {
				Assembly.migrate(pool);
			}
			say("%s", Machine.describe(postgres).text());
			say("A cold key, %d threads in each of %d processes, a load of %d ms: exactly 1 load, all within %d ms",
					THREADS, PROCESSES, LOAD_MILLIS, BOUND_MILLIS);
			cold(CacheKind.PSQACHE, url);
			cold(CacheKind.REDIS, String.valueOf(servers.redis().port()));
			say("A hot key, %,d reads a second, a load of %d ms: p99 within twice that of a key that stays fresh",
					READS_PER_SECOND, LOAD_MILLIS);
			hot(url);
		}
	}

	private void cold(CacheKind kind, String address) throws IOException {
		List<StampedeProcess> processes = new ArrayList<>();
		try {
			for (int number = 0; number < PROCESSES; number++) {
				processes.add(StampedeProcess.start(kind, address, THREADS, LOAD_MILLIS));
			}
			for (StampedeProcess process : processes) {
				process.awaitReady();
			}
			for (int round = 0; round < ROUNDS; round++) {
				Rush rush = rush(processes, "cold" + round);
				say("  %-32s %d loads, all have the value after %d ms: %s", kind.title(), rush.loads(), rush.millis(),
						verdict(rush.loads() == 1 && rush.millis() <= BOUND_MILLIS));
			}
		}
		finally {
			processes.forEach(StampedeProcess::close);
		}
	}

	private static Rush rush(List<StampedeProcess> processes, String key) throws IOException {
		long moment = System.currentTimeMillis() + AHEAD_MILLIS;
		processes.forEach((process) -> process.order(key, moment));
		Rush all = new Rush(0, 0);
		for (StampedeProcess process : processes) {
			all = all.and(process.rush());
		}
		return all;
	}

	private void hot(String url) throws Exception {
		LoadSettings clustered = LoadSettings.defaults().withSingleFlight(SingleFlightScope.CLUSTER);
		HotKey steady = new HotKey(CacheKind.psqache(url, clustered), LOAD_MILLIS);
		HotKey ageing = new HotKey(CacheKind.psqache(url, clustered.withFreshFor(FRESH_FOR)), LOAD_MILLIS);
		steady.reads(READS_PER_SECOND, WARM_UP);
		ageing.reads(READS_PER_SECOND, WARM_UP);
		double steadyP99 = report("always fresh", steady);
		double ageingP99 = report("fresh-for " + FRESH_FOR.toSeconds() + " s", ageing);
		say("  p99: %.2f times, %s", ageingP99 / steadyP99, verdict(ageingP99 <= 2 * steadyP99));
	}

	private double report(String title, HotKey key) throws Exception {
		int before = key.loads();
		Histogram reads = key.reads(READS_PER_SECOND, WINDOW);
		double p99 = reads.getValueAtPercentile(99) / 1e6;
		say("  %-32s %d loads in %d s; p50 %.2f ms, p99 %.2f ms, longest %.1f ms", title, key.loads() - before,
				WINDOW.toSeconds(), reads.getValueAtPercentile(50) / 1e6, p99, reads.getMaxValue() / 1e6);
		return p99;
	}

	private static String verdict(boolean isReached) {
		return isReached ? "reached" : "MISSED";
	}

	private void say(String format, Object... arguments) {
		this.progress.accept(String.format(Locale.ROOT, format, arguments));
	}

}
