package io.psqache.benchmarks.report;

import java.time.Duration;
import java.util.List;

import io.psqache.benchmarks.measure.Measurement;
import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.measure.Pace;
import io.psqache.benchmarks.measure.WarmUp;
import io.psqache.benchmarks.measure.WarmUpLimit;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChartsTests {

	private static final Machine MACHINE = new Machine("2026-01-01", "abacus", 2, 8, "os", "jdk", List.of(), List.of());

	private static final WarmUpLimit LIMIT = WarmUpLimit.parse("1");

	@Test
	void severalNumbersOfCallersMakeLinesAndOneMakesBars() {
		Report report = new Report(MACHINE, "", new Pace(1, Duration.ZERO, LIMIT, LIMIT, 1), 1, 1, List.of(),
				List.of(result(Workload.GET, 1), result(Workload.GET, 32), result(Workload.PUT, 8)));
		assertThat(Charts.of(report)).containsOnlyKeys("get-1024-uniform-calls.svg", "get-1024-uniform-p99.svg",
				"get-1024-uniform-cpu.svg", "put-1024-uniform-cpu.svg");
		assertThat(Charts.of(report).get("get-1024-uniform-calls.svg")).contains("psqache", "redis-cache", "abacus")
			.doesNotContain("caffeine");
		assertThat(Charts.of(report).get("get-1024-uniform-cpu.svg")).contains("32 threads");
	}

	private static ScenarioResult result(Workload workload, int threads) {
		Scenario scenario = new Scenario(workload, ValueSize.parse("1k"), new Callers(threads, false),
				KeyDistribution.UNIFORM);
		return new ScenarioResult(scenario, 1,
				List.of(outcome("psqache"), outcome("redis-cache"), outcome("caffeine")));
	}

	private static Outcome outcome(String contender) {
		return new Outcome(contender, List.of(new Measurement(1000, 1, 10, 20, 30, 4, 5.0, 0, 0, null)),
				new WarmUp(1, 0), null);
	}

}
