package io.psqache.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

import io.psqache.benchmarks.measure.FirstWarmUp;
import io.psqache.benchmarks.measure.Pace;

/**
 * All that came out of a run.
 *
 * @param machine where it was
 * @param command the options of the run
 * @param pace how long things took
 * @param seed what all chance followed from
 * @param seconds how long it took in all
 * @param firstWarmUps the long warm-ups
 * @param results the tables
 */
public record Report(Machine machine, String command, Pace pace, long seed, double seconds,
		List<FirstWarmUp> firstWarmUps, List<ScenarioResult> results) {

	public boolean hasErrors() {
		return this.results.stream()
			.flatMap((result) -> result.outcomes().stream())
			.anyMatch((outcome) -> outcome.errors() > 0);
	}

	List<TargetResult> targets() {
		return Targets.judge(this.results);
	}

	/**
	 * Whether psqache is what it means to be, from the medians of this run.
	 * @return some lines
	 */
	public String targetsText() {
		return targets().stream()
			.map((result) -> "%-8s %s: %s; measured %s".formatted(result.verdict(), result.target(), result.bound(),
					result.parts().isEmpty() ? "n/a" : result.measured()))
			.collect(
					Collectors.joining("\n", "\nTargets (medians of %d rounds)\n".formatted(this.pace.rounds()), "\n"));
	}

}
