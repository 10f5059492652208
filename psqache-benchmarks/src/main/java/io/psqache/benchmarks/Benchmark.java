package io.psqache.benchmarks;

import java.util.List;

import io.psqache.benchmarks.report.Report;
import io.psqache.benchmarks.report.Results;

/**
 * The one command: starts the servers, runs the plan, writes the report.
 */
public final class Benchmark {

	private Benchmark() {
	}

	/**
	 * Run it.
	 * @param args see {@link Options#USAGE}
	 * @throws Exception if it cannot be run; a contender that fails is reported instead
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] args) throws Exception {
		if (List.of(args).contains("--help")) {
			System.out.println(Options.USAGE);
			return;
		}
		Options options = options(args);
		Report report = new Run(options, System.out::println).run();
		System.out.println(report.targetsText());
		Results.write(report, options.output());
		System.out.println("Results are in " + options.output().toAbsolutePath());
		System.exit(0); // a contender may have left threads behind
	}

	private static Options options(String... args) {
		try {
			return Options.parse(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + "\n\n" + Options.USAGE);
			System.exit(2);
			throw ex;
		}
	}

}
