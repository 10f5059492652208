package io.psqache.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.Match;
import io.psqache.benchmarks.report.Machine;
import io.psqache.benchmarks.report.Report;
import io.psqache.benchmarks.report.ScenarioResult;
import io.psqache.benchmarks.server.Servers;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;

/**
 * A run from start to end: for each value size, the contenders get their data and meet in
 * all scenarios of that size.
 */
final class Run {

	private final Options options;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param options what is asked for
	 * @param progress is told what happens, line by line
	 */
	Run(Options options, Consumer<String> progress) {
		this.options = options;
		this.progress = progress;
	}

	Report run() throws Exception {
		long begun = System.nanoTime();
		try (Servers servers = Servers.start()) {
			Machine machine = Machine.describe(servers);
			this.progress.accept(machine.text());
			List<ScenarioResult> results = new ArrayList<>();
			for (ValueSize size : this.options.plan().sizes()) {
				results.addAll(run(servers, size, this.options.plan().possible(size)));
			}
			return new Report(machine, this.options.pace(), this.options.seed(), (System.nanoTime() - begun) / 1e9,
					results);
		}
	}

	private List<ScenarioResult> run(Servers servers, ValueSize size, List<Scenario> scenarios) throws Exception {
		List<ScenarioResult> results = new ArrayList<>();
		if (scenarios.isEmpty()) {
			return results;
		}
		Dataset dataset = new Dataset(size, size.entries(this.options.entries()), this.options.seed());
		List<ContenderKind> kinds = scenarios.stream()
			.flatMap((scenario) -> this.options.contenders(scenario).stream())
			.distinct()
			.sorted()
			.toList();
		try (Match match = new Match(new Arena(servers, dataset), this.options.pace(), this.options.seed())) {
			match.prepare(kinds, this.progress);
			for (Scenario scenario : scenarios) {
				ScenarioResult result = new ScenarioResult(scenario, dataset.entries(),
						match.run(scenario, this.options.contenders(scenario)));
				this.progress.accept(result.text());
				results.add(result);
			}
		}
		return results;
	}

}
