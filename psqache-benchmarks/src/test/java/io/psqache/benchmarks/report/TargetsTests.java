package io.psqache.benchmarks.report;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.Measurement;
import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.measure.WarmUp;
import io.psqache.benchmarks.workload.Plan;
import io.psqache.benchmarks.workload.Scenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetsTests {

	@Test
	void everyPlanMeasuresEveryTargetWithItsUsualContenders() {
		for (Plan plan : List.of(Plan.quick(), Plan.standard(), Plan.full())) {
			assertAllMeasured(plan, ContenderKind::isUsualIn);
		}
	}

	@Test
	void thePlanOfTheTargetsMeasuresThemWithThoseTheyNeedAlone() {
		assertAllMeasured(Plan.targets(), Targets::need);
		assertThat(Stream.of(ContenderKind.values())
			.filter((
					kind) -> Plan.targets().scenarios().stream().noneMatch((scenario) -> Targets.need(kind, scenario))))
			.containsExactlyInAnyOrder(ContenderKind.REDIS_CACHE_POOL, ContenderKind.JDBC, ContenderKind.LETTUCE,
					ContenderKind.CAFFEINE);
	}

	private static void assertAllMeasured(Plan plan, BiPredicate<ContenderKind, Scenario> takesPart) {
		List<ScenarioResult> results = plan.scenarios()
			.stream()
			.map((scenario) -> new ScenarioResult(scenario, 1, outcomes(scenario, takesPart)))
			.toList();
		assertThat(Targets.judge(results)).hasSize(9)
			.extracting(TargetResult::verdict)
			.doesNotContain(Verdict.NOT_MEASURED);
	}

	private static List<Outcome> outcomes(Scenario scenario, BiPredicate<ContenderKind, Scenario> takesPart) {
		return Stream.of(ContenderKind.values())
			.filter((kind) -> takesPart.test(kind, scenario))
			.map((kind) -> new Outcome(kind.toString(),
					List.of(new Measurement(1000, 1, 10, 20, 30, 4, 5.0, 0, 0, null)), new WarmUp(1, 0), null))
			.toList();
	}

}
