package io.psqache.benchmarks;

import java.time.Duration;

import io.psqache.benchmarks.outage.OutagePlan;

/**
 * Reads what the user asked for on the command line of the run in which the database is
 * stopped.
 */
final class OutageOptions {

	static final String NAME = "--outage";

	static final String USAGE = """
			Options of the run in which the database is stopped (about a minute):
			  --outage [30]           for how many seconds
			  --rate 5000             requests a second
			""";

	private OutageOptions() {
	}

	static OutagePlan parse(String... args) {
		Arguments arguments = Arguments.parse(args);
		String seconds = arguments.text(NAME, "");
		arguments.text("--output", ""); // which the build gives: the table is printed
		OutagePlan plan = new OutagePlan(Duration.ofSeconds(seconds.isEmpty() ? 30 : Integer.parseInt(seconds)),
				arguments.integer("--rate", 5_000));
		arguments.requireAllKnown();
		return plan;
	}

}
