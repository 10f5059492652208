/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.benchmarks.compare;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import com.sun.management.OperatingSystemMXBean;
import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.Dataset;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures one contender in one round:
 * <ol>
 * <li>All callers start and wait for a common signal.</li>
 * <li>Each caller calls repeatedly without a pause until the time is over.</li>
 * <li>The round ends with the last answer.</li>
 * </ol>
 */
final class Round {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);

	/**
	 * The resolution of times is 1 %, so that the histograms of 1,000 callers fit into
	 * the heap.
	 */
	private static final int DIGITS = 2;

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

	private final LongAdder errors = new LongAdder();

	private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();

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
			List<Future<Histogram>> times = new ArrayList<>();
			for (int caller = 0; caller < this.callers.count(); caller++) {
				int start = (int) ((long) this.keys.length * caller / this.callers.count());
				times.add(threads.submit(() -> call(start)));
			}
			this.ready.await();
			long failures = this.contender.silentFailures();
			double server = this.contender.server().cpuNanos();
			long jvm = SYSTEM.getProcessCpuTime();
			this.begun = System.nanoTime();
			this.signal.countDown();
			Histogram nanos = new Histogram(32, LONGEST, DIGITS);
			for (Future<Histogram> each : times) {
				nanos.add(each.get(PATIENCE_MINUTES, TimeUnit.MINUTES));
			}
			double seconds = (System.nanoTime() - this.begun) / 1e9;
			double calls = nanos.getTotalCount();
			return new Measurement(nanos.getTotalCount(), seconds, nanos.getValueAtPercentile(50) / 1e3,
					nanos.getValueAtPercentile(99) / 1e3, nanos.getValueAtPercentile(99.9) / 1e3,
					(SYSTEM.getProcessCpuTime() - jvm) / 1e3 / calls,
					(this.contender.server().cpuNanos() - server) / 1e3 / calls, this.errors.sum(),
					this.firstError.get())
				.withErrors(this.contender.silentFailures() - failures, "failed silently");
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * The end of a call is the start of the next, so that a call reads the clock once.
	 */
	private Histogram call(int start) throws InterruptedException {
		Histogram nanos = new Histogram(32, LONGEST, DIGITS);
		this.ready.countDown();
		this.signal.await();
		int place = start;
		long before = System.nanoTime();
		while (before - this.begun < this.length) {
			try {
				call(this.keys[place % this.keys.length], place++);
			}
			catch (Exception ex) {
				this.errors.increment();
				this.firstError.compareAndSet(null, ex.toString());
			}
			long now = System.nanoTime();
			nanos.recordValue(Math.min(now - before, LONGEST));
			before = now;
		}
		return nanos;
	}

	private void call(int key, int place) throws Exception {
		if (this.scenario.workload() == Scenario.Workload.PUT) {
			this.contender.put(this.dataset.key(key), this.dataset.value(key, place));
		}
		else if (!this.dataset.mayHold(key, this.contender.get(this.dataset.key(key)))) {
			throw new IllegalStateException("wrong answer");
		}
	}

}
