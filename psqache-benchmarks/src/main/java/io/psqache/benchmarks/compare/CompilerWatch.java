package io.psqache.benchmarks.compare;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides when a warm-up is over: when the JIT compiler is quiet. On two cores it takes
 * most of one for 15 to 25 seconds after a contender's first call, and rates measured
 * meanwhile are up to two times too low. Not thread-safe.
 */
final class CompilerWatch {

	private static final double WINDOW_SECONDS = 2;

	private static final double QUIET = 0.05;

	private final WarmUp.Limits limits;

	private final LongSupplier nanoTime;

	private final LongSupplier compilationMillis;

	private final Sample first;

	/**
	 * The first one is the youngest that is at least a window old.
	 */
	private final Deque<Sample> samples = new ArrayDeque<>();

	CompilerWatch(WarmUp.Limits limits, LongSupplier nanoTime, LongSupplier compilationMillis) {
		this.limits = limits;
		this.nanoTime = nanoTime;
		this.compilationMillis = compilationMillis;
		this.first = sample();
	}

	static CompilerWatch begin(WarmUp.Limits limits) {
		CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
		boolean known = compiler != null && compiler.isCompilationTimeMonitoringSupported();
		return new CompilerWatch(limits, System::nanoTime, known ? compiler::getTotalCompilationTime : () -> 0);
	}

	/**
	 * Take a sample, and see whether the warm-up is over.
	 */
	boolean isOver() {
		Sample now = sample();
		double window = Math.min(WINDOW_SECONDS, this.limits.least());
		while (this.samples.size() > 1 && second().secondsTo(now) >= window) {
			this.samples.removeFirst();
		}
		double elapsed = this.first.secondsTo(now);
		return elapsed >= this.limits.most() || (elapsed >= this.limits.least() && compiling() < QUIET);
	}

	WarmUp result() {
		return new WarmUp(this.first.secondsTo(this.samples.getLast()), compiling());
	}

	private double compiling() {
		Sample oldest = this.samples.getFirst();
		Sample youngest = this.samples.getLast();
		double elapsed = oldest.secondsTo(youngest);
		return (elapsed > 0) ? (youngest.compilationMillis() - oldest.compilationMillis()) / 1000.0 / elapsed : 0;
	}

	private Sample sample() {
		Sample now = new Sample(this.nanoTime.getAsLong(), this.compilationMillis.getAsLong());
		this.samples.addLast(now);
		return now;
	}

	private Sample second() {
		return this.samples.stream().skip(1).findFirst().orElseThrow();
	}

	private record Sample(long nanos, long compilationMillis) {

		double secondsTo(Sample later) {
			return (later.nanos - this.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
		}

	}

}
