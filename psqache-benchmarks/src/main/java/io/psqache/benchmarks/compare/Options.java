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

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Arguments;

/**
 * The options of a comparison.
 *
 * @param command the options as given
 * @param scenarios the scenarios
 * @param chosen the chosen contenders, empty for the usual ones
 * @param targets whether the targets are judged
 * @param unixSockets whether clients and servers talk by Unix-domain sockets
 * @param quick whether the run only shows that it works
 * @param virtualJdk home of a JDK with virtual threads, empty if not given
 * @param rounds number of rounds
 * @param seconds length of a round
 * @param warmUp limits of the first warm-up of a contender
 * @param entries number of entries; fewer of large values
 * @param seed seed of all chance
 * @param output folder of the results
 */
record Options(String command, List<Scenario> scenarios, List<ContenderKind> chosen, boolean targets,
		boolean unixSockets, boolean quick, String virtualJdk, int rounds, double seconds, WarmUp warmUp, int entries,
		int seed, Path output) {

	static Options parse(String... words) {
		Arguments arguments = new Arguments(words);
		boolean quick = arguments.has("--quick");
		boolean targets = arguments.has("--targets");
		Options options = new Options(arguments.command(), scenarios(arguments, targets),
				arguments.constants("--contenders", ContenderKind.values()), targets, arguments.has("--unix-sockets"),
				quick, arguments.text("--virtual-jdk", ""), arguments.integer("--rounds", quick ? 3 : 5),
				arguments.number("--seconds", quick ? 0.2 : 2),
				WarmUp.parse(arguments.text("--warm-up", quick ? "0.3..1" : "3..30")),
				arguments.integer("--entries", quick ? 2_000 : 100_000), arguments.integer("--seed", 1),
				arguments.output());
		arguments.requireAllKnown();
		return options;
	}

	private static List<Scenario> scenarios(Arguments arguments, boolean targets) {
		String workloads = arguments.text("--scenarios", "get,put");
		String sizes = arguments.text("--sizes", "");
		String threads = arguments.text("--threads", "");
		if (targets) {
			return Targets.scenarios();
		}
		if (!sizes.isEmpty() || !threads.isEmpty() || arguments.has("--scenarios")) {
			return Scenario.all(workloads, sizes.isEmpty() ? "1k" : sizes, threads.isEmpty() ? "1,8,32,128" : threads);
		}
		return Stream
			.of(Scenario.all("get,put", "1k", "1,8,32,128,v1000"), Scenario.all("get,put", "100", "32"),
					Scenario.all("get,put", "16k", "8,32"))
			.flatMap(List::stream)
			.toList();
	}

	/**
	 * The scenarios whose threads this JVM has.
	 */
	List<Scenario> supportedScenarios() {
		return this.scenarios.stream().filter((scenario) -> scenario.callers().areSupported()).toList();
	}

	List<ContenderKind> contenders(Scenario scenario) {
		if (!this.chosen.isEmpty()) {
			return this.chosen;
		}
		return this.targets ? Targets.contenders(scenario) : List.of(ContenderKind.values());
	}

}
