package io.psqache.benchmarks;

import java.nio.file.Path;
import java.util.List;

import io.psqache.benchmarks.consistency.CacheSetup;
import io.psqache.benchmarks.consistency.ConsistencyPlan;
import io.psqache.benchmarks.consistency.Load;

/**
 * Reads what the user asked for on the command line of the run that counts stale reads.
 */
final class ConsistencyOptions {

	static final String NAME = "--consistency";

	static final String USAGE = """
			Options of the run that counts stale reads (some minutes):
			  --consistency [a,b]     any of %s; the usual ones by default
			  --loads a,b             any of %s; all by default
			  --operations 40000      how many each cache gets of each load, a multiple of 160
			  --quick                 3,200 operations: two or three minutes, shows that it works and no more
			  --seed 1                what the operations follow from
			  --output folder         where the results go
			""".formatted(names(CacheSetup.values()), names(Load.values()));

	private ConsistencyOptions() {
	}

	static ConsistencyPlan parse(String... args) {
		Arguments arguments = Arguments.parse(args);
		int operations = arguments.isSet("--quick") ? 3_200 : 40_000;
		ConsistencyPlan plan = new ConsistencyPlan(arguments.textWithout("--output"),
				arguments.list("--loads", names(Load.values())).map(Load::parse).toList(),
				arguments.list(NAME, "").map(CacheSetup::parse).toList(), arguments.integer("--operations", operations),
				arguments.integer("--seed", 1), Path.of(arguments.text("--output", "target/results")));
		arguments.requireAllKnown();
		return plan;
	}

	private static String names(Enum<?>... constants) {
		return String.join(",", List.of(constants).stream().map(Enum::toString).toList());
	}

}
