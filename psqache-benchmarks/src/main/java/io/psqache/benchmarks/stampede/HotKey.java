package io.psqache.benchmarks.stampede;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import org.springframework.cache.Cache;

/**
 * One key that is read at a rate of its own, however long each read takes (an open loop).
 */
final class HotKey {

	private static final int CALLERS = 32;

	private static final String KEY = "hot";

	private final Cache cache;

	private final int loadMillis;

	private final AtomicInteger loads = new AtomicInteger();

	HotKey(Cache cache, int loadMillis) {
		this.cache = cache;
		this.loadMillis = loadMillis;
		read();
	}

	private void read() {
		this.cache.get(KEY, () -> {
			this.loads.incrementAndGet();
			TimeUnit.MILLISECONDS.sleep(this.loadMillis);
			return "value";
		});
	}

	/**
	 * How often it was loaded so far.
	 */
	int loads() {
		return this.loads.get();
	}

	/**
	 * Read.
	 * @return nanoseconds from when each read was due to its end
	 */
	Histogram reads(int perSecond, Duration time) throws Exception {
		Recorder nanos = new Recorder(TimeUnit.MINUTES.toNanos(1), 3);
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		List<Future<?>> work = new ArrayList<>();
		long begin = System.nanoTime();
		long interval = TimeUnit.SECONDS.toNanos(1) * CALLERS / perSecond;
		for (int caller = 0; caller < CALLERS; caller++) {
			long first = begin + interval * caller / CALLERS;
			work.add(callers.submit(() -> {
				for (long due = first; due - begin < time.toNanos(); due += interval) {
					LockSupport.parkNanos(due - System.nanoTime());
					read();
					nanos.recordValue(Math.max(0, System.nanoTime() - due));
				}
			}));
		}
		for (Future<?> each : work) {
			each.get();
		}
		callers.shutdown();
		return nanos.getIntervalHistogram();
	}

}
