package io.psqache.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.report.Report;
import io.psqache.benchmarks.report.Results;
import io.psqache.benchmarks.report.ScenarioResult;
import io.psqache.benchmarks.server.Servers;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.ValueSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every contender answers right and is in the report. No figure is looked at.
 */
class BenchmarkIntegrationTests {

	private static final List<String> CONTENDERS = Stream.of(ContenderKind.values())
		.map(ContenderKind::toString)
		.toList();

	@Test
	void everyContenderGivesBackWhatItWasGiven() throws Exception {
		Dataset dataset = new Dataset(ValueSize.parse("16k"), 10, 1);
		try (Servers servers = Servers.start(); Arena arena = new Arena(servers, dataset)) {
			for (ContenderKind kind : ContenderKind.values()) {
				try (Contender contender = kind.open(arena)) {
					contender.put(dataset.key(3), dataset.value(3, 0));
					contender.put(dataset.key(4), dataset.value(4, 0));
					contender.put(dataset.key(3), dataset.value(3, 1));
					contender.awaitApplied();
					assertThat(contender.get(dataset.key(3))).as(kind.toString()).isEqualTo(dataset.value(3, 1));
					assertThat(contender.stored(dataset.key(4))).as(kind.toString()).isEqualTo(dataset.value(4, 0));
					assertThat(contender.get(dataset.absentKey(3))).as(kind.toString()).isNull();
					assertThat(contender.silentFailures()).as(kind.toString()).isZero();
				}
			}
		}
	}

	@Test
	void everyContenderIsInTheReportWithoutErrors(@TempDir Path folder) throws Exception {
		Options options = Options.parse("--scenarios", "get,get90,put,mixed,sustained", "--threads", "3", "--sizes",
				"100", "--entries", "500", "--rounds", "1", "--seconds", "0.05", "--first-warm-up", "0.05", "--warm-up",
				"0.05", "--puts", "500", "--contenders", String.join(",", CONTENDERS), "--output", folder.toString());
		Report report = new Run(options, (line) -> {
		}).run();
		assertThat(report.results()).hasSize(5);
		for (ScenarioResult result : report.results()) {
			assertThat(result.outcomes()).as(result.text()).allSatisfy((outcome) -> {
				assertThat(outcome.firstError()).isNull();
				assertThat(outcome.rounds()).hasSize(1).allMatch((round) -> round.calls() > 0);
			});
			assertThat(result.outcomes().stream().map((outcome) -> outcome.contender()).toList())
				.isEqualTo(Stream.of(ContenderKind.values())
					.filter((kind) -> kind.canTakePartIn(result.scenario()))
					.map(ContenderKind::toString)
					.toList());
		}
		Results.write(report, folder);
		assertThat(Files.readString(folder.resolve("results.json"))).contains(CONTENDERS);
		assertThat(Files.readString(folder.resolve("results.txt"))).contains(CONTENDERS).contains("Targets");
		assertThat(Files.readString(folder.resolve("results.md"))).contains(CONTENDERS).contains("### Targets");
		assertThat(report.firstWarmUps()).hasSize(2 * CONTENDERS.size());
		try (Stream<Path> files = Files.list(folder)) {
			assertThat(files.map((file) -> file.getFileName().toString()).collect(Collectors.toSet()))
				.contains("get-100-uniform-cpu.svg", "sustained-100-uniform-cpu.svg", "results.md")
				.hasSize(3 + 5);
		}
	}

}
