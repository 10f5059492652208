package io.psqache.benchmarks.outage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.PostgresCacheManager;
import io.psqache.benchmarks.contender.Assembly;
import io.psqache.benchmarks.endurance.Pacer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import org.springframework.cache.Cache;

/**
 * Stops the database for a while under requests that come at a rate of their own: one in
 * a hundred evicts, nine put, and the others get, as an application would that loads
 * nothing. What a request takes is what the cache adds to whatever else it does.
 */
public final class Outage {

	private static final int CALLERS = 32;

	private static final int KEYS = 1_000;

	private static final Duration BEFORE = Duration.ofSeconds(10);

	private static final Duration RETURN = Duration.ofSeconds(5);

	private final OutagePlan plan;

	private final Map<Phase, Recorder> latencies = new EnumMap<>(Phase.class);

	private final Map<Phase, LongAdder> hits = new EnumMap<>(Phase.class);

	private final LongAdder failed = new LongAdder();

	private final AtomicLong firstHit = new AtomicLong();

	private volatile long begin = Long.MAX_VALUE;

	private volatile long stopped = Long.MAX_VALUE;

	private volatile long started = Long.MAX_VALUE;

	private volatile boolean ended;

	public Outage(OutagePlan plan) {
		this.plan = plan;
		for (Phase phase : Phase.values()) {
			this.latencies.put(phase, new Recorder(TimeUnit.MINUTES.toNanos(10), 3));
			this.hits.put(phase, new LongAdder());
		}
	}

	/**
	 * Run it.
	 * @return what was measured
	 * @throws Exception if it cannot be run
	 */
	public OutageReport run() throws Exception {
		Path directory = Files.createTempDirectory("psqache-outage");
		EmbeddedPostgres server = server(directory).start();
		int port = server.getPort();
		try (HikariDataSource pool = Assembly.pool(config(server))) {
			Assembly.migrate(pool);
			try (PostgresCacheManager manager = Assembly.manager(pool).build()) {
				List<Thread> callers = start(Objects.requireNonNull(manager.getCache("outage")));
				Thread.sleep(3_000); // the compiler, at first
				this.begin = System.nanoTime();
				Thread.sleep(BEFORE.toMillis());
				this.stopped = System.nanoTime();
				server.close();
				Thread.sleep(this.plan.outage().toMillis());
				server = server(directory).setPort(port).start();
				this.started = System.nanoTime();
				Thread.sleep(RETURN.multipliedBy(2).toMillis());
				this.ended = true;
				for (Thread caller : callers) {
					caller.join();
				}
				return report();
			}
		}
		finally {
			server.close();
		}
	}

	private static EmbeddedPostgres.Builder server(Path directory) {
		return EmbeddedPostgres.builder()
			.setDataDirectory(directory.resolve("data"))
			.setCleanDataDirectory(false)
			.setServerConfig("shared_buffers", "512MB");
	}

	private static HikariConfig config(EmbeddedPostgres server) throws IOException {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
		config.setInitializationFailTimeout(-1);
		return config;
	}

	private List<Thread> start(Cache cache) {
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			Thread thread = new Thread(() -> call(cache, caller), "caller-" + i);
			thread.start();
			callers.add(thread);
		}
		return callers;
	}

	private void call(Cache cache, int caller) {
		Pacer pacer = Pacer.of(caller, CALLERS, this.plan.rate());
		Random random = new Random(caller);
		while (!this.ended) {
			pacer.await();
			boolean hit = false;
			try {
				hit = request(cache, random.nextInt(KEYS), random.nextInt(100));
			}
			catch (RuntimeException ex) {
				this.failed.increment();
			}
			long now = System.nanoTime();
			long latency = pacer.sinceDue();
			record(now - latency, latency, hit);
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

	private void record(long due, long latency, boolean hit) {
		if (due < this.begin) {
			return;
		}
		Phase phase = phase(due);
		Objects.requireNonNull(this.latencies.get(phase)).recordValue(latency);
		if (hit) {
			Objects.requireNonNull(this.hits.get(phase)).increment();
			if (due > this.started) {
				this.firstHit.compareAndSet(0, System.nanoTime());
			}
		}
	}

	private Phase phase(long due) {
		if (due < this.stopped) {
			return Phase.BEFORE;
		}
		if (due < this.stopped + TimeUnit.SECONDS.toNanos(1)) {
			return Phase.FIRST_SECOND;
		}
		if (due < this.started) {
			return Phase.STOPPED;
		}
		return (due < this.started + RETURN.toNanos()) ? Phase.RETURN : Phase.AFTER;
	}

	private OutageReport report() {
		Map<Phase, Histogram> latencies = new EnumMap<>(Phase.class);
		Map<Phase, Long> hits = new EnumMap<>(Phase.class);
		this.latencies.forEach((phase, recorder) -> latencies.put(phase, recorder.getIntervalHistogram()));
		this.hits.forEach((phase, count) -> hits.put(phase, count.sum()));
		Duration back = Duration.ofNanos(this.firstHit.get() - this.started);
		return new OutageReport(latencies, hits, this.failed.sum(), back);
	}

}
