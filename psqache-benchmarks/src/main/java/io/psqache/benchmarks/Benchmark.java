package io.psqache.benchmarks;

import java.util.List;
import java.util.function.Function;

import io.psqache.benchmarks.consistency.Consistency;
import io.psqache.benchmarks.consistency.ConsistencyPlan;
import io.psqache.benchmarks.consistency.ConsistencyReport;
import io.psqache.benchmarks.endurance.Endurance;
import io.psqache.benchmarks.endurance.EndurancePlan;
import io.psqache.benchmarks.endurance.EnduranceReport;
import io.psqache.benchmarks.outage.Outage;
import io.psqache.benchmarks.outage.OutagePlan;
import io.psqache.benchmarks.report.Report;
import io.psqache.benchmarks.report.Results;
import io.psqache.benchmarks.stampede.Stampede;

/**
 * The one command: starts the servers, runs the plan, writes the report.
 */
public final class Benchmark {

	private static final String USAGE = Options.USAGE + "\n" + EnduranceOptions.USAGE + "\n" + ConsistencyOptions.USAGE
			+ "\n" + OutageOptions.USAGE
			+ "\nAlone:\n  --stampede              many callers of one key, cold and hot (three minutes)\n";

	private static final String STAMPEDE = "--stampede";

	private Benchmark() {
	}

	/**
	 * Run it.
	 * @param args see {@link Options#USAGE}, {@link EnduranceOptions#USAGE},
	 * {@link ConsistencyOptions#USAGE} and {@link OutageOptions#USAGE}
	 * @throws Exception if it cannot be run; a contender or an experiment that fails is
	 * reported instead
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] args) throws Exception {
		List<String> words = List.of(args);
		if (words.contains("--help")) {
			System.out.println(USAGE);
			return;
		}
		if (words.contains(STAMPEDE)) {
			new Stampede(System.out::println).run();
		}
		else if (words.contains(EnduranceOptions.NAME) || words.contains(EnduranceOptions.NEAR)) {
			endure(parse(EnduranceOptions::parse, args));
		}
		else if (words.contains(OutageOptions.NAME)) {
			stop(parse(OutageOptions::parse, args));
		}
		else if (words.contains(ConsistencyOptions.NAME)) {
			countStaleReads(parse(ConsistencyOptions::parse, args));
		}
		else {
			compare(parse(Options::parse, args));
		}
		System.exit(0); // a contender may have left threads behind
	}

	@SuppressWarnings("SystemOut")
	private static void compare(Options options) throws Exception {
		Report report = new Run(options, System.out::println).run();
		System.out.println(report.targetsText());
		Results.write(report, options.output());
		System.out.println("Results are in " + options.output().toAbsolutePath());
	}

	@SuppressWarnings("SystemOut")
	private static void endure(EndurancePlan plan) throws Exception {
		EnduranceReport report = new Endurance(plan, System.out::println).run();
		System.out.println(report.text());
		System.out.println("Results are in " + plan.output().toAbsolutePath());
	}

	@SuppressWarnings("SystemOut")
	private static void stop(OutagePlan plan) throws Exception {
		System.out.println(new Outage(plan).run().table());
	}

	@SuppressWarnings("SystemOut")
	private static void countStaleReads(ConsistencyPlan plan) throws Exception {
		ConsistencyReport report = new Consistency(plan, System.out::println).run();
		System.out.println(report.text());
		System.out.println("Results are in " + plan.output().toAbsolutePath());
	}

	private static <T> T parse(Function<String[], T> parser, String... args) {
		try {
			return parser.apply(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + "\n\n" + USAGE);
			System.exit(2);
			throw ex;
		}
	}

}
