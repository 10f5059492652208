package io.psqache.benchmarks.endurance;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is asked for.
 *
 * @param command the options as they were given, but for where the results go
 * @param experiments names of the experiments; empty for all
 * @param sizes how much there is of everything
 * @param seed what all chance follows from
 * @param output where the results go
 */
public record EndurancePlan(String command, List<String> experiments, Sizes sizes, long seed, Path output) {

	private static final List<Experiment> ALL = List.of(new Churn(), new Expiry(), new Clear(), new TableScale(),
			new Killed(), new Hits(), new Burst(), new Watch());

	private static final List<Experiment> NEAR = List.of(new NearHits(), new NearPuts(), new NearDelays(),
			new NearStaleness());

	/**
	 * Names of all experiments with millions of entries.
	 */
	public static final List<String> NAMES = ALL.stream().map(Experiment::name).toList();

	/**
	 * Names of all experiments with the near cache.
	 */
	public static final List<String> NEAR_NAMES = NEAR.stream().map(Experiment::name).toList();

	public EndurancePlan {
		experiments.stream()
			.filter((name) -> !NAMES.contains(name) && !NEAR_NAMES.contains(name))
			.findFirst()
			.ifPresent((name) -> {
				throw new IllegalArgumentException(
						"There is no experiment '%s'; there are %s.".formatted(name, String.join(", ", NAMES)));
			});
	}

	List<Experiment> chosen() {
		return Stream.concat(ALL.stream(), this.experiments.isEmpty() ? Stream.empty() : NEAR.stream())
			.filter((experiment) -> this.experiments.isEmpty() || this.experiments.contains(experiment.name()))
			.toList();
	}

}
