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

package io.psqache.benchmarks;

import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.compare.TargetRun;
import io.psqache.benchmarks.consistency.Consistency;
import io.psqache.benchmarks.endurance.Endurance;
import io.psqache.benchmarks.resilience.Outage;
import io.psqache.benchmarks.resilience.Stampede;

/**
 * The main class: starts the servers, runs the requested benchmark, and writes the
 * results.
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
		System.exit(0); // Clients of contenders may leave threads.
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
