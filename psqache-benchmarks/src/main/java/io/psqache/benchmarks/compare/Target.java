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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Finding.Verdict;
import io.psqache.benchmarks.support.Spread;
import io.psqache.benchmarks.support.Text;

/**
 * A target: the ratio of two contenders that must hold in each of some scenarios.
 *
 * @param name its name
 * @param subject the contender that must reach it
 * @param other the contender it is compared with
 * @param figure the figure that is compared
 * @param atLeast whether the ratio must be at least the limit, or at most
 * @param limit the limit of the median ratio
 * @param scenarios the scenarios
 */
record Target(String name, ContenderKind subject, ContenderKind other, ToDoubleFunction<Measurement> figure,
		boolean atLeast, double limit, List<Scenario> scenarios) {

	boolean needs(Scenario scenario, ContenderKind kind) {
		return this.scenarios.contains(scenario) && (kind == this.subject || kind == this.other);
	}

	Finding judge(List<ScenarioResult> results) {
		List<String> measured = new ArrayList<>();
		List<Verdict> verdicts = new ArrayList<>();
		for (Scenario scenario : this.scenarios) {
			Optional<ScenarioResult> result = results.stream()
				.filter((candidate) -> candidate.scenario().equals(scenario))
				.findFirst();
			Optional<Outcome> one = result.flatMap((found) -> found.of(this.subject));
			Optional<Outcome> two = result.flatMap((found) -> found.of(this.other));
			String label = "%s %s: ".formatted(scenario.workload(), scenario.callers().label());
			if (one.isEmpty() || two.isEmpty()) {
				measured.add(label + "n/a");
				verdicts.add(Verdict.NOT_MEASURED);
			}
			else if (one.get().errors() + two.get().errors() > 0) {
				measured.add(label + "errors");
				verdicts.add(Verdict.FAILED);
			}
			else {
				Spread ratio = one.get().ratio(two.get(), this.figure);
				measured.add(label + ratio);
				verdicts.add(verdict(ratio.median()));
			}
		}
		return new Finding(this.name, Text.format("%s %.2f x", this.atLeast ? ">=" : "<=", this.limit),
				String.join("; ", measured), verdicts.stream().max(Comparator.naturalOrder()).orElseThrow());
	}

	private Verdict verdict(double ratio) {
		if (Double.isNaN(ratio)) {
			return Verdict.NOT_MEASURED; // Without /proc, the CPU time is unknown.
		}
		return Verdict.of(this.atLeast ? ratio >= this.limit : ratio <= this.limit);
	}

}
