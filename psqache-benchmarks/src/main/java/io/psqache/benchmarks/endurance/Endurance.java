/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.psqache.benchmarks.support.Arguments;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.Text;

/**
 * Runs experiments in sequence on one server, and finds errors in its log.
 */
public final class Endurance {

	public static final String NAME = "--endurance";

	public static final String NEAR = "--near";

	private static final Map<String, Experiment> LARGE = ordered(
			List.of("churn", "expiry", "clear", "scale", "bounded", "hits", "watch"),
			List.of(new Churn(), new Expiry(), new Clear(), new Scale(), new Bounded(), new Hits(), new Watch()));

	private static final Map<String, Experiment> COPIES = ordered(List.of("near-hits", "near-puts", "near-delays"),
			List.of(Near::hits, Near::puts, Near::delays));

	public static final String USAGE = """
			Experiments with millions of entries (most of an hour; 12 GB of disk) and with near caches (five minutes):
			  --endurance [a,b]       any of %s; all by default
			  --near [a,b]            any of %s; all by default
			  --quick                 small sizes: a brief run that shows that everything works
			  --amount 1              fraction of entries, puts and the like
			  --time 1                fraction of fixed times
			  --seed 1                seed of all chance
			  --output folder         folder of the results
			""".formatted(LARGE.keySet(), COPIES.keySet());

	private static final String LOG = "endurance-postgres.log";

	private final Consumer<String> progress;

	private final String command;

	private final List<String> names;

	private final double amount;

	private final double time;

	private final int seed;

	private final Path output;

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option or experiment
	 */
	public Endurance(Consumer<String> progress, String... words) {
		Arguments arguments = new Arguments(words);
		Map<String, Experiment> all = arguments.has(NEAR) ? COPIES : LARGE;
		List<String> chosen = arguments.list(arguments.has(NEAR) ? NEAR : NAME, "");
		if (!all.keySet().containsAll(chosen)) {
			throw new IllegalArgumentException(
					"There are no experiments %s. Choose from %s.".formatted(chosen, all.keySet()));
		}
		boolean quick = arguments.has("--quick");
		this.progress = progress;
		this.command = arguments.command();
		this.names = chosen.isEmpty() ? List.copyOf(all.keySet()) : chosen;
		this.amount = arguments.number("--amount", quick ? 0.01 : 1);
		this.time = arguments.number("--time", quick ? 0.1 : 1);
		this.seed = arguments.integer("--seed", 1);
		this.output = arguments.output();
		arguments.requireAllKnown();
	}

	private static Map<String, Experiment> ordered(List<String> names, List<Experiment> experiments) {
		Map<String, Experiment> all = new LinkedHashMap<>();
		names.forEach((name) -> all.put(name, experiments.get(all.size())));
		return all;
	}

	/**
	 * Run the experiments and write {@code endurance.md}, {@code endurance.json} and the
	 * log of the server.
	 * @return the results of the targets
	 * @throws IOException if the results cannot be written; a failed experiment is
	 * reported instead
	 */
	public List<Finding> run() throws IOException {
		Files.createDirectories(this.output);
		Path file = this.output.resolve(LOG);
		Files.deleteIfExists(file);
		ServerLog log = new ServerLog(file);
		List<Journal> journals = new ArrayList<>();
		try (PostgresServer server = PostgresServer.start(file)) {
			Machine machine = Machine.describe(server.description());
			this.progress.accept(machine.toString());
			Stage stage = Stage.of(server, this.amount, this.time, this.seed);
			for (String name : this.names) {
				journals.add(run(name, stage, log));
				write(machine, journals); // A later experiment may hang.
			}
		}
		return journals.stream().flatMap((journal) -> journal.findings().stream()).toList();
	}

	private Journal run(String name, Stage stage, ServerLog log) throws IOException {
		Experiment experiment = Objects.requireNonNull(LARGE.getOrDefault(name, COPIES.get(name)));
		Journal journal = new Journal(name, this.progress);
		log.troubles(); // Discard those of the last experiment.
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
		journal.count("errors and deadlocks in the server's log", troubles.size());
		troubles.stream().limit(10).forEach((line) -> journal.say("server log: %s", line));
		return journal;
	}

	private void write(Machine machine, List<Journal> journals) throws IOException {
		List<Finding> findings = journals.stream().flatMap((journal) -> journal.findings().stream()).toList();
		Text.write(this.output, "endurance",
				"%s\n### Targets\n\n%s\n### Figures\n\n%s".formatted(Text.head(machine, this.command),
						Finding.markdown(findings),
						journals.stream().map(Journal::markdown).collect(Collectors.joining("\n"))),
				findings);
	}

	/**
	 * Run the experiments and report their targets.
	 * @throws IOException if the results cannot be written
	 */
	public void runAndReport() throws IOException {
		this.progress.accept("\n" + Finding.markdown(run()));
		this.progress.accept("Results are in " + this.output.toAbsolutePath());
	}

	/**
	 * An experiment on an empty database.
	 */
	@FunctionalInterface
	interface Experiment {

		/**
		 * Run it.
		 * @param stage the server and the sizes
		 * @param journal receives the results
		 * @throws Exception if it cannot be run
		 */
		void run(Stage stage, Journal journal) throws Exception;

	}

}
