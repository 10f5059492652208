package io.psqache.benchmarks.report;

import java.time.Duration;
import java.util.List;

import io.psqache.benchmarks.measure.FirstWarmUp;
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

class MarkdownTests {

	@Test
	void holdsTheMachineTheCommandTheTargetsTheFiguresAndTheWarmUps() {
		assertThat(Markdown.of(report(List.of(outcome("psqache", 20_000), outcome("redis-cache", 10_000))))).contains(
				"| Processor | abacus |", "| Cores, for clients and servers together | 2 |", "| Kernel | os |",
				"postgres<br>redis", "-Dbenchmark.args=\"--rounds 1\"",
				"| get, 1 KB, 8 threads, calls/s against RedisCache | >= 1.1 x | get 8: 2.00 (2.00..2.00) | **reached** |",
				"#### get, 1 KB, 8 threads, uniform keys, 1,000 entries",
				"| psqache | 20,000 | 10.0 | 20.0 | 30.0 | 4.0 | 5.0 | 2.00 (2.00..2.00) |",
				"| psqache | get | 12.5 | 4 % |");
	}

	@Test
	void aRowWithErrorsShowsNoFigures() {
		Outcome failed = new Outcome("psqache", List.of(new Measurement(7777, 1, 10, 20, 30, 4, 5.0, 0, 3, "a | b")),
				new WarmUp(1, 0), null);
		assertThat(Markdown.of(report(List.of(failed)))).contains("| psqache | **failed**: 3 errors |")
			.doesNotContain("7,777");
	}

	private static Report report(List<Outcome> outcomes) {
		Scenario scenario = new Scenario(Workload.GET, ValueSize.parse("1k"), new Callers(8, false),
				KeyDistribution.UNIFORM);
		return new Report(
				new Machine("2026-01-01", "abacus", 2, 8, "os", "jdk", List.of("postgres", "redis"), List.of()),
				"--rounds 1", new Pace(1, Duration.ofSeconds(1), WarmUpLimit.parse("3..30"), WarmUpLimit.parse("1"), 1),
				1, 100, List.of(new FirstWarmUp("psqache", "get", new WarmUp(12.5, 0.04))),
				List.of(new ScenarioResult(scenario, 1000, outcomes)));
	}

	private static Outcome outcome(String contender, long calls) {
		return new Outcome(contender, List.of(new Measurement(calls, 1, 10, 20, 30, 4, 5.0, 0, 0, null)),
				new WarmUp(1, 0), null);
	}

}
