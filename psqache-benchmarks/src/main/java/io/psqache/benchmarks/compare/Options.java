package io.psqache.benchmarks.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Arguments;

/**
 * The options of a comparison.
 *
 * @param command the options as given
 * @param scenarios the scenarios
 * @param contenders the chosen contenders, empty for the usual ones
 * @param targets whether the targets are judged
 * @param quick whether the run only shows that it works
 * @param virtualJdk home of a JDK with virtual threads, empty if not given
 * @param pace lengths of the parts
 * @param entries number of entries; fewer of large values
 * @param seed seed of all chance
 * @param output folder of the results
 */
record Options(String command, List<Scenario> scenarios, List<ContenderKind> contenders, boolean targets, boolean quick,
		String virtualJdk, Pace pace, int entries, long seed, Path output) {

	static Options parse(String... words) {
		Arguments arguments = new Arguments(words);
		boolean quick = arguments.has("--quick");
		boolean targets = arguments.has("--targets");
		List<Scenario> scenarios = scenarios(arguments, quick, targets);
		Pace pace = new Pace(arguments.integer("--rounds", quick ? 3 : 5),
				arguments.number("--seconds", quick ? 0.2 : targets ? 2 : 1.5),
				WarmUp.Limits.parse(arguments.text("--first-warm-up", quick ? "0.5..1.5" : "3..30")),
				WarmUp.Limits.parse(arguments.text("--warm-up", quick ? "0.1" : "1..3")));
		Options options = new Options(arguments.command(), scenarios,
				arguments.constants("--contenders", ContenderKind.values()), targets, quick,
				arguments.text("--virtual-jdk", ""), pace, arguments.integer("--entries", quick ? 2_000 : 100_000),
				arguments.integer("--seed", 1), Path.of(arguments.text("--output", "target/results")));
		arguments.requireAllKnown();
		return options;
	}

	private static List<Scenario> scenarios(Arguments arguments, boolean quick, boolean targets) {
		boolean full = arguments.has("--full");
		boolean chosen = Stream.of("--scenarios", "--sizes", "--threads", "--keys")
			.map(arguments::has)
			.reduce(false, Boolean::logicalOr);
		if (chosen) {
			return Scenario.all(arguments.text("--scenarios", "get,put"), arguments.text("--sizes", "1k"),
					arguments.text("--threads", "1,8,32,128"), arguments.text("--keys", "uniform"));
		}
		if (targets) {
			return Targets.scenarios();
		}
		if (quick) {
			return Stream
				.of(Scenario.all("get,put", "1k", "1,8,32,128", "uniform"), Scenario.all("get", "16k", "32", "uniform"))
				.flatMap(List::stream)
				.toList();
		}
		if (full) {
			return Scenario.all("get,get90,put,mixed", "100,1k,16k", "1,8,32,128,v1000", "uniform,zipf");
		}
		return Stream.of(Scenario.all("get,put", "1k", "1,8,32,128,v1000", "uniform"),
				Scenario.all("get90,mixed", "1k", "32", "uniform"), Scenario.all("get,put,mixed", "1k", "32", "zipf"),
				Scenario.all("get,put", "100", "32", "uniform"), Scenario.all("get,put", "16k", "8,32", "uniform"))
			.flatMap(List::stream)
			.toList();
	}

	/**
	 * The scenarios whose threads this JVM has.
	 */
	List<Scenario> supportedScenarios() {
		return this.scenarios.stream().filter((scenario) -> scenario.callers().areSupported()).toList();
	}

	List<ContenderKind> contenders(Scenario scenario) {
		if (!this.contenders.isEmpty()) {
			return this.contenders;
		}
		return this.targets ? Targets.contenders(scenario) : List.of(ContenderKind.values());
	}

	/**
	 * The lengths of the parts of a run.
	 *
	 * @param rounds number of rounds
	 * @param seconds length of a round
	 * @param firstWarmUp of a contender before its first scenario of a workload
	 * @param warmUp of a contender before its other scenarios
	 */
	record Pace(int rounds, double seconds, WarmUp.Limits firstWarmUp, WarmUp.Limits warmUp) {
	}

}
