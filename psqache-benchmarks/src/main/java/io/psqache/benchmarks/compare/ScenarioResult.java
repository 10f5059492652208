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

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Text;

/**
 * The results of all contenders in one scenario.
 *
 * @param scenario the scenario
 * @param entries the number of entries of each contender
 * @param outcomes the result of each contender
 */
record ScenarioResult(Scenario scenario, int entries, List<Outcome> outcomes) {

	private static final List<String> COLUMNS = List.of("", "calls/s", "p50 us", "p99 us", "p99.9 us", "CPU JVM us",
			"CPU server us", "x redis-cache", "CPU x floor");

	Optional<Outcome> of(ContenderKind kind) {
		return this.outcomes.stream().filter((outcome) -> outcome.contender().equals(kind.toString())).findFirst();
	}

	@Override
	public String toString() {
		return Text.format("#### %s, %,d entries\n\n", this.scenario, this.entries)
				+ Text.table(COLUMNS, this.outcomes.stream().map(this::cells).toList());
	}

	private List<String> cells(Outcome outcome) {
		if (outcome.errors() > 0) {
			return List.of(outcome.contender(), Text.format("**FAILED**: %,d errors, first: %s", outcome.errors(),
					String.valueOf(outcome.firstError())));
		}
		boolean binary = outcome.contender().endsWith("binary");
		return List.of(outcome.contender(), Text.format("%,.0f", outcome.median(Measurement::rate)),
				Text.format("%,.1f", outcome.median(Measurement::p50)),
				Text.format("%,.1f", outcome.median(Measurement::p99)),
				Text.format("%,.1f", outcome.median(Measurement::p999)),
				Text.format("%.1f", outcome.median(Measurement::jvmCpu)),
				Text.format("%.1f", outcome.median(Measurement::serverCpu)),
				ratio(outcome, ContenderKind.REDIS_CACHE, Measurement::rate),
				ratio(outcome, binary ? ContenderKind.FLOOR_BINARY : ContenderKind.FLOOR, Measurement::cpu));
	}

	private String ratio(Outcome outcome, ContenderKind kind, ToDoubleFunction<Measurement> figure) {
		return of(kind).map((other) -> outcome.ratio(other, figure).toString()).orElse("");
	}

}
