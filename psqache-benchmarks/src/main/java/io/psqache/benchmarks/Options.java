package io.psqache.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.measure.Pace;
import io.psqache.benchmarks.measure.WarmUpLimit;
import io.psqache.benchmarks.report.Targets;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.benchmarks.workload.Plan;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;

/**
 * What the user asked for on the command line.
 *
 * @param command the options as they were given, but for where the results go
 * @param plan the scenarios
 * @param contenders who was chosen; empty for the usual ones
 * @param targetsOnly whether the usual ones are only those that the targets compare
 * @param pace how long things take
 * @param entries number of entries, of large values fewer
 * @param seed what all chance follows from
 * @param output where the results go
 */
record Options(String command, Plan plan, List<ContenderKind> contenders, boolean targetsOnly, Pace pace, int entries,
		long seed, Path output) {

	static final String USAGE = """
			Options:
			  --quick                 what the targets need, briefly: about two minutes, figures are rough
			  --targets               what the targets need and no more: about a quarter of an hour
			  --full                  every combination, which takes hours
			  --scenarios get,put     any of get, get90, put, mixed, sustained
			  --sizes 1k              value sizes, such as 100, 1k, 16k
			  --threads 1,8,32,128    numbers of callers; v1000 means virtual threads
			  --keys uniform          any of uniform, zipf
			  --contenders a,b        who takes part; the usual ones by default
			  --rounds 5              rounds that count
			  --seconds 1.5           length of a round
			  --first-warm-up 3..30   seconds before a contender's first get and first put, until the JIT is quiet
			  --warm-up 1..3          seconds before each scenario, until the JIT is quiet
			  --puts 200000           puts of a round of the scenario "sustained"
			  --entries 100000        entries; of large values only as many as make 256 MB
			  --seed 1                what all chance follows from
			  --output folder         where the results go
			Any of --scenarios, --sizes, --threads and --keys replaces the plan by all combinations of what was
			given and, for those not given, the values shown here.
			""";

	static Options parse(String... args) {
		Arguments arguments = Arguments.parse(args);
		boolean quick = arguments.isSet("--quick");
		boolean targets = arguments.isSet("--targets");
		Options options = new Options(arguments.textWithout("--output"), plan(arguments, quick, targets),
				arguments.list("--contenders", "").map(ContenderKind::parse).toList(), targets,
				pace(arguments, quick, targets), arguments.integer("--entries", quick ? 2_000 : 100_000),
				arguments.integer("--seed", 1), Path.of(arguments.text("--output", "target/results")));
		arguments.requireAllKnown();
		return options;
	}

	private static Plan plan(Arguments arguments, boolean quick, boolean targets) {
		boolean full = arguments.isSet("--full");
		boolean chosen = List.of("--scenarios", "--sizes", "--threads", "--keys").stream().anyMatch(arguments::has);
		if (chosen) {
			return Plan.cross(arguments.list("--scenarios", "get,put").map(Workload::parse).toList(),
					arguments.list("--sizes", "1k").map(ValueSize::parse).toList(),
					arguments.list("--threads", "1,8,32,128").map(Callers::parse).toList(),
					arguments.list("--keys", "uniform").map(KeyDistribution::parse).toList());
		}
		if (quick) {
			return Plan.quick();
		}
		if (targets) {
			return Plan.targets();
		}
		return full ? Plan.full() : Plan.standard();
	}

	private static Pace pace(Arguments arguments, boolean quick, boolean targets) {
		double seconds = targets ? 3 : 1.5;
		return new Pace(arguments.integer("--rounds", quick ? 3 : 5),
				seconds(arguments, "--seconds", quick ? 0.2 : seconds),
				WarmUpLimit.parse(arguments.text("--first-warm-up", quick ? "0.5..1.5" : "3..30")),
				WarmUpLimit.parse(arguments.text("--warm-up", quick ? "0.1" : "1..3")),
				arguments.integer("--puts", quick ? 10_000 : 200_000));
	}

	private static Duration seconds(Arguments arguments, String name, double byDefault) {
		return Duration.ofMillis((long) (1000 * arguments.number(name, byDefault)));
	}

	/**
	 * Who takes part in a scenario.
	 * @param scenario the scenario
	 * @return those who were chosen and can, or else the usual ones
	 */
	List<ContenderKind> contenders(Scenario scenario) {
		return List.of(ContenderKind.values()).stream().filter((kind) -> takesPart(kind, scenario)).toList();
	}

	private boolean takesPart(ContenderKind kind, Scenario scenario) {
		if (!this.contenders.isEmpty()) {
			return this.contenders.contains(kind) && kind.canTakePartIn(scenario);
		}
		return this.targetsOnly ? Targets.need(kind, scenario) : kind.isUsualIn(scenario);
	}

}
