package io.psqache.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.psqache.benchmarks.measure.WarmUp;
import io.psqache.benchmarks.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as a part of a document, to be held there verbatim: nobody has to copy
 * figures, which is how wrong ones come into documents.
 */
final class Markdown {

	private static final String COMMAND = "./mvnw -q -Pbenchmark -pl psqache-benchmarks -am verify -DskipTests";

	private final Report report;

	private Markdown(Report report) {
		this.report = report;
	}

	static String of(Report report) {
		Markdown markdown = new Markdown(report);
		return Stream
			.of(markdown.machine(), markdown.command(), markdown.targets(), markdown.tables(), markdown.warmUps())
			.collect(Collectors.joining("\n"));
	}

	private String machine() {
		return "### Machine\n\n" + this.report.machine().markdown();
	}

	private String command() {
		String options = this.report.command();
		return String.format(Locale.ROOT,
				"```\n%s%s\n```\n\n%d rounds of %.2f s (sustained: %,d puts), seed %d; it took %.0f minutes in all.\n",
				COMMAND, options.isEmpty() ? "" : " -Dbenchmark.args=\"" + options + "\"", this.report.pace().rounds(),
				this.report.pace().round().toMillis() / 1000.0, this.report.pace().sustainedPuts(), this.report.seed(),
				Math.ceil(this.report.seconds() / 60));
	}

	private String targets() {
		List<List<String>> rows = this.report.targets()
			.stream()
			.map((result) -> List.of(result.target(), result.bound().toString(),
					result.parts()
						.stream()
						.map((part) -> part.scenario() + ": " + ConsoleTable.ratio(part.ratio()))
						.collect(Collectors.joining("<br>")),
					"**" + result.verdict() + "**"))
			.toList();
		return "### Targets\n\nMeasured: median (least..most) of the ratios within each round.\n\n"
				+ MarkdownTable.of(List.of("target", "must be", "measured", ""), rows);
	}

	private String tables() {
		return "### Figures\n\nMedians over the rounds; CPU is that of a call; x is calls/s against the contender "
				+ "named, median (least..most) of the ratios within each round.\n\n"
				+ this.report.results().stream().map(Markdown::table).collect(Collectors.joining("\n"));
	}

	private static String table(ScenarioResult result) {
		boolean sustained = result.scenario().workload() == Workload.SUSTAINED;
		List<String> head = Stream
			.concat(Stream.of("", "calls/s", "p50 us", "p99 us", "p99.9 us", "CPU JVM us", "CPU server us",
					"x " + result.baseline()),
					sustained ? Stream.of("applied ms after the last return", "held then MB") : Stream.of())
			.toList();
		List<List<String>> rows = result.rows().stream().map((row) -> cells(row, sustained)).toList();
		return String.format(Locale.ROOT, "#### %s, %,d entries\n\n", result.scenario(), result.entries())
				+ MarkdownTable.of(head, rows);
	}

	private static List<String> cells(Row row, boolean sustained) {
		if (row.errors() > 0) {
			return List.of(row.contender(), "**failed**: %,d errors".formatted(row.errors()));
		}
		Stream<String> figures = Stream.of(row.contender(), whole(row.callsPerSecond()), decimal(row.p50()),
				decimal(row.p99()), decimal(row.p999()), decimal(row.jvmCpu()), decimal(row.serverCpu()),
				ConsoleTable.ratio(row.ratio()));
		return Stream
			.concat(figures,
					sustained ? Stream.of(whole(row.drainMillis()), decimal(row.heldMegabytes())) : Stream.of())
			.toList();
	}

	private String warmUps() {
		List<List<String>> rows = this.report.firstWarmUps()
			.stream()
			.map((first) -> List.of(first.contender(), first.operation(), decimal(first.warmUp().seconds()),
					percent(first.warmUp().compiling())))
			.toList();
		List<WarmUp> further = this.report.results()
			.stream()
			.flatMap((result) -> result.outcomes().stream())
			.map((outcome) -> outcome.warmUp())
			.toList();
		return """
				### Warm-up

				Each contender warms up before its first get and its first put, with 1, 8 and 32 threads in turn, %s: \
				until the JIT compiler was busy for less than 5 %% of the last seconds. Before each table all do so \
				again, %s; that took them %s s on the median and %s s at most, with the compiler %s busy at the end on \
				the median and %s at most.

				%s""".formatted(this.report.pace().firstWarmUp(), this.report.pace().warmUp(),
				decimal(middle(further.stream().map(WarmUp::seconds))),
				decimal(last(further.stream().map(WarmUp::seconds))),
				percent(middle(further.stream().map(WarmUp::compiling))),
				percent(last(further.stream().map(WarmUp::compiling))),
				MarkdownTable.of(List.of("", "", "seconds", "compiler busy at the end"), rows));
	}

	private static double middle(Stream<Double> figures) {
		List<Double> sorted = figures.sorted().toList();
		return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
	}

	private static double last(Stream<Double> figures) {
		return figures.max(Double::compare).orElse(0.0);
	}

	private static String percent(double share) {
		return whole(100 * share) + " %";
	}

	private static String whole(double number) {
		return String.format(Locale.ROOT, "%,.0f", number);
	}

	private static String decimal(@Nullable Double number) {
		return (number != null) ? String.format(Locale.ROOT, "%,.1f", number) : "n/a";
	}

}
