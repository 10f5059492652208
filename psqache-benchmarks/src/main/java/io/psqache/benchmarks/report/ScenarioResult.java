package io.psqache.benchmarks.report;

import java.util.List;
import java.util.Optional;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.Outcome;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.Workload;

/**
 * What all contenders did in one scenario.
 *
 * @param scenario the scenario
 * @param entries how many entries each had
 * @param outcomes what each did
 */
public record ScenarioResult(Scenario scenario, int entries, List<Outcome> outcomes) {

	/**
	 * What a contender did.
	 * @param contender its name
	 * @return empty if it did not take part
	 */
	public Optional<Outcome> of(String contender) {
		return this.outcomes.stream().filter((outcome) -> outcome.contender().equals(contender)).findFirst();
	}

	/**
	 * Who the others are compared with: RedisCache, and where puts need not be waited
	 * for, RedisCache as it does not wait.
	 * @return its name
	 */
	String baseline() {
		return ((this.scenario.workload() == Workload.SUSTAINED) ? ContenderKind.REDIS_CACHE_ASYNC
				: ContenderKind.BASELINE)
			.toString();
	}

	List<Row> rows() {
		Optional<Outcome> baseline = of(baseline());
		return this.outcomes.stream().map((outcome) -> Row.of(outcome, baseline.orElse(null))).toList();
	}

	/**
	 * The table for people.
	 * @return some lines
	 */
	public String text() {
		return ConsoleTable.of(this);
	}

}
