package io.psqache.benchmarks;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.Pace;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;

/**
 * Foretells how long a run takes, so that nobody has to start one to find out. What it
 * assumes fits two cores, and is corrected while the run goes on. Not thread-safe.
 */
final class Schedule {

	/**
	 * Starting the threads and collecting the heap.
	 */
	private static final double SECONDS_AROUND_A_ROUND = 0.25;

	/**
	 * When the compiler was quiet on average.
	 */
	private static final double FIRST_WARM_UP_SECONDS = 12;

	private static final double PUTS_A_SECOND = 25_000;

	private static final double BYTES_LOADED_A_SECOND = 30e6;

	private final Options options;

	private final Map<Scenario, Double> secondsOfScenarios = new LinkedHashMap<>();

	private double done;

	Schedule(Options options) {
		this.options = options;
		Set<Object> warm = new HashSet<>();
		Set<Object> loaded = new HashSet<>();
		for (ValueSize size : options.plan().sizes()) {
			for (Scenario scenario : options.plan().possible(size)) {
				this.secondsOfScenarios.put(scenario, seconds(scenario, warm, loaded));
			}
		}
	}

	private double seconds(Scenario scenario, Set<Object> warm, Set<Object> loaded) {
		double seconds = 0;
		for (ContenderKind kind : this.options.contenders(scenario)) {
			seconds += ofRounds(scenario);
			if (loaded.add(List.of(kind, scenario.size()))) {
				int bytes = scenario.size().bytes();
				seconds += scenario.size().entries(this.options.entries()) * (double) (bytes + 1000)
						/ BYTES_LOADED_A_SECOND;
			}
			for (Workload operation : kind.operations(scenario.workload())) {
				seconds += warm.add(List.of(kind, operation)) ? ofFirstWarmUp() : 0;
			}
		}
		return seconds;
	}

	private double ofRounds(Scenario scenario) {
		Pace pace = this.options.pace();
		boolean isSustained = scenario.workload() == Workload.SUSTAINED;
		double round = isSustained ? pace.sustainedPuts() / PUTS_A_SECOND : pace.round().toMillis() / 1000.0;
		double warmUp = pace.warmUp().least().toMillis() / 1000.0 + (isSustained ? round : 0);
		return warmUp + pace.rounds() * (round + SECONDS_AROUND_A_ROUND);
	}

	private double ofFirstWarmUp() {
		double least = this.options.pace().firstWarmUp().least().toMillis() / 1000.0;
		double most = this.options.pace().firstWarmUp().most().toMillis() / 1000.0;
		return Math.min(most, Math.max(least, FIRST_WARM_UP_SECONDS));
	}

	/**
	 * How long all of it takes.
	 * @return seconds
	 */
	double seconds() {
		return this.secondsOfScenarios.values().stream().mapToDouble(Double::doubleValue).sum();
	}

	/**
	 * A scenario is over.
	 * @param scenario the scenario
	 */
	void done(Scenario scenario) {
		this.done += this.secondsOfScenarios.getOrDefault(scenario, 0.0);
	}

	/**
	 * How much longer it takes, if it goes on as slowly as until now.
	 * @param elapsed seconds that went by
	 * @return seconds
	 */
	double secondsLeft(double elapsed) {
		return (this.done > 0) ? (seconds() - this.done) * elapsed / this.done : seconds();
	}

}
