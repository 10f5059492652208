package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.report.Machine;
import io.psqache.benchmarks.server.PostgresServer;

/**
 * Runs experiments one after the other on one server, and has its log say whether it took
 * any of them amiss.
 */
public final class Endurance {

	private static final String LOG = "endurance-postgres.log";

	private final EndurancePlan plan;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param plan what is asked for
	 * @param progress is told what happens, line by line
	 */
	public Endurance(EndurancePlan plan, Consumer<String> progress) {
		this.plan = plan;
		this.progress = progress;
	}

	/**
	 * Run it and write {@code endurance.md}, {@code endurance.json} and the server's log.
	 * @return what came out
	 * @throws IOException if it cannot be written
	 */
	public EnduranceReport run() throws IOException {
		Files.createDirectories(this.plan.output());
		Path file = this.plan.output().resolve(LOG);
		Files.deleteIfExists(file);
		ServerLog log = new ServerLog(file);
		List<ExperimentResult> results = new ArrayList<>();
		try (PostgresServer server = PostgresServer.start(file)) {
			Machine machine = Machine.describe(server);
			this.progress.accept(machine.text());
			Stage stage = new Stage(server, this.plan.sizes(), new Values(this.plan.seed()), this.plan.seed());
			for (Experiment experiment : this.plan.chosen()) {
				results.add(run(experiment, stage, log));
				// What is finished is not lost when a later one never ends.
				new EnduranceReport(machine, this.plan, results).write();
			}
			return new EnduranceReport(machine, this.plan, results);
		}
	}

	private ExperimentResult run(Experiment experiment, Stage stage, ServerLog log) {
		Journal journal = new Journal(this.progress);
		this.progress.accept("\n%s: %s".formatted(experiment.name(), experiment.title(stage.sizes())));
		log.troubles(); // whatever was before
		try {
			experiment.run(stage, journal);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			journal.failed(experiment.name(), ex);
		}
		catch (Exception ex) {
			journal.failed(experiment.name(), ex);
		}
		List<String> troubles = log.troubles();
		troubles.stream().limit(10).forEach((line) -> journal.remark("server log: " + line));
		journal.judge(
				experiment.name() + ": deadlocks and errors in the server's log", "none", "%d, %d of them deadlocks"
					.formatted(troubles.size(), troubles.stream().filter(ServerLog::isDeadlock).count()),
				troubles.isEmpty());
		return new ExperimentResult(experiment.name(), experiment.title(stage.sizes()), journal.seconds(),
				journal.findings(), journal.figures(), journal.remarks());
	}

}
