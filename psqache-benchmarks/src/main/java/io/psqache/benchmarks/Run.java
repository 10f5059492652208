package io.psqache.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.FirstWarmUp;
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

	private final Schedule schedule;

	private final List<FirstWarmUp> firstWarmUps = new ArrayList<>();

	private final List<ScenarioResult> results = new ArrayList<>();

	private final long begun = System.nanoTime();

	/**
	 * Prepare a run.
	 * @param options what is asked for
	 * @param progress is told what happens, line by line
	 */
	Run(Options options, Consumer<String> progress) {
		this.options = options;
		this.progress = progress;
		this.schedule = new Schedule(options);
	}

	Report run() throws Exception {
		try (Servers servers = Servers.start()) {
			Machine machine = Machine.describe(servers);
			this.progress.accept(machine.text());
			this.progress.accept("This should take about " + minutes(this.schedule.seconds()));
			for (ValueSize size : this.options.plan().sizes()) {
				run(servers, size, this.options.plan().possible(size));
			}
			return new Report(machine, this.options.command(), this.options.pace(), this.options.seed(), elapsed(),
					this.firstWarmUps, this.results);
		}
	}

	private void run(Servers servers, ValueSize size, List<Scenario> scenarios) throws Exception {
		if (scenarios.isEmpty()) {
			return;
		}
		Dataset dataset = new Dataset(size, size.entries(this.options.entries()), this.options.seed());
		List<ContenderKind> kinds = scenarios.stream()
			.flatMap((scenario) -> this.options.contenders(scenario).stream())
			.distinct()
			.sorted()
			.toList();
		try (Match match = new Match(new Arena(servers, dataset), this.options.pace(), this.options.seed(),
				this.firstWarmUps)) {
			match.prepare(kinds, this.progress);
			for (Scenario scenario : scenarios) {
				ScenarioResult result = new ScenarioResult(scenario, dataset.entries(),
						match.run(scenario, this.options.contenders(scenario), this.progress));
				this.progress.accept(result.text());
				this.results.add(result);
				this.schedule.done(scenario);
				this.progress.accept("(%d done; %s gone, about %s to go)".formatted(this.results.size(),
						minutes(elapsed()), minutes(this.schedule.secondsLeft(elapsed()))));
			}
		}
	}

	private double elapsed() {
		return (System.nanoTime() - this.begun) / 1e9;
	}

	private static String minutes(double seconds) {
		return "%d:%02d min".formatted((long) seconds / 60, (long) seconds % 60);
	}

}
