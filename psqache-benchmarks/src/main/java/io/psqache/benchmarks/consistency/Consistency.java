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

package io.psqache.benchmarks.consistency;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.psqache.benchmarks.support.Arguments;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.RedisServer;
import io.psqache.benchmarks.support.Text;

/**
 * Tests each cache under each load.
 */
public final class Consistency {

	public static final String NAME = "--consistency";

	public static final String USAGE = """
			Stale reads of psqache and of Redis (some minutes):
			  --consistency [a,b]     any of %s; the usual ones by default
			  --loads a,b             any of %s; all by default
			  --operations 40000      operations on each cache under each load, a multiple of 160
			  --quick                 3,200 operations: a brief run that shows that everything works
			  --seed 1                seed of the operations
			  --output folder         folder of the results
			""".formatted(List.of(CacheSetup.values()), List.of(Load.values()));

	private final String command;

	private final List<CacheSetup> setups;

	private final List<Load> loads;

	private final int operations;

	private final int seed;

	private final Path output;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option, cache or load
	 */
	public Consistency(Consumer<String> progress, String... words) {
		Arguments arguments = new Arguments(words);
		this.command = arguments.command();
		this.setups = arguments.constants(NAME, CacheSetup.values());
		List<Load> chosen = arguments.constants("--loads", Load.values());
		this.loads = chosen.isEmpty() ? List.of(Load.values()) : chosen;
		this.operations = arguments.integer("--operations", arguments.has("--quick") ? 3_200 : 40_000);
		this.seed = arguments.integer("--seed", 1);
		this.output = arguments.output();
		this.progress = progress;
		arguments.requireAllKnown();
		if (this.operations <= 0 || this.operations % Trial.SHARES != 0) {
			throw new IllegalArgumentException("%d operations cannot be shared by all callers. Use a multiple of %d."
				.formatted(this.operations, Trial.SHARES));
		}
	}

	/**
	 * Run it, and write {@code consistency.md} and {@code consistency.json}.
	 * @throws Exception if it cannot be run; a cache that fails is reported instead
	 */
	public void run() throws Exception {
		Map<Load, List<Outcome>> outcomes = new LinkedHashMap<>();
		StringBuilder tables = new StringBuilder();
		try (PostgresServer postgres = PostgresServer.start(); RedisServer redis = RedisServer.start()) {
			Machine machine = Machine.describe(postgres.description(), redis.description());
			this.progress.accept(machine.toString());
			for (Load load : this.loads) {
				List<Outcome> ofLoad = (this.setups.isEmpty() ? load.usual() : this.setups).stream()
					.map((setup) -> run(postgres, redis, load, setup))
					.toList();
				outcomes.put(load, ofLoad);
				tables.append("\n#### %s\n\n%s\n\n".formatted(load, load.description()))
					.append(Text.table(Outcome.COLUMNS, ofLoad.stream().map(Outcome::cells).toList()));
			}
			this.progress.accept(tables.toString());
			Text.write(this.output, "consistency", Text.head(machine, this.command)
					+ Text.format("\n%,d operations on each cache, seed %d.\n", this.operations, this.seed) + tables,
					outcomes);
			this.progress.accept("Results are in " + this.output.toAbsolutePath());
		}
	}

	private Outcome run(PostgresServer postgres, RedisServer redis, Load load, CacheSetup setup) {
		Outcome outcome;
		try {
			outcome = new Trial(load, setup).run(postgres, redis, this.operations, this.seed);
		}
		catch (Exception ex) {
			outcome = Outcome.failed(setup, ex);
		}
		this.progress.accept("  %s: %s".formatted(load, String.join(" | ", outcome.cells())));
		return outcome;
	}

}
