package io.psqache.benchmarks.resilience;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.psqache.benchmarks.support.Arguments;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Pacer;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Text;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import org.springframework.cache.Cache;

/**
 * Stops the database under an open loop of requests: 90 % get, 9 % put, 1 % evict. The
 * time of a request is what the cache adds to whatever else the request does.
 */
public final class Outage {

	public static final String NAME = "--outage";

	public static final String USAGE = """
			An outage of the database (about a minute):
			  --outage [30]           its length in seconds
			  --rate 5000             requests a second
			""";

	private static final int CALLERS = 32;

	private static final int KEYS = 1_000;

	private static final long WARM_UP_MILLIS = 3_000;

	private static final long BEFORE_MILLIS = 10_000;

	private static final long RETURN_MILLIS = 5_000;

	private final Consumer<String> progress;

	private final int seconds;

	private final int rate;

	private final LongAdder failed = new LongAdder();

	private final AtomicLong firstHit = new AtomicLong();

	/**
	 * The phase that requests are counted in, by when they were due.
	 */
	private final List<Phase> phases = new ArrayList<>();

	private volatile Phase phase = new Phase("warm-up");

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option
	 */
	public Outage(Consumer<String> progress, String... words) {
		Arguments arguments = new Arguments(words);
		String length = arguments.text(NAME, "");
		this.seconds = length.isEmpty() ? 30 : Integer.parseInt(length);
		this.rate = arguments.integer("--rate", 5_000);
		this.progress = progress;
		arguments.text("--output", ""); // given by the build, but the table is only
										// printed
		arguments.requireAllKnown();
	}

	/**
	 * Run it and print the table.
	 * @throws Exception if it cannot be run
	 */
	public void run() throws Exception {
		Path data = Files.createTempDirectory("psqache-outage").resolve("data");
		PostgresServer server = start(data, 0);
		int port = server.port();
		try (Psqache psqache = Psqache.start(server.defaultDatabase().url()); Crew crew = new Crew()) {
			Cache cache = psqache.cache("outage");
			AtomicLong ended = new AtomicLong(Long.MAX_VALUE);
			crew.start(CALLERS, (caller) -> call(cache, caller, ended));
			Thread.sleep(WARM_UP_MILLIS);
			begin("before");
			Thread.sleep(BEFORE_MILLIS);
			begin("stopped: the first second");
			server.close();
			Thread.sleep(1000);
			begin("stopped: after the first second");
			Thread.sleep(1000L * Math.max(0, this.seconds - 1));
			server = start(data, port);
			long started = begin("started: the first 5 s");
			Thread.sleep(RETURN_MILLIS);
			begin("after");
			Thread.sleep(RETURN_MILLIS);
			ended.set(System.nanoTime());
			crew.join();
			report(Duration.ofNanos(this.firstHit.get() - started));
		}
		finally {
			server.close();
		}
	}

	private static PostgresServer start(Path data, int port) {
		return PostgresServer
			.start((builder) -> builder.setDataDirectory(data).setCleanDataDirectory(false).setPort(port));
	}

	private long begin(String title) {
		Phase next = new Phase(title);
		this.phases.add(next);
		this.phase = next;
		return next.begun;
	}

	private void call(Cache cache, int caller, AtomicLong ended) {
		Pacer pacer = Pacer.of(caller, CALLERS, this.rate);
		Random random = new Random(caller);
		while (System.nanoTime() < ended.get()) {
			Phase current = this.phase;
			pacer.await();
			boolean hit = false;
			try {
				hit = request(cache, random.nextInt(KEYS), random.nextInt(100));
			}
			catch (RuntimeException ex) {
				this.failed.increment();
			}
			current.nanos.recordValue(Math.max(0, pacer.sinceDue()));
			if (hit) {
				current.hits.increment();
				if (current.title.startsWith("started")) {
					this.firstHit.compareAndSet(0, System.nanoTime());
				}
			}
		}
	}

	private static boolean request(Cache cache, int key, int kind) {
		if (kind == 0) {
			cache.evict(key);
			return false;
		}
		if (kind < 10) {
			cache.put(key, "value " + key);
			return false;
		}
		return cache.get(key) != null;
	}

	private void report(Duration back) {
		List<List<String>> rows = new ArrayList<>();
		for (Phase each : this.phases) {
			Histogram nanos = each.nanos.getIntervalHistogram();
			rows.add(List.of(each.title, Text.format("%,d", nanos.getTotalCount()), Text.format("%,d", each.hits.sum()),
					millis(nanos, 50), millis(nanos, 99), millis(nanos, 99.9), millis(nanos, 100)));
		}
		this.progress
			.accept(Text.table(List.of("", "requests", "hits", "p50 ms", "p99 ms", "p99.9 ms", "max ms"), rows));
		this.progress.accept("failed requests: %d\nfirst hit after the server was started: %d ms"
			.formatted(this.failed.sum(), back.toMillis()));
	}

	private static String millis(Histogram nanos, double percentile) {
		return Text.format("%.3f", nanos.getValueAtPercentile(percentile) / 1e6);
	}

	/**
	 * The requests of a part of the run.
	 */
	private static final class Phase {

		private final String title;

		private final long begun = System.nanoTime();

		private final Recorder nanos = new Recorder(TimeUnit.MINUTES.toNanos(10), 3);

		private final LongAdder hits = new LongAdder();

		Phase(String title) {
			this.title = title;
		}

	}

}
