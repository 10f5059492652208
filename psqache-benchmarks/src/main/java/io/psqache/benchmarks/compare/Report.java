package io.psqache.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.Text;

/**
 * The results of a comparison.
 *
 * @param machine the machine
 * @param command the options of the run
 * @param pace the lengths of its parts
 * @param seed seed of all chance
 * @param seconds its length
 * @param results a table for each scenario
 */
record Report(Machine machine, String command, Options.Pace pace, long seed, double seconds,
		List<ScenarioResult> results) {

	/**
	 * Write {@code results.md}, {@code results.json} and the charts.
	 * @param folder the folder
	 * @param findings the targets, empty if none were judged
	 * @throws IOException if a file cannot be written
	 */
	void write(Path folder, List<Finding> findings) throws IOException {
		Text.write(folder, "results", markdown(findings), this);
		Charts.write(this, folder);
	}

	private String markdown(List<Finding> findings) {
		return Text.head(this.machine, this.command)
				+ Text.format("\n%d rounds of %.1f s, seed %d; %.0f minutes in all.\n", this.pace.rounds(),
						this.pace.seconds(), this.seed, this.seconds / 60)
				+ (findings.isEmpty() ? "" : "\n### Targets\n\n" + Finding.markdown(findings)) + """

						### Figures

						Medians over the rounds. CPU is that of a call. Ratios are the median (least..most) of the \
						ratios within each round: of calls/s to redis-cache, and of CPU to the floor with the same \
						storage.

						""" + this.results.stream().map(ScenarioResult::markdown).collect(Collectors.joining("\n"))
				+ "\n### Warm-up\n\n" + Text.table(List.of("", "", "seconds", "compiler busy at the end"),
						this.results.stream().flatMap(Report::warmUps).toList());
	}

	private static java.util.stream.Stream<List<String>> warmUps(ScenarioResult result) {
		return result.outcomes()
			.stream()
			.map((outcome) -> List.of(result.scenario().toString(), outcome.contender(),
					Text.format("%.1f", outcome.warmUp().seconds()),
					Text.format("%.0f %%", 100 * outcome.warmUp().compiling())));
	}

}
