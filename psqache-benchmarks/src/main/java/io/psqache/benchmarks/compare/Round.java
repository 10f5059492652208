package io.psqache.benchmarks.compare;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.sun.management.OperatingSystemMXBean;
import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.Dataset;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures one contender for some time:
 * <ol>
 * <li>All callers start and wait for a common signal.</li>
 * <li>Each calls, waits for the answer, and calls again until the time is over.</li>
 * <li>The round ends with the last answer.</li>
 * </ol>
 */
final class Round {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);

	private static final long PATIENCE_MINUTES = 5;

	private final Scenario scenario;

	private final Contender contender;

	private final Dataset dataset;

	/**
	 * The numbers of the keys in the order of the calls, the same for all contenders.
	 */
	private final int[] keys;

	private final Callers callers;

	private final long length;

	private final CountDownLatch ready;

	private final CountDownLatch signal = new CountDownLatch(1);

	private volatile long begun;

	Round(Scenario scenario, Contender contender, Dataset dataset, int[] keys, Callers callers, double seconds) {
		this.scenario = scenario;
		this.contender = contender;
		this.dataset = dataset;
		this.keys = keys;
		this.callers = callers;
		this.length = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
		this.ready = new CountDownLatch(callers.count());
	}

	Measurement run() throws Exception {
		ExecutorService threads = this.callers.executor();
		try {
			List<Future<Tally>> tallies = new ArrayList<>();
			for (int caller = 0; caller < this.callers.count(); caller++) {
				int start = (int) ((long) this.keys.length * caller / this.callers.count());
				tallies.add(threads.submit(() -> call(start)));
			}
			this.ready.await();
			long failures = this.contender.silentFailures();
			double server = this.contender.server().cpuNanos();
			long jvm = SYSTEM.getProcessCpuTime();
			this.begun = System.nanoTime();
			this.signal.countDown();
			Tally sum = new Tally();
			for (Future<Tally> tally : tallies) {
				sum.add(tally.get(PATIENCE_MINUTES, TimeUnit.MINUTES));
			}
			double seconds = (System.nanoTime() - this.begun) / 1e9;
			double jvmMicros = (SYSTEM.getProcessCpuTime() - jvm) / 1e3;
			double serverMicros = (this.contender.server().cpuNanos() - server) / 1e3;
			return sum.measurement(seconds, jvmMicros, serverMicros)
				.withErrors(this.contender.silentFailures() - failures, "failed silently");
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * The end of a call is the start of the next, so that a call reads the clock once.
	 */
	private Tally call(int start) throws InterruptedException {
		Tally tally = new Tally();
		this.ready.countDown();
		this.signal.await();
		int place = start;
		long before = System.nanoTime();
		while (before - this.begun < this.length) {
			try {
				if (!isRight(place++)) {
					tally.error("wrong answer");
				}
			}
			catch (Exception ex) {
				tally.error(ex.toString());
			}
			long now = System.nanoTime();
			tally.nanos.recordValue(Math.min(now - before, LONGEST));
			before = now;
		}
		return tally;
	}

	private boolean isRight(int place) throws Exception {
		int key = this.keys[place % this.keys.length];
		if (this.scenario.workload() == Scenario.Workload.PUT) {
			this.contender.put(this.dataset.key(key), this.dataset.value(key, place));
			return true;
		}
		return this.dataset.mayHold(key, this.contender.get(this.dataset.key(key)));
	}

	/**
	 * What one caller counted. Not thread-safe: each caller has its own.
	 */
	private static final class Tally {

		/**
		 * Two digits: times are exact to one percent, and 1,000 callers fit into the
		 * heap.
		 */
		private final Histogram nanos = new Histogram(32, LONGEST, 2);

		private long errors;

		private @Nullable String firstError;

		void error(String error) {
			this.errors++;
			this.firstError = (this.firstError != null) ? this.firstError : error;
		}

		void add(Tally other) {
			this.nanos.add(other.nanos);
			this.errors += other.errors;
			this.firstError = (this.firstError != null) ? this.firstError : other.firstError;
		}

		Measurement measurement(double seconds, double jvmMicros, double serverMicros) {
			long calls = this.nanos.getTotalCount();
			return new Measurement(calls, seconds, micros(50), micros(99), micros(99.9), jvmMicros / calls,
					serverMicros / calls, this.errors, this.firstError);
		}

		private double micros(double percentile) {
			return this.nanos.getValueAtPercentile(percentile) / 1e3;
		}

	}

}
