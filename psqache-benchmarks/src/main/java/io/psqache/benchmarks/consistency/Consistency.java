package io.psqache.benchmarks.consistency;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.report.Machine;
import io.psqache.benchmarks.server.Servers;

/**
 * Tries one cache after the other under one load after the other.
 */
public final class Consistency {

	private final ConsistencyPlan plan;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param plan what is asked for
	 * @param progress is told what happens, line by line
	 */
	public Consistency(ConsistencyPlan plan, Consumer<String> progress) {
		this.plan = plan;
		this.progress = progress;
	}

	/**
	 * Run it and write {@code consistency.md} and {@code consistency.json}.
	 * @return what came out
	 * @throws IOException if it cannot be written
	 */
	public ConsistencyReport run() throws IOException {
		List<LoadResult> results = new ArrayList<>();
		try (Servers servers = Servers.start()) {
			Machine machine = Machine.describe(servers);
			this.progress.accept(machine.text());
			for (Load load : this.plan.loads()) {
				this.progress.accept("%s: %s".formatted(load, load.description()));
				results.add(new LoadResult(load,
						this.plan.setups(load).stream().map((setup) -> run(servers, load, setup)).toList()));
			}
			ConsistencyReport report = new ConsistencyReport(machine, this.plan, results);
			report.write();
			return report;
		}
	}

	private Outcome run(Servers servers, Load load, CacheSetup setup) {
		Outcome outcome;
		try {
			outcome = new Trial(servers, load, setup).run(this.plan.operations(), this.plan.seed());
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			outcome = Outcome.failed(setup, ex);
		}
		this.progress.accept("  " + String.join(" | ", outcome.cells()));
		return outcome;
	}

}
