package io.psqache.benchmarks.report;

import java.util.List;

import io.psqache.benchmarks.measure.Measurement;
import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.measure.Spread;
import io.psqache.benchmarks.measure.WarmUp;
import org.jspecify.annotations.Nullable;

/**
 * One contender in one table: medians over the rounds, times in microseconds where not
 * named otherwise.
 *
 * @param contender its name
 * @param callsPerSecond calls a second
 * @param p50 half of the calls took at most this long
 * @param p99 99 of a hundred
 * @param p999 999 of a thousand
 * @param jvmCpu processor time a call in the JVM
 * @param serverCpu processor time a call in the server, {@code null} where it cannot be
 * known
 * @param ratio calls a second against the baseline, round by round; {@code null} where
 * that did not take part
 * @param warmUp what it did before the rounds
 * @param drainMillis time from the return of the last call until everything was applied
 * @param heldMegabytes memory that returned puts held, where it was looked at
 * @param errors calls that failed or gave a wrong answer: if there are any, nothing else
 * in the row means anything
 * @param firstError what was wrong with the first of them
 * @param rounds what it did in each round
 */
record Row(String contender, double callsPerSecond, double p50, double p99, double p999, double jvmCpu,
		@Nullable Double serverCpu, @Nullable Spread ratio, WarmUp warmUp, double drainMillis,
		@Nullable Double heldMegabytes, long errors, @Nullable String firstError, List<Measurement> rounds) {

	static Row of(Outcome outcome, @Nullable Outcome baseline) {
		double serverCpu = outcome.median(Measurement::serverCpuOrNaN);
		Spread ratio = (baseline != null) ? outcome.ratio(baseline, Measurement::callsPerSecond) : null;
		return new Row(outcome.contender(), outcome.median(Measurement::callsPerSecond),
				outcome.median(Measurement::p50), outcome.median(Measurement::p99), outcome.median(Measurement::p999),
				outcome.median(Measurement::jvmCpu), Double.isNaN(serverCpu) ? null : serverCpu, ratio,
				outcome.warmUp(), outcome.median(Measurement::drainMillis), outcome.heldMegabytes(), outcome.errors(),
				outcome.firstError(), outcome.rounds());
	}

}
