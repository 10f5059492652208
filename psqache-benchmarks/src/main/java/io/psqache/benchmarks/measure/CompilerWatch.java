package io.psqache.benchmarks.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells when the JIT compiler has become quiet. A fixed warm-up measures the compiler: on
 * two cores it takes most of one for 15 to 25 seconds after a contender's first call, and
 * what is measured in the first seconds is up to two times too low.
 * <p>
 * A method counts when it has been compiled, not while it is. A compiler that is kept
 * from the processor by many callers could therefore look quiet; warm-ups take turns with
 * few callers to let it work. Not thread-safe.
 */
final class CompilerWatch {

	/**
	 * The longest time that is looked back.
	 */
	private static final Duration WINDOW = Duration.ofSeconds(2);

	private static final double QUIET = 0.05;

	private final WarmUpLimit limit;

	private final LongSupplier nanoTime;

	private final LongSupplier compilationMillis;

	private final long window;

	private final Sample first;

	/**
	 * The oldest is the youngest that is at least a window old.
	 */
	private final Deque<Sample> samples = new ArrayDeque<>();

	CompilerWatch(WarmUpLimit limit, LongSupplier nanoTime, LongSupplier compilationMillis) {
		this.limit = limit;
		this.nanoTime = nanoTime;
		this.compilationMillis = compilationMillis;
		this.window = Math.min(WINDOW.toNanos(), limit.least().toNanos());
		this.first = look();
	}

	/**
	 * Watch the compiler of this process.
	 * @param limit what the warm-up may take
	 */
	static CompilerWatch begin(WarmUpLimit limit) {
		CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
		boolean isKnown = compiler != null && compiler.isCompilationTimeMonitoringSupported();
		return new CompilerWatch(limit, System::nanoTime, isKnown ? compiler::getTotalCompilationTime : () -> 0);
	}

	/**
	 * Whether the warm-up is over; to be asked often.
	 */
	boolean isOver() {
		Sample now = look();
		while (this.samples.size() > 1 && now.nanos() - second().nanos() >= this.window) {
			this.samples.removeFirst();
		}
		long elapsed = now.nanos() - this.first.nanos();
		return elapsed >= this.limit.most().toNanos()
				|| (elapsed >= this.limit.least().toNanos() && compiling() < QUIET);
	}

	WarmUp result() {
		return new WarmUp((this.samples.getLast().nanos() - this.first.nanos()) / 1e9, compiling());
	}

	private double compiling() {
		Sample oldest = this.samples.getFirst();
		Sample youngest = this.samples.getLast();
		long elapsed = youngest.nanos() - oldest.nanos();
		long compiled = TimeUnit.MILLISECONDS.toNanos(youngest.compilationMillis() - oldest.compilationMillis());
		return (elapsed > 0) ? (double) compiled / elapsed : 0;
	}

	private Sample look() {
		Sample now = new Sample(this.nanoTime.getAsLong(), this.compilationMillis.getAsLong());
		this.samples.addLast(now);
		return now;
	}

	private Sample second() {
		var samples = this.samples.iterator();
		samples.next();
		return samples.next();
	}

	/**
	 * What was seen at a time.
	 */
	private record Sample(long nanos, long compilationMillis) {
	}

}
