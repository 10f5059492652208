package io.psqache.benchmarks.consistency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.psqache.benchmarks.report.Machine;
import io.psqache.benchmarks.report.MarkdownTable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came out of a run, for people and for programs.
 *
 * @param machine where it was
 * @param plan what was asked for
 * @param results what was counted under each load
 */
public record ConsistencyReport(Machine machine, ConsistencyPlan plan, List<LoadResult> results) {

	private static final String COMMAND = "./mvnw -q -Pbenchmark -pl psqache-benchmarks -am verify -DskipTests"
			+ " -Dinvoker.skip -Dbenchmark.args=";

	private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	void write() throws IOException {
		Path folder = this.plan.output();
		Files.createDirectories(folder);
		Files.write(folder.resolve("consistency.json"), MAPPER.writeValueAsBytes(Json.of(this)));
		Files.writeString(folder.resolve("consistency.md"), markdown(), StandardCharsets.UTF_8);
	}

	private String markdown() {
		return String.format(Locale.ROOT, """
				### Machine

				%s
				```
				%s"%s"
				```

				%,d operations on each cache, seed %d.

				%s""", this.machine.markdown(), COMMAND, this.plan.command(), this.plan.operations(), this.plan.seed(),
				text());
	}

	/**
	 * The tables.
	 * @return Markdown
	 */
	public String text() {
		return this.results.stream()
			.map((result) -> "#### %s\n\n%s\n\n%s".formatted(result.load(), result.load().description(),
					MarkdownTable.of(Outcome.COLUMNS, result.outcomes().stream().map(Outcome::cells).toList())))
			.collect(Collectors.joining("\n"));
	}

	/**
	 * The shape of {@code consistency.json}.
	 */
	private record Json(Machine machine, String options, int operations, long seed, List<LoadResult> loads) {

		static Json of(ConsistencyReport report) {
			return new Json(report.machine(), report.plan().command(), report.plan().operations(), report.plan().seed(),
					report.results());
		}

	}

}
