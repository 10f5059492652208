package io.psqache.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.psqache.benchmarks.measure.FirstWarmUp;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a report to a folder: {@code results.json}, {@code results.txt},
 * {@code results.md} and the charts.
 */
public final class Results {

	private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private Results() {
	}

	/**
	 * Write it.
	 * @param report the report
	 * @param folder where; made if it is not there
	 * @throws IOException if it cannot be written
	 */
	public static void write(Report report, Path folder) throws IOException {
		Files.createDirectories(folder);
		Files.write(folder.resolve("results.json"), MAPPER.writeValueAsBytes(Json.of(report)));
		Files.writeString(folder.resolve("results.txt"), text(report), StandardCharsets.UTF_8);
		Files.writeString(folder.resolve("results.md"), Markdown.of(report), StandardCharsets.UTF_8);
		for (Map.Entry<String, String> chart : Charts.of(report).entrySet()) {
			Files.writeString(folder.resolve(chart.getKey()), chart.getValue(), StandardCharsets.UTF_8);
		}
	}

	private static String text(Report report) {
		return report.results()
			.stream()
			.map(ScenarioResult::text)
			.collect(Collectors.joining("\n", report.machine().text(), "\n" + report.targetsText()));
	}

	/**
	 * The shape of {@code results.json}.
	 */
	private record Json(Machine machine, String options, int rounds, double secondsARound, long seed,
			double secondsInAll, List<FirstWarmUp> firstWarmUps, List<Table> tables, List<Judgement> targets) {

		static Json of(Report report) {
			return new Json(report.machine(), report.command(), report.pace().rounds(),
					report.pace().round().toMillis() / 1000.0, report.seed(), report.seconds(), report.firstWarmUps(),
					report.results().stream().map(Table::of).toList(),
					report.targets().stream().map(Judgement::of).toList());
		}

		private record Table(String workload, int valueBytes, String callers, String keys, int entries, String baseline,
				List<Row> rows) {

			static Table of(ScenarioResult result) {
				return new Table(result.scenario().workload().name().toLowerCase(Locale.ROOT),
						result.scenario().size().bytes(), result.scenario().callers().label(),
						result.scenario().keys().toString(), result.entries(), result.baseline(), result.rows());
			}

		}

		private record Judgement(String target, String bound, String verdict, List<TargetResult.Part> measured) {

			static Judgement of(TargetResult result) {
				return new Judgement(result.target(), result.bound().toString(), result.verdict().toString(),
						result.parts());
			}

		}

	}

}
