package io.psqache.benchmarks.endurance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.psqache.benchmarks.report.Verdict;
import io.psqache.benchmarks.server.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The experiments work. How fast anything is they tell at full size only.
 */
class EnduranceIntegrationTests {

	private static final Sizes TINY = new Sizes(0.002, 0.03);

	@TempDir
	private Path folder;

	@Test
	void experimentsComeToAnEndAndAreInTheReport() throws Exception {
		EndurancePlan plan = new EndurancePlan("--endurance churn,scale", List.of("churn", "scale"), TINY, 1,
				this.folder);
		EnduranceReport report = new Endurance(plan, (line) -> {
		}).run();
		assertThat(report.results()).extracting(ExperimentResult::name).containsExactly("churn", "scale");
		assertThat(report.results()).allSatisfy((result) -> {
			assertThat(result.findings()).hasSize(3).extracting(Finding::verdict).doesNotContain(Verdict.FAILED);
			assertThat(result.figures()).anyMatch((figure) -> figure.name().equals("failed calls"))
				.anyMatch((figure) -> figure.name().contains("a second") && figure.value() > 0);
		});
		assertThat(Files.readString(this.folder.resolve("endurance.md"))).contains("--endurance churn,scale",
				"### Targets", "upserts over existing keys: HOT", "#### scale");
		assertThat(Files.readString(this.folder.resolve("endurance.json"))).contains("\"upserts over existing keys");
		assertThat(this.folder.resolve("endurance-postgres.log")).isNotEmptyFile();
	}

	@Test
	void updatesOfWatchedTablesAreMeasured() throws Exception {
		EndurancePlan plan = new EndurancePlan("--endurance watch", List.of("watch"), TINY, 1, this.folder);
		EnduranceReport report = new Endurance(plan, (line) -> {
		}).run();
		assertThat(report.results()).singleElement().satisfies((result) -> {
			assertThat(result.findings()).extracting(Finding::verdict).containsExactly(Verdict.REACHED);
			assertThat(result.figures()).hasSize(12).allMatch((figure) -> figure.value() > 0);
		});
	}

	@Test
	void entriesFilledInBySqlAreAsPsqacheWouldHavePutThem() throws Exception {
		Values values = new Values(1);
		Waves waves = new Waves(2_000, Duration.ofMinutes(1));
		try (PostgresServer server = PostgresServer.start();
				Database database = new Database(server, "endurance_fill");
				Instance instance = database.open(Sweeper.OFF)) {
			new Preload(database, values).fill(waves.prefixSql(), waves.expirySql(Instant.now().minusSeconds(90)), 0,
					waves.entries());
			for (int number = 0; number < waves.entries(); number++) {
				boolean hasExpired = waves.waveOf(number) == 0 || waves.waveOf(number) == 1;
				assertThat(instance.cache().get(waves.key(number)) == null).as(waves.key(number)).isEqualTo(hasExpired);
			}
			assertThat(database.liveEntries()).isEqualTo(1_800);
			assertThat(database.text(Waves.lastLeftSql(0))).isEqualTo("\"wave:0:000000299\"");
			database.execute("delete from psqache.entry where key < '\"wave:1:'");
			assertThat(database.text(Waves.lastLeftSql(0))).isNull();
			assertThat(database.text(Waves.lastLeftSql(1))).isNotNull();
		}
	}

}
