package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.psqache.benchmarks.report.Machine;
import io.psqache.benchmarks.report.MarkdownTable;
import io.psqache.benchmarks.report.Verdict;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came out of a run, for people and for programs.
 *
 * @param machine where it was
 * @param plan what was asked for
 * @param results what came out of each experiment
 */
public record EnduranceReport(Machine machine, EndurancePlan plan, List<ExperimentResult> results) {

	private static final String COMMAND = "./mvnw -q -Pbenchmark -pl psqache-benchmarks -am verify -DskipTests"
			+ " -Dinvoker.skip -Dbenchmark.args=";

	private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	public EnduranceReport {
		results = List.copyOf(results);
	}

	/**
	 * Whether every target of the run was reached.
	 * @return whether all were
	 */
	public boolean isReached() {
		return findings().stream().allMatch((finding) -> finding.verdict() == Verdict.REACHED);
	}

	/**
	 * The targets.
	 * @return some lines
	 */
	public String text() {
		return findings().stream().map(Finding::text).collect(Collectors.joining("\n", "\nTargets\n", "\n"));
	}

	private List<Finding> findings() {
		return this.results.stream().flatMap((result) -> result.findings().stream()).toList();
	}

	void write() throws IOException {
		Path folder = this.plan.output();
		Files.write(folder.resolve("endurance.json"), MAPPER.writeValueAsBytes(Json.of(this)));
		Files.writeString(folder.resolve("endurance.md"), markdown(), StandardCharsets.UTF_8);
	}

	private String markdown() {
		List<List<String>> targets = findings().stream()
			.map((finding) -> List.of(finding.target(), finding.bound(), finding.measured(),
					"**" + finding.verdict() + "**"))
			.toList();
		return """
				### Machine

				%s
				```
				%s"%s"
				```

				### Targets

				%s
				### Figures

				%s""".formatted(this.machine.markdown(), COMMAND, this.plan.command(),
				MarkdownTable.of(List.of("target", "must be", "measured", ""), targets),
				this.results.stream().map(EnduranceReport::figures).collect(Collectors.joining("\n")));
	}

	private static String figures(ExperimentResult result) {
		List<List<String>> rows = result.figures()
			.stream()
			.map((figure) -> List.of(figure.name(), figure.number()))
			.toList();
		String remarks = result.remarks().stream().map((remark) -> "- " + remark + "\n").collect(Collectors.joining());
		return """
				#### %s

				%s. It took %.0f s.

				%s
				%s""".formatted(result.name(), result.title(), result.seconds(),
				MarkdownTable.of(List.of("", ""), rows), remarks);
	}

	/**
	 * The shape of {@code endurance.json}.
	 */
	private record Json(Machine machine, String options, long seed, List<ExperimentResult> experiments) {

		static Json of(EnduranceReport report) {
			return new Json(report.machine(), report.plan().command(), report.plan().seed(), report.results());
		}

	}

}
