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
import java.util.List;

import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Finding.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetTests {

	private static final Target FASTER = new Target("twice as fast", ContenderKind.PSQACHE, ContenderKind.FLOOR,
			Measurement::rate, true, 2, Scenario.all("get", "1k", "8,32"));

	@Test
	void passesIfTheMedianOfTheRatiosWithinRoundsReachesTheLimit() {
		Finding finding = FASTER.judge(List.of(result("8", 0, List.of(100, 200, 900), List.of(10, 100, 600)),
				result("32", 0, List.of(200, 200, 200), List.of(100, 100, 100))));
		assertThat(finding.verdict()).isEqualTo(Verdict.PASSED);
		assertThat(finding.bound()).isEqualTo(">= 2.00 x");
		assertThat(finding.measured()).isEqualTo("get 8: 2.00 (1.50..10.00); get 32: 2.00 (2.00..2.00)");
	}

	@Test
	void isMissedIfOneScenarioMissesIt() {
		Finding finding = FASTER
			.judge(List.of(result("8", 0, List.of(500), List.of(100)), result("32", 0, List.of(199), List.of(100))));
		assertThat(finding.verdict()).isEqualTo(Verdict.MISSED);
	}

	@Test
	void upperLimitIsMissedAboveIt() {
		Target cheaper = new Target("CPU", ContenderKind.PSQACHE, ContenderKind.FLOOR, Measurement::cpu, false, 1.1,
				Scenario.all("get", "1k", "8"));
		Measurement cheap = new Measurement(1, 1, 1, 1, 1, 6, 4, 0, null);
		Measurement dear = new Measurement(1, 1, 1, 1, 1, 7, 5, 0, null);
		assertThat(cheaper.judge(List.of(result("8", cheap, cheap))).verdict()).isEqualTo(Verdict.PASSED);
		assertThat(cheaper.judge(List.of(result("8", dear, cheap))).verdict()).isEqualTo(Verdict.MISSED);
	}

	@Test
	void isNotMeasuredWithoutAScenarioOrTheCpuTimeOfTheServer() {
		assertThat(FASTER.judge(List.of(result("8", 0, List.of(500), List.of(100)))).verdict())
			.isEqualTo(Verdict.NOT_MEASURED);
		assertThat(FASTER.judge(List.of()).verdict()).isEqualTo(Verdict.NOT_MEASURED);
	}

	@Test
	void failsIfThereWereErrors() {
		Finding finding = FASTER
			.judge(List.of(result("8", 1, List.of(500), List.of(100)), result("32", 0, List.of(500), List.of(100))));
		assertThat(finding.verdict()).isEqualTo(Verdict.FAILED);
	}

	@Test
	void everyTargetIsMeasuredByTheContendersThatTheRunChooses() {
		List<ScenarioResult> results = Targets.scenarios()
			.stream()
			.map((scenario) -> new ScenarioResult(scenario, 1,
					Targets.contenders(scenario).stream().map((kind) -> outcome(kind, 0, List.of(100))).toList()))
			.toList();
		List<ScenarioResult> pinned = List.of(result("1", 0, List.of(100), List.of(100)));
		List<Finding> findings = Targets.judge(results,
				List.of(new ScenarioResult(pinned.get(0).scenario(), 1,
						List.of(outcome(ContenderKind.PSQACHE, 0, List.of(100)),
								outcome(ContenderKind.REDIS_CACHE, 0, List.of(100))))));
		assertThat(findings).hasSize(14)
			.allSatisfy((finding) -> assertThat(finding.verdict()).isNotEqualTo(Verdict.NOT_MEASURED));
		assertThat(Targets.judge(results, List.of()).get(13).verdict()).isEqualTo(Verdict.NOT_MEASURED);
		assertThat(Targets.contenders(Scenario.all("get", "16k", "1").get(0)))
			.containsExactly(ContenderKind.PSQACHE_BINARY, ContenderKind.REDIS_CACHE);
	}

	private static ScenarioResult result(String threads, long errors, List<Integer> ours, List<Integer> theirs) {
		return new ScenarioResult(Scenario.all("get", "1k", threads).get(0), 1,
				List.of(outcome(ContenderKind.PSQACHE, errors, ours), outcome(ContenderKind.FLOOR, 0, theirs)));
	}

	private static ScenarioResult result(String threads, Measurement ours, Measurement theirs) {
		return new ScenarioResult(Scenario.all("get", "1k", threads).get(0), 1,
				List.of(new Outcome(ContenderKind.PSQACHE.toString(), List.of(ours)),
						new Outcome(ContenderKind.FLOOR.toString(), List.of(theirs))));
	}

	private static Outcome outcome(ContenderKind kind, long errors, List<Integer> rates) {
		List<Measurement> rounds = new ArrayList<>();
		rates.forEach(
				(rate) -> rounds.add(new Measurement(rate, 1, 1, 1, 1, 1, 1, errors, (errors > 0) ? "broken" : null)));
		return new Outcome(kind.toString(), rounds);
	}

}
