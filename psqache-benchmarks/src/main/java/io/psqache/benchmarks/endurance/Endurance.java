package io.psqache.benchmarks.endurance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.psqache.benchmarks.support.Arguments;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.PostgresServer;

/**
 * Runs experiments one after the other on one server, and looks for errors in its log.
 */
public final class Endurance {

	public static final String NAME = "--endurance";

	public static final String NEAR = "--near";

	public static final String USAGE = """
			Experiments with millions of entries (about an hour; 12 GB of disk) and with near caches (five minutes):
			  --endurance [a,b]       any of churn, expiry, clear, scale, bounded, killed, hits, burst, watch; all by default
			  --near [a,b]            any of near-hits, near-puts, near-delays; all by default
			  --quick                 small sizes: a brief run that shows that everything works
			  --amount 1              fraction of entries, puts and the like
			  --time 1                fraction of fixed times
			  --seed 1                seed of all chance
			  --output folder         folder of the results
			""";

	private static final String LOG = "endurance-postgres.log";

	private final Map<String, Experiment> experiments = new LinkedHashMap<>();

	private final String command;

	private final double amount;

	private final double time;

	private final int seed;

	private final Path output;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option or experiment
	 */
	public Endurance(Consumer<String> progress, String... words) {
		Arguments arguments = new Arguments(words);
		Map<String, Experiment> all = all(arguments.has(NEAR));
		List<String> chosen = arguments.list(arguments.has(NEAR) ? NEAR : NAME, "");
		(chosen.isEmpty() ? List.copyOf(all.keySet()) : chosen).forEach((name) -> {
			Experiment experiment = all.get(name);
			if (experiment == null) {
				throw new IllegalArgumentException(
						"There is no experiment '%s'. Choose from %s.".formatted(name, all.keySet()));
			}
			this.experiments.put(name, experiment);
		});
		boolean quick = arguments.has("--quick");
		this.command = arguments.command();
		this.amount = arguments.number("--amount", quick ? 0.01 : 1);
		this.time = arguments.number("--time", quick ? 0.1 : 1);
		this.seed = arguments.integer("--seed", 1);
		this.output = Path.of(arguments.text("--output", "target/results"));
		this.progress = progress;
		arguments.requireAllKnown();
	}

	private static Map<String, Experiment> all(boolean near) {
		Map<String, Experiment> all = new LinkedHashMap<>();
		if (near) {
			all.put("near-hits", new NearHits());
			all.put("near-puts", new NearPuts());
			all.put("near-delays", new NearDelays());
			return all;
		}
		all.put("churn", new Churn());
		all.put("expiry", new Expiry());
		all.put("clear", new Clear());
		all.put("scale", new Scale());
		all.put("bounded", new Bounded());
		all.put("killed", new Killed());
		all.put("hits", new Hits());
		all.put("burst", new Burst());
		all.put("watch", new Watch());
		return all;
	}

	/**
	 * Run the experiments and write {@code endurance.md}, {@code endurance.json} and the
	 * log of the server.
	 * @return the results
	 * @throws Exception if they cannot be run; an experiment that fails is reported
	 * instead
	 */
	public EnduranceReport run() throws Exception {
		Files.createDirectories(this.output);
		Path file = this.output.resolve(LOG);
		Files.deleteIfExists(file);
		ServerLog log = new ServerLog(file);
		List<EnduranceReport.Result> results = new ArrayList<>();
		try (PostgresServer server = PostgresServer.start(file)) {
			EnduranceReport report = new EnduranceReport(Machine.describe(server.description()), this.command, results);
			this.progress.accept(report.machine().toString());
			Stage stage = Stage.of(server, this.amount, this.time, this.seed);
			for (Map.Entry<String, Experiment> experiment : this.experiments.entrySet()) {
				results.add(run(experiment.getKey(), experiment.getValue(), stage, log));
				report.write(this.output); // so that nothing is lost if a later one hangs
			}
			return report;
		}
	}

	private EnduranceReport.Result run(String name, Experiment experiment, Stage stage, ServerLog log) {
		Journal journal = new Journal(name, this.progress);
		log.troubles(); // those of the experiment before
		try {
			experiment.run(stage, journal);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			journal.failed(ex);
		}
		catch (Exception ex) {
			journal.failed(ex);
		}
		List<String> troubles = log.troubles();
		troubles.stream().limit(10).forEach((line) -> journal.say("server log: %s", line));
		return journal.result(troubles);
	}

	/**
	 * Run the experiments and report their targets.
	 * @throws Exception if they cannot be run
	 */
	public void runAndReport() throws Exception {
		this.progress.accept(Finding.text(run().targets()));
		this.progress.accept("Results are in " + this.output.toAbsolutePath());
	}

}
