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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.benchmarks.Benchmark;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.endurance.Endurance;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.JavaProcess;
import io.psqache.benchmarks.support.Text;

/**
 * Runs a comparison, and with {@code --targets} the further runs that the targets need:
 * <ol>
 * <li>the comparison with virtual threads, in another JDK if this one does not support
 * them;</li>
 * <li>the comparison with one thread and all processes on one core, servers
 * included;</li>
 * <li>the experiments with large and bounded tables.</li>
 * </ol>
 */
public final class TargetRun {

	public static final String USAGE = """
			Comparison of psqache with its floor and its peers:
			  --targets               what the targets need, and their table: about 25 minutes
			  --virtual-jdk home      with --targets: a JDK from 21 on for the rows of virtual threads
			  --quick                 a brief and rough run that shows that everything works
			  --scenarios get,put     any of get, put
			  --sizes 1k              sizes of values, such as 100,1k,16k
			  --threads 1,8,32,128    numbers of callers; v1000 means virtual threads
			  --contenders a,b        any of %s
			  --unix-sockets          Unix-domain sockets in place of loopback (Linux on x86-64)
			  --rounds 5              number of rounds
			  --seconds 2             length of a round
			  --warm-up 3..30         seconds before a contender's first scenario of a workload
			  --entries 100000        number of entries; large values at most 256 MB
			  --seed 1                seed of all chance
			  --output folder         folder of the results
			""".formatted(List.of(ContenderKind.values()));

	private final Options options;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option
	 */
	public TargetRun(Consumer<String> progress, String... words) {
		this.options = Options.parse(words);
		this.progress = progress;
	}

	/**
	 * Run it and write the results.
	 * @throws Exception if it cannot be run; failed calls are reported instead
	 */
	public void run() throws Exception {
		Report report = new Comparison(this.options, this.progress).run();
		List<Finding> findings = this.options.targets() ? judge(report) : List.of();
		report.write(this.options.output(), findings);
		if (!findings.isEmpty()) {
			this.progress.accept("\n" + Finding.markdown(findings));
		}
		this.progress.accept("Results are in " + this.options.output().toAbsolutePath());
	}

	private List<Finding> judge(Report report) throws Exception {
		List<ScenarioResult> pinned = JavaProcess.isInstalled("taskset")
				? compareIn("pinned", List.of("taskset", "-c", "0"), System.getProperty("java.home", ""), "--scenarios",
						"get", "--threads", "1", "--contenders", "psqache,redis-cache")
				: List.of();
		List<ScenarioResult> results = new ArrayList<>(report.results());
		if (!new Callers(1, true).areSupported() && !this.options.virtualJdk().isEmpty()) {
			results.addAll(compareIn("virtual", List.of(), this.options.virtualJdk(), "--threads", "v1000",
					"--contenders", "psqache,psqache-binary,floor,floor-binary,redis-cache"));
		}
		List<Finding> findings = new ArrayList<>(Targets.judge(results, pinned));
		List<String> experiments = new ArrayList<>(List.of(Endurance.NAME, "scale,bounded", "--seed",
				String.valueOf(this.options.seed()), "--output", this.options.output().toString()));
		if (this.options.quick()) {
			experiments.add("--quick");
		}
		findings.addAll(new Endurance(this.progress, experiments.toArray(String[]::new)).run());
		return findings;
	}

	private List<ScenarioResult> compareIn(String name, List<String> prefix, String javaHome, String... scenarios)
			throws Exception {
		Path folder = this.options.output().resolve(name);
		List<String> arguments = new ArrayList<>(List.of(scenarios));
		arguments.addAll(List.of("--rounds", String.valueOf(this.options.rounds()), "--seconds",
				String.valueOf(this.options.seconds()), "--warm-up", this.options.warmUp().toString(), "--entries",
				String.valueOf(this.options.entries()), "--seed", String.valueOf(this.options.seed()), "--output",
				folder.toString()));
		this.progress.accept("\n%s: a comparison in a process of its own".formatted(name));
		JavaProcess.run(prefix, javaHome, Benchmark.class, arguments);
		return Text.read(folder.resolve("results.json"), Report.class).results();
	}

}
