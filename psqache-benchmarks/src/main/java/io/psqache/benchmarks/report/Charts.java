package io.psqache.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.Measurement;
import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.workload.Scenario;

/**
 * Chooses what is drawn: for each workload, value size and key distribution the calls a
 * second and the 99th percentile by callers, and the processor time a call. What is in
 * process is left out, since all others would lie on the axis beside it.
 */
final class Charts {

	/**
	 * The number of callers at which processor time is compared, if there is a choice.
	 */
	private static final int CPU_AT = 32;

	private final Map<String, String> charts = new LinkedHashMap<>();

	private final String footnote;

	private Charts(Machine machine) {
		this.footnote = machine.cpu() + ", " + machine.cores() + " cores for clients and servers together, "
				+ machine.date();
	}

	/**
	 * Draw them.
	 * @param report what came out
	 * @return the charts by file name
	 */
	static Map<String, String> of(Report report) {
		Charts charts = new Charts(report.machine());
		report.results()
			.stream()
			.collect(Collectors.groupingBy((result) -> group(result.scenario()), LinkedHashMap::new,
					Collectors.toList()))
			.values()
			.forEach(charts::draw);
		return charts.charts;
	}

	/**
	 * Scenarios that differ in nothing but the callers.
	 */
	private static List<Object> group(Scenario scenario) {
		return List.of(scenario.workload(), scenario.size(), scenario.keys());
	}

	private void draw(List<ScenarioResult> group) {
		Scenario first = group.get(0).scenario();
		String file = "%s-%d-%s-".formatted(first.workload().name().toLowerCase(Locale.ROOT), first.size().bytes(),
				first.keys());
		String what = "%s, %s, %s keys".formatted(first.workload(), first.size(), first.keys());
		if (group.size() > 1) {
			List<String> callers = group.stream().map((result) -> result.scenario().callers().label()).toList();
			this.charts.put(file + "calls.svg", new LineChart("Calls a second: " + what, "threads (v: virtual)",
					this.footnote, callers, new LinearScale(), series(group, Measurement::callsPerSecond))
				.draw());
			this.charts.put(file + "p99.svg",
					new LineChart("99th percentile in microseconds: " + what, "threads (v: virtual)", this.footnote,
							callers, new LogScale(), series(group, Measurement::p99))
						.draw());
		}
		ScenarioResult typical = typical(group);
		this.charts.put(file + "cpu.svg",
				new StackedBars("CPU microseconds a call: " + what + ", " + typical.scenario().callers(), this.footnote,
						List.of("JVM", "server"), bars(typical))
					.draw());
	}

	private static ScenarioResult typical(List<ScenarioResult> group) {
		return group.stream()
			.min(Comparator.comparing((result) -> Math.abs(result.scenario().callers().count() - CPU_AT)))
			.orElseThrow();
	}

	private static List<LineChart.Series> series(List<ScenarioResult> group, ToDoubleFunction<Measurement> figure) {
		List<LineChart.Series> series = new ArrayList<>();
		for (ContenderKind kind : ContenderKind.values()) {
			List<Double> points = group.stream()
				.map((result) -> result.of(kind.toString())
					.filter((outcome) -> outcome.errors() == 0)
					.map((outcome) -> outcome.median(figure))
					.orElse(Double.NaN))
				.toList();
			if (kind != ContenderKind.CAFFEINE && points.stream().anyMatch(Double::isFinite)) {
				series.add(new LineChart.Series(kind.toString(), Palette.of(kind), points));
			}
		}
		return series;
	}

	private static List<StackedBars.Bar> bars(ScenarioResult result) {
		return result.outcomes()
			.stream()
			.filter((outcome) -> outcome.errors() == 0
					&& !outcome.contender().equals(ContenderKind.CAFFEINE.toString()))
			.map(Charts::bar)
			.toList();
	}

	private static StackedBars.Bar bar(Outcome outcome) {
		double jvm = outcome.median(Measurement::jvmCpu);
		double server = outcome.median(Measurement::serverCpuOrNaN);
		return new StackedBars.Bar(outcome.contender(), Palette.of(ContenderKind.parse(outcome.contender())),
				List.of(jvm, Double.isNaN(server) ? 0 : server));
	}

}
