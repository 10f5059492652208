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

package io.psqache.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.contender.Dataset;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.RedisServer;
import io.psqache.benchmarks.support.Text;

/**
 * Runs the contenders through all scenarios:
 * <ol>
 * <li>For each value size, the entries of all contenders are written, and the tables are
 * vacuumed.</li>
 * <li>Before its first scenario of a workload, a contender warms up with 1, 8 and 32
 * threads in turn, until the compiler is idle.</li>
 * <li>In a scenario, all contenders warm up again and are measured in rounds. Each round
 * measures all contenders once in random order, so that disturbances of the machine
 * affect all.</li>
 * </ol>
 */
final class Comparison {

	private static final List<Callers> FIRST_CALLERS = List.of(new Callers(1, false), new Callers(8, false),
			new Callers(32, false));

	/**
	 * The minimum number of rounds of a warm-up.
	 */
	private static final int WARM_UP_ROUNDS = 6;

	/**
	 * The length of the sequence of keys, in which each caller starts at its own
	 * position.
	 */
	private static final int KEYS = 1 << 20;

	private static final int LOADERS = 16;

	private static final int MOST_LOADS = 10;

	private static final int SAMPLE = 200;

	private final Options options;

	private final Consumer<String> progress;

	private final Random random;

	private final Set<List<Object>> warm = new HashSet<>();

	private final long begun = System.nanoTime();

	private int done;

	Comparison(Options options, Consumer<String> progress) {
		this.options = options;
		this.progress = progress;
		this.random = new Random(options.seed());
	}

	Report run() throws Exception {
		try (PostgresServer postgres = PostgresServer.start(this.options.unixSockets());
				RedisServer redis = RedisServer.start(this.options.unixSockets())) {
			Machine machine = Machine.describe(postgres.description(), redis.description());
			this.progress.accept(machine.toString());
			List<ScenarioResult> results = new ArrayList<>();
			Map<Integer, List<Scenario>> bySize = this.options.supportedScenarios()
				.stream()
				.collect(Collectors.groupingBy(Scenario::valueBytes, LinkedHashMap::new, Collectors.toList()));
			for (List<Scenario> scenarios : bySize.values()) {
				try (Arena arena = Arena.on(postgres, redis)) {
					results.addAll(run(arena, scenarios));
				}
			}
			return new Report(machine, this.options.command(), minutes(), results);
		}
	}

	private List<ScenarioResult> run(Arena arena, List<Scenario> scenarios) throws Exception {
		Scenario first = scenarios.get(0);
		Dataset dataset = new Dataset(first.valueBytes(), first.entries(this.options.entries()), this.options.seed());
		Map<ContenderKind, Contender> contenders = new EnumMap<>(ContenderKind.class);
		List<ScenarioResult> results = new ArrayList<>();
		try {
			for (Scenario scenario : scenarios) {
				for (ContenderKind kind : this.options.contenders(scenario)) {
					if (!contenders.containsKey(kind)) {
						Contender contender = kind.open(arena);
						contenders.put(kind, contender);
						load(contender, dataset);
						this.progress.accept(Text.format("%s: %,d entries loaded", kind, dataset.entries()));
					}
				}
			}
			arena.database().settle();
			for (Scenario scenario : scenarios) {
				ScenarioResult result = new ScenarioResult(scenario, dataset.entries(),
						run(scenario, dataset, contenders));
				results.add(result);
				this.progress.accept("\n" + result);
				this.done++;
				int all = this.options.supportedScenarios().size();
				this.progress.accept(Text.format("(%d of %d done in %.0f min, about %.0f min to go)", this.done, all,
						minutes(), minutes() / this.done * (all - this.done)));
			}
		}
		finally {
			contenders.values().forEach(Contender::close);
		}
		return results;
	}

	private double minutes() {
		return (System.nanoTime() - this.begun) / 60e9;
	}

	/**
	 * Write all entries, and write missing ones again: psqache drops a put that a busy
	 * machine does not store within {@code psqache.timeout}.
	 */
	private static void load(Contender contender, Dataset dataset) throws Exception {
		AtomicInteger missing = new AtomicInteger(dataset.entries());
		for (int attempt = 0; missing.get() > 0; attempt++) {
			if (attempt == MOST_LOADS) {
				throw new IllegalStateException("%d of %d entries could not be loaded. Use a less busy machine."
					.formatted(missing.get(), dataset.entries()));
			}
			Thread.sleep(attempt * 500L); // A stall may last.
			missing.set(0);
			try (Crew crew = new Crew()) {
				crew.forEach(LOADERS, 0, dataset.entries(), (number) -> {
					int key = (int) number;
					if (contender.get(dataset.key(key)) == null) {
						contender.put(dataset.key(key), dataset.value(key, 0));
						missing.incrementAndGet();
					}
				}).join();
			}
		}
	}

	private List<Outcome> run(Scenario scenario, Dataset dataset, Map<ContenderKind, Contender> contenders)
			throws Exception {
		int[] keys = new Random(this.options.seed()).ints(KEYS, 0, dataset.entries()).toArray();
		List<ContenderKind> kinds = this.options.contenders(scenario);
		Map<ContenderKind, List<Measurement>> rounds = new EnumMap<>(ContenderKind.class);
		for (ContenderKind kind : kinds) {
			Contender contender = Objects.requireNonNull(contenders.get(kind));
			boolean isFirst = this.warm.add(List.of(kind, scenario.workload()));
			WarmUp warmUp = isFirst ? this.options.warmUp() : this.options.warmUp().again();
			warmUp.run(() -> {
				for (Callers callers : isFirst ? FIRST_CALLERS : List.of(scenario.callers())) {
					new Round(scenario, contender, dataset, keys, callers, warmUp.least() / WARM_UP_ROUNDS).run();
				}
			});
			rounds.put(kind, new ArrayList<>());
		}
		List<ContenderKind> order = new ArrayList<>(kinds);
		for (int round = 0; round < this.options.rounds(); round++) {
			Collections.shuffle(order, this.random);
			for (ContenderKind kind : order) {
				System.gc(); // Remove the garbage of other contenders.
				Contender contender = Objects.requireNonNull(contenders.get(kind));
				Measurement measurement = new Round(scenario, contender, dataset, keys, scenario.callers(),
						this.options.seconds())
					.run();
				Objects.requireNonNull(rounds.get(kind))
					.add(measurement.withErrors(wrongEntries(contender, dataset), "wrong entry"));
			}
		}
		return rounds.entrySet()
			.stream()
			.map((each) -> new Outcome(each.getKey().toString(), each.getValue()))
			.toList();
	}

	/**
	 * Count the entries of a sample without a value of their key.
	 */
	private static long wrongEntries(Contender contender, Dataset dataset) throws Exception {
		long wrong = 0;
		int stride = Math.max(1, dataset.entries() / SAMPLE);
		for (int key = 0; key < dataset.entries(); key += stride) {
			wrong += dataset.holds(key, contender.get(dataset.key(key))) ? 0 : 1;
		}
		return wrong;
	}

}
