package io.psqache.benchmarks;

import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.compare.TargetRun;
import io.psqache.benchmarks.consistency.Consistency;
import io.psqache.benchmarks.endurance.Endurance;
import io.psqache.benchmarks.resilience.Outage;
import io.psqache.benchmarks.resilience.Stampede;

/**
 * The one command: starts its servers, runs what was asked for, writes the results.
 */
public final class Benchmark {

	private static final String USAGE = String.join("\n", TargetRun.USAGE, Endurance.USAGE, Consistency.USAGE,
			Stampede.USAGE, Outage.USAGE);

	private Benchmark() {
	}

	/**
	 * Run it.
	 * @param args the options, see {@code --help}
	 * @throws Exception if it cannot be run; a contender or an experiment that fails is
	 * reported instead
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] args) throws Exception {
		if (List.of(args).contains("--help")) {
			System.out.println(USAGE);
			return;
		}
		Run run;
		try {
			run = run(System.out::println, args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + "\n\n" + USAGE);
			System.exit(2);
			return;
		}
		run.run();
		System.exit(0); // clients of contenders may have left threads
	}

	private static Run run(Consumer<String> progress, String... args) {
		List<String> words = List.of(args);
		if (words.contains(Stampede.NAME)) {
			return new Stampede(progress, args)::run;
		}
		if (words.contains(Outage.NAME)) {
			return new Outage(progress, args)::run;
		}
		if (words.contains(Consistency.NAME)) {
			return new Consistency(progress, args)::run;
		}
		if (words.contains(Endurance.NAME) || words.contains(Endurance.NEAR)) {
			return new Endurance(progress, args)::runAndReport;
		}
		return new TargetRun(progress, args)::run;
	}

	/**
	 * A run that is ready to start.
	 */
	@FunctionalInterface
	private interface Run {

		void run() throws Exception;

	}

}
