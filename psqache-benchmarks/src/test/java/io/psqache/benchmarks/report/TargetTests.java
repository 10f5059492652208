package io.psqache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

import io.psqache.benchmarks.measure.Measurement;
import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.measure.WarmUp;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetTests {

	private static final ValueSize KB = ValueSize.parse("1k");

	private static final Target TARGET = new Target("twice as fast", "ours", "theirs", Figure.CALLS_PER_SECOND,
			Bound.atLeast(2), List.of(Workload.GET), KB, List.of(8, 32));

	@Test
	void reachedWhereTheMedianOfThePairedRatiosReachesIt() {
		ScenarioResult eight = result(8, outcome("ours", 0, 100, 200, 900), outcome("theirs", 0, 10, 100, 600));
		ScenarioResult many = result(32, outcome("ours", 0, 200, 200, 200), outcome("theirs", 0, 100, 100, 100));
		TargetResult judged = TARGET.judge(List.of(eight, many));
		assertThat(judged.verdict()).isEqualTo(Verdict.REACHED);
		assertThat(judged.measured()).isEqualTo("get 8: 2.00 (1.50..10.00), get 32: 2.00 (2.00..2.00)");
	}

	@Test
	void missedWhereItIsMissedInOneScenario() {
		ScenarioResult eight = result(8, outcome("ours", 0, 500), outcome("theirs", 0, 100));
		ScenarioResult many = result(32, outcome("ours", 0, 199), outcome("theirs", 0, 100));
		assertThat(TARGET.judge(List.of(eight, many)).verdict()).isEqualTo(Verdict.MISSED);
	}

	@Test
	void notJudgedWhereAScenarioIsMissing() {
		ScenarioResult eight = result(8, outcome("ours", 0, 500), outcome("theirs", 0, 100));
		assertThat(TARGET.judge(List.of(eight)).verdict()).isEqualTo(Verdict.NOT_MEASURED);
		assertThat(TARGET.judge(List.of()).verdict()).isEqualTo(Verdict.NOT_MEASURED);
	}

	@Test
	void failedWhereThereWereErrors() {
		ScenarioResult eight = result(8, outcome("ours", 1, 500), outcome("theirs", 0, 100));
		ScenarioResult many = result(32, outcome("ours", 0, 500), outcome("theirs", 0, 100));
		assertThat(TARGET.judge(List.of(eight, many)).verdict()).isEqualTo(Verdict.FAILED);
	}

	private static ScenarioResult result(int threads, Outcome... outcomes) {
		return new ScenarioResult(new Scenario(Workload.GET, KB, new Callers(threads, false), KeyDistribution.UNIFORM),
				1, List.of(outcomes));
	}

	private static Outcome outcome(String contender, long errors, long... callsASecond) {
		List<Measurement> rounds = new ArrayList<>();
		for (long calls : callsASecond) {
			rounds.add(new Measurement(calls, 1, 1, 1, 1, 1, 1.0, 0, errors, (errors > 0) ? "broken" : null));
		}
		return new Outcome(contender, rounds, new WarmUp(1, 0), null);
	}

}
