/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.benchmarks.compare;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.ContenderKind;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.ChartEncoder;

/**
 * Draws two charts for each workload and value size: the calls per second by number of
 * callers, and the CPU time per call.
 */
final class Charts {

	private static final int CPU_CALLERS = 32;

	private Charts() {
	}

	static void write(Report report, Path folder) throws IOException {
		String machine = "%s, %d cores for clients and servers together, %s".formatted(report.machine().cpu(),
				report.machine().cores(), report.machine().date());
		Map<Object, List<ScenarioResult>> groups = report.results()
			.stream()
			.collect(Collectors.groupingBy(
					(result) -> List.of(result.scenario().workload(), result.scenario().valueBytes()),
					LinkedHashMap::new, Collectors.toList()));
		for (List<ScenarioResult> group : groups.values()) {
			Scenario first = group.get(0).scenario();
			String file = "%s-%d-uniform-".formatted(first.workload(), first.valueBytes());
			write(calls(group, machine), folder.resolve(file + "calls.svg"));
			ScenarioResult typical = group.stream()
				.min(Comparator.comparing((result) -> Math.abs(result.scenario().callers().count() - CPU_CALLERS)))
				.orElseThrow();
			write(cpu(typical, machine), folder.resolve(file + "cpu.svg"));
		}
	}

	static CategoryChart calls(List<ScenarioResult> group, String machine) {
		Scenario first = group.get(0).scenario();
		CategoryChart chart = chart("Calls a second: %s, %s".formatted(first.workload(), first.size()),
				"threads (v: virtual). " + machine);
		chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
		List<String> callers = group.stream().map((result) -> result.scenario().callers().label()).toList();
		for (ContenderKind kind : ContenderKind.values()) {
			List<Double> rates = group.stream()
				.map((result) -> result.of(kind)
					.filter((outcome) -> outcome.errors() == 0)
					.map((outcome) -> outcome.median(Measurement::rate))
					.orElse(Double.NaN))
				.toList();
			if (rates.stream().anyMatch(Double::isFinite)) {
				chart.addSeries(kind.toString(), callers, rates);
			}
		}
		return chart;
	}

	static CategoryChart cpu(ScenarioResult result, String machine) {
		CategoryChart chart = chart("CPU a call, us: " + result.scenario(), machine);
		chart.getStyler().setStacked(true);
		List<Outcome> outcomes = result.outcomes().stream().filter((outcome) -> outcome.errors() == 0).toList();
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

	private static void write(CategoryChart chart, Path file) throws IOException {
		if (!chart.getSeriesCollection().isEmpty()) {
			try (OutputStream output = Files.newOutputStream(file)) {
				ChartEncoder.saveChart(chart, output, "svg");
			}
		}
	}

}
