package io.psqache.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.Steps;

/**
 * Lets some callers loose on a contender at once and measures what they do:
 * <ol>
 * <li>All callers are started and wait at a gate.</li>
 * <li>The gate opens; each calls until its limit.</li>
 * <li>When all have returned, the contender waits until its server has everything. That
 * time counts.</li>
 * </ol>
 */
final class Round {

	private static final long PATIENCE_MINUTES = 5;

	private final Contender contender;

	private final Callers callers;

	private final Steps steps;

	private final Limit limit;

	Round(Contender contender, Callers callers, Steps steps, Limit limit) {
		this.contender = contender;
		this.callers = callers;
		this.steps = steps;
		this.limit = limit;
	}

	/**
	 * Run it.
	 * @param tasks the task of each caller by its number
	 * @param afterCalls what to do when the last call has returned and things may not be
	 * applied yet
	 * @return what was measured
	 * @throws Exception if the round could not be run; calls that fail are counted
	 */
	Measurement run(IntFunction<Task> tasks, Runnable afterCalls) throws Exception {
		ExecutorService threads = this.callers.executor();
		try {
			return run(threads, tasks, afterCalls);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Measurement run(ExecutorService threads, IntFunction<Task> tasks, Runnable afterCalls) throws Exception {
		Gate gate = new Gate(this.callers.count());
		List<Future<Tally>> tallies = new ArrayList<>();
		for (int caller = 0; caller < this.callers.count(); caller++) {
			tallies.add(threads.submit(
					new Caller(tasks.apply(caller), this.steps.start(caller, this.callers.count()), this.limit, gate)));
		}
		gate.awaitCallers();
		long failuresBefore = this.contender.silentFailures();
		CpuTimes cpuBefore = CpuTimes.now(this.contender.server());
		long begun = gate.open();
		Tally tally = sum(tallies);
		long returned = System.nanoTime();
		afterCalls.run();
		this.contender.awaitApplied();
		long applied = System.nanoTime();
		CpuTimes cpu = CpuTimes.now(this.contender.server()).since(cpuBefore);
		return measurement(tally, cpu, applied - begun, applied - returned)
			.withFurtherErrors(this.contender.silentFailures() - failuresBefore, "failed silently");
	}

	private static Tally sum(List<Future<Tally>> tallies) throws Exception {
		Tally sum = new Tally();
		for (Future<Tally> tally : tallies) {
			sum.add(tally.get(PATIENCE_MINUTES, TimeUnit.MINUTES));
		}
		return sum;
	}

	private static Measurement measurement(Tally tally, CpuTimes cpu, long nanos, long drainNanos) {
		return new Measurement(tally.calls(), nanos / 1e9, tally.micros(50), tally.micros(99), tally.micros(99.9),
				cpu.jvmMicrosPer(tally.calls()), cpu.serverMicrosPer(tally.calls()), drainNanos / 1e6, tally.errors(),
				tally.firstError());
	}

}
