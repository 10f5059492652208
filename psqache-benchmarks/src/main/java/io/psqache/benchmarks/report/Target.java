package io.psqache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.measure.Spread;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;

/**
 * One line of what psqache must reach: a ratio of two contenders in some scenarios, in
 * each of which it must hold.
 *
 * @param name the line
 * @param subject name of the contender that must reach it
 * @param other name of the contender that it is compared with
 * @param figure what is compared
 * @param bound what the median of the ratios must be
 * @param workloads in which workloads
 * @param size with which values
 * @param threads with how many threads; if empty, with any
 */
record Target(String name, String subject, String other, Figure figure, Bound bound, List<Workload> workloads,
		ValueSize size, List<Integer> threads) {

	/**
	 * Whether it cannot be judged without a contender in a scenario.
	 */
	boolean needs(String contender, Scenario scenario) {
		return (contender.equals(this.subject) || contender.equals(this.other))
				&& this.workloads.contains(scenario.workload()) && scenario.size().equals(this.size)
				&& scenario.keys() == KeyDistribution.UNIFORM && !scenario.callers().virtual()
				&& (this.threads.isEmpty() || this.threads.contains(scenario.callers().count()));
	}

	TargetResult judge(List<ScenarioResult> results) {
		List<TargetResult.Part> parts = new ArrayList<>();
		for (Workload workload : this.workloads) {
			for (int count : threadsIn(workload, results)) {
				Scenario scenario = new Scenario(workload, this.size, new Callers(count, false),
						KeyDistribution.UNIFORM);
				parts.add(part(workload + " " + count, find(scenario, results)));
			}
		}
		return new TargetResult(this.name, this.bound, parts);
	}

	private List<Integer> threadsIn(Workload workload, List<ScenarioResult> results) {
		return !this.threads.isEmpty() ? this.threads
				: results.stream()
					.map(ScenarioResult::scenario)
					.filter((scenario) -> scenario.workload() == workload && scenario.size().equals(this.size)
							&& scenario.keys() == KeyDistribution.UNIFORM && !scenario.callers().virtual())
					.map((scenario) -> scenario.callers().count())
					.toList();
	}

	private static Optional<ScenarioResult> find(Scenario scenario, List<ScenarioResult> results) {
		return results.stream().filter((result) -> result.scenario().equals(scenario)).findFirst();
	}

	private TargetResult.Part part(String label, Optional<ScenarioResult> result) {
		Optional<Outcome> subject = result.flatMap((found) -> found.of(this.subject));
		Optional<Outcome> other = result.flatMap((found) -> found.of(this.other));
		if (subject.isEmpty() || other.isEmpty()) {
			return new TargetResult.Part(label, null, Verdict.NOT_MEASURED);
		}
		Spread ratio = subject.get().ratio(other.get(), this.figure.of());
		if (Double.isNaN(ratio.median())) {
			return new TargetResult.Part(label, null, Verdict.NOT_MEASURED);
		}
		if (subject.get().errors() + other.get().errors() > 0) {
			return new TargetResult.Part(label, null, Verdict.FAILED);
		}
		return new TargetResult.Part(label, ratio, this.bound.holds(ratio.median()) ? Verdict.REACHED : Verdict.MISSED);
	}

}
