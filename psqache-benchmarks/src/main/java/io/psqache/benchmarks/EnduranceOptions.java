package io.psqache.benchmarks;

import java.nio.file.Path;
import java.util.List;

import io.psqache.benchmarks.endurance.EndurancePlan;
import io.psqache.benchmarks.endurance.Sizes;

/**
 * Reads what the user asked for on the command line of the other run, over millions of
 * entries.
 */
final class EnduranceOptions {

	static final String NAME = "--endurance";

	static final String NEAR = "--near";

	static final String USAGE = """
			Options of the run over millions of entries (most of an hour; 12 GB of disk):
			  --endurance [a,b]       any of churn, expiry, clear, scale, killed, hits, burst,
			                          watch; all by default
			  --near [a,b]            instead: any of near-hits, near-puts, near-delays, near-staleness (a quarter of an hour)
			  --quick                 small sizes: about two minutes, shows that it works and no more
			  --amount 1              part of the entries, puts and the like
			  --time 1                part of the fixed times
			  --seed 1                what all chance follows from
			  --output folder         where the results go
			""";

	private EnduranceOptions() {
	}

	static EndurancePlan parse(String... args) {
		Arguments arguments = Arguments.parse(args);
		Sizes base = arguments.isSet("--quick") ? Sizes.QUICK : Sizes.FULL;
		Sizes sizes = new Sizes(arguments.number("--amount", base.amount()), arguments.number("--time", base.time()));
		EndurancePlan plan = new EndurancePlan(arguments.textWithout("--output"), experiments(arguments), sizes,
				arguments.integer("--seed", 1), Path.of(arguments.text("--output", "target/results")));
		arguments.requireAllKnown();
		return plan;
	}

	private static List<String> experiments(Arguments arguments) {
		if (!arguments.isSet(NEAR)) {
			return arguments.list(NAME, "").toList();
		}
		List<String> chosen = arguments.list(NEAR, "").toList();
		return chosen.isEmpty() ? EndurancePlan.NEAR_NAMES : chosen;
	}

}
