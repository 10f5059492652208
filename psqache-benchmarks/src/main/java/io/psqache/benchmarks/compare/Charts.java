package io.psqache.benchmarks.compare;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.psqache.benchmarks.contender.ContenderKind;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.ChartEncoder;

/**
 * Draws charts: for each workload, value size and key distribution the calls a second and
 * the 99th percentile by callers, and the CPU time a call. The in-process contender is
 * left out, since the others would lie on the axis beside it.
 */
final class Charts {

	private static final int CPU_CALLERS = 32;

	private static final Map<ContenderKind, Color> COLOURS = Map.of(ContenderKind.PSQACHE, new Color(0x2f7ed8),
			ContenderKind.PSQACHE_BINARY, new Color(0x22a6b8), ContenderKind.FLOOR, new Color(0x30475e),
			ContenderKind.FLOOR_BINARY, new Color(0x6a8caf), ContenderKind.REDIS_CACHE, new Color(0xd9483b),
			ContenderKind.REDIS_CACHE_POOL, new Color(0xdd8a2e), ContenderKind.PGCACHE, new Color(0x8d63c9),
			ContenderKind.JDBC, new Color(0x3d9a5f));

	private Charts() {
	}

	static void write(Report report, Path folder) throws IOException {
		Map<Object, List<ScenarioResult>> groups = report.results()
			.stream()
			.collect(
					Collectors
						.groupingBy(
								(result) -> result.scenario().with(Workload.GET, new Callers(1, false))
										+ result.scenario().workload().name(),
								LinkedHashMap::new, Collectors.toList()));
		String footnote = "%s, %d cores for clients and servers together, %s".formatted(report.machine().cpu(),
				report.machine().cores(), report.machine().date());
		for (List<ScenarioResult> group : groups.values()) {
			Scenario scenario = group.get(0).scenario();
			String file = "%s-%d-%s-".formatted(scenario.workload().name().toLowerCase(Locale.ROOT),
					scenario.valueBytes(), scenario.keys());
			String title = ": %s, %s, %s keys".formatted(scenario.workload(), scenario.size(), scenario.keys());
			if (group.size() > 1) {
				write(lines("Calls a second" + title, footnote, group, Measurement::rate), folder, file + "calls");
				CategoryChart p99 = lines("99th percentile, us" + title, footnote, group, Measurement::p99);
				p99.getStyler().setYAxisLogarithmic(true);
				write(p99, folder, file + "p99");
			}
			write(bars("CPU a call, us" + title, footnote, typical(group)), folder, file + "cpu");
		}
	}

	private static ScenarioResult typical(List<ScenarioResult> group) {
		return group.stream()
			.min(Comparator.comparing((result) -> Math.abs(result.scenario().callers().count() - CPU_CALLERS)))
			.orElseThrow();
	}

	private static CategoryChart lines(String title, String footnote, List<ScenarioResult> group,
			ToDoubleFunction<Measurement> figure) {
		CategoryChart chart = chart(title, "threads (v: virtual). " + footnote);
		chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
		List<String> callers = group.stream().map((result) -> result.scenario().callers().label()).toList();
		for (ContenderKind kind : ContenderKind.values()) {
			List<Double> figures = group.stream()
				.map((result) -> result.of(kind)
					.filter((outcome) -> outcome.errors() == 0)
					.map((outcome) -> outcome.median(figure))
					.orElse(Double.NaN))
				.toList();
			if (kind != ContenderKind.CAFFEINE && figures.stream().anyMatch(Double::isFinite)) {
				Color colour = COLOURS.getOrDefault(kind, Color.GRAY);
				chart.addSeries(kind.toString(), callers, figures)
					.setMarkerColor(colour)
					.setLineColor(colour)
					.setLineWidth((kind == ContenderKind.PSQACHE) ? 3 : 1.5f);
			}
		}
		return chart;
	}

	private static CategoryChart bars(String title, String footnote, ScenarioResult result) {
		CategoryChart chart = chart(title + ", " + result.scenario().callers(), footnote);
		chart.getStyler().setStacked(true).setShowStackSum(true);
		List<Outcome> outcomes = result.outcomes()
			.stream()
			.filter((outcome) -> outcome.errors() == 0
					&& !outcome.contender().equals(ContenderKind.CAFFEINE.toString()))
			.toList();
		if (!outcomes.isEmpty()) {
			List<String> names = outcomes.stream().map(Outcome::contender).toList();
			chart.addSeries("JVM", names, outcomes.stream().map((one) -> one.median(Measurement::jvmCpu)).toList());
			chart.addSeries("server", names,
					outcomes.stream().map((one) -> one.median(Measurement::serverCpu)).toList());
		}
		return chart;
	}

	private static CategoryChart chart(String title, String axis) {
		CategoryChart chart = new CategoryChartBuilder().width(820).height(440).title(title).xAxisTitle(axis).build();
		chart.getStyler().setYAxisDecimalPattern("#,##0").setChartBackgroundColor(Color.WHITE);
		return chart;
	}

	private static void write(CategoryChart chart, Path folder, String name) throws IOException {
		if (!chart.getSeriesCollection().isEmpty()) {
			try (OutputStream file = Files.newOutputStream(folder.resolve(name + ".svg"))) {
				ChartEncoder.saveChart(chart, file, "svg");
			}
		}
	}

}
