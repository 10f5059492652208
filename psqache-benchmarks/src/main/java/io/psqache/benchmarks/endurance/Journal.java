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

package io.psqache.benchmarks.endurance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Finding.Verdict;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;

/**
 * Stores and prints the results of an experiment. Not thread-safe.
 */
final class Journal {

	private final String name;

	private final Consumer<String> progress;

	private final List<Finding> findings = new ArrayList<>();

	private final Map<String, String> figures = new LinkedHashMap<>();

	private final long begun = System.nanoTime();

	private String title = "";

	Journal(String name, Consumer<String> progress) {
		this.name = name;
		this.progress = progress;
	}

	/**
	 * Describe the experiment.
	 */
	void begin(String format, Object... arguments) {
		this.title = Text.format(format, arguments);
		this.progress.accept("\n%s: %s".formatted(this.name, this.title));
	}

	/**
	 * Print progress, which is not stored.
	 */
	void say(String format, Object... arguments) {
		this.progress
			.accept(Text.format("  %4.0f s  ", Time.secondsSince(this.begun)) + Text.format(format, arguments));
	}

	void figure(String figure, double value, String unit) {
		figure(figure, (Text.number(value) + " " + unit).strip());
	}

	void count(String figure, long value) {
		figure(figure, Text.format("%,d", value));
	}

	void figure(String figure, String value) {
		this.figures.put(figure, value);
		say("%s: %s", figure, value);
	}

	/**
	 * Judge the median of some ratios.
	 */
	void judge(String target, boolean atLeast, double limit, List<Double> ratios) {
		Spread ratio = Spread.of(ratios);
		judge(target, Text.format("%s %.1f x", atLeast ? ">=" : "<=", limit), ratio.toString(),
				atLeast ? ratio.median() >= limit : ratio.median() <= limit);
	}

	void judge(String target, String bound, String measured, boolean passed) {
		add(new Finding(target, bound, measured, Verdict.of(passed)));
	}

	void failed(Throwable failure) {
		add(new Finding(this.name, "completes", failure.toString(), Verdict.FAILED));
	}

	private void add(Finding finding) {
		this.findings.add(finding);
		say("%s", finding);
	}

	List<Finding> findings() {
		return List.copyOf(this.findings);
	}

	String markdown() {
		return "#### %s\n\n%s.\n\n%s".formatted(this.name, this.title,
				Text.table(List.of("", ""),
						this.figures.entrySet()
							.stream()
							.map((figure) -> List.of(figure.getKey(), figure.getValue()))
							.toList()));
	}

}
