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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.Text;

/**
 * The results of a comparison.
 *
 * @param machine the machine
 * @param command the options of the run
 * @param minutes its length
 * @param results a table for each scenario
 */
record Report(Machine machine, String command, double minutes, List<ScenarioResult> results) {

	/**
	 * Write {@code results.md}, {@code results.json} and the charts.
	 * @param folder the folder
	 * @param findings the targets, empty if none were judged
	 */
	void write(Path folder, List<Finding> findings) throws IOException {
		Text.write(folder, "results", Text.head(this.machine, this.command) + Text.format("""

				It took %.0f minutes.

				%s
				### Figures

				Medians over the rounds. CPU is that of a call. Ratios are the median (least..most) of the ratios \
				within each round: of calls/s to redis-cache, and of CPU to the floor with the same storage.

				%s""", this.minutes, findings.isEmpty() ? "" : "### Targets\n\n" + Finding.markdown(findings),
				this.results.stream().map(ScenarioResult::toString).collect(Collectors.joining("\n"))), this);
		Charts.write(this, folder);
	}

}
