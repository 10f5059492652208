package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.Text;

/**
 * The results of experiments.
 *
 * @param machine the machine
 * @param command the options of the run
 * @param results the result of each experiment
 */
public record EnduranceReport(Machine machine, String command, List<Result> results) {

	/**
	 * The targets of all experiments.
	 * @return the targets and what was measured
	 */
	public List<Finding> targets() {
		return this.results.stream().flatMap((result) -> result.findings().stream()).toList();
	}

	void write(Path folder) throws IOException {
		Text.write(folder, "endurance",
				"%s\n### Targets\n\n%s\n### Figures\n\n%s".formatted(Text.head(this.machine, this.command),
						Finding.markdown(targets()),
						this.results.stream().map(Result::markdown).collect(Collectors.joining("\n"))),
				this);
	}

	/**
	 * The result of an experiment.
	 *
	 * @param name its name
	 * @param title what it did
	 * @param seconds its length
	 * @param findings its targets
	 * @param figures its figures
	 * @param troubles errors and deadlocks in the log of the server
	 */
	record Result(String name, String title, double seconds, List<Finding> findings, Map<String, String> figures,
			List<String> troubles) {

		String markdown() {
			List<List<String>> rows = this.figures.entrySet()
				.stream()
				.map((figure) -> List.of(figure.getKey(), figure.getValue()))
				.toList();
			return Text.format("#### %s\n\n%s. It took %.0f s.\n\n%s%s", this.name, this.title, this.seconds,
					Text.table(List.of("", ""), rows),
					this.troubles.stream().map((line) -> "- server log: " + line + "\n").collect(Collectors.joining()));
		}

	}

}
