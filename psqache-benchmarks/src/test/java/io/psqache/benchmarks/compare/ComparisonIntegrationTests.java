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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Finding.Verdict;
import io.psqache.benchmarks.support.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.internal.series.Series;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A comparison completes, and every contender is in its results. No figure is judged.
 */
class ComparisonIntegrationTests {

	private static final List<String> CONTENDERS = Stream.of(ContenderKind.values())
		.map(ContenderKind::toString)
		.toList();

	@Test
	void everyContenderIsInTheResultsWithoutErrors(@TempDir Path folder) throws Exception {
		Options options = Options.parse("--threads", "3,1", "--sizes", "1k", "--entries", "500", "--rounds", "2",
				"--seconds", "0.05", "--warm-up", "0.05");
		Report report = new Comparison(options, (line) -> {
		}).run();
		assertThat(report.results()).hasSize(4).allSatisfy((result) -> {
			assertThat(result.outcomes()).extracting(Outcome::contender).isEqualTo(CONTENDERS);
			assertThat(result.outcomes()).allSatisfy((outcome) -> {
				assertThat(outcome.firstError()).isNull();
				assertThat(outcome.rounds()).hasSize(2).allMatch((round) -> round.calls() > 0 && round.p50() > 0);
			});
		});
		report.write(folder, List.of(new Finding("a target", ">= 1", "2", Verdict.PASSED)));
		assertThat(Files.readString(folder.resolve("results.md"))).contains(CONTENDERS)
			.contains("a target", "#### put, 1 KB, 3 threads, 500 entries");
		assertThat(Text.read(folder.resolve("results.json"), Report.class)).isEqualTo(report);
		for (String chart : List.of("get-1024-uniform-calls.svg", "get-1024-uniform-cpu.svg",
				"put-1024-uniform-calls.svg", "put-1024-uniform-cpu.svg")) {
			assertThat(Files.readString(folder.resolve(chart))).contains("<svg");
		}
		assertThat(Charts.calls(report.results().subList(0, 2), "").getSeriesCollection()).extracting(Series::getName)
			.isEqualTo(CONTENDERS);
		assertThat(Charts.cpu(report.results().get(0), "").getSeriesCollection()).extracting(Series::getName)
			.containsExactly("JVM", "server");
	}

}
