package io.psqache.benchmarks.consistency;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The load provokes stale reads, and the judge sees them where there are some and only
 * there.
 */
class StaleReadsIntegrationTests {

	@Test
	void staleReadsAreFoundInTheCacheThatHasThem(@TempDir Path folder) throws Exception {
		ConsistencyPlan plan = new ConsistencyPlan("--consistency no-cache", List.of(Load.EVERYTHING),
				List.of(CacheSetup.NO_CACHE, CacheSetup.PSQACHE, CacheSetup.REDIS), 960, 1, folder);
		ConsistencyReport report = new Consistency(plan, (line) -> {
		}).run();
		List<Outcome> outcomes = report.results().get(0).outcomes();
		assertThat(outcomes).hasSize(3).allSatisfy((outcome) -> {
			assertThat(outcome.failure()).isNull();
			assertThat(outcome.reads()).isGreaterThan(700).isEqualTo(outcomes.get(0).reads());
		});
		assertThat(outcomes.subList(0, 2)).allSatisfy((outcome) -> {
			assertThat(outcome.stale()).as(outcome.toString()).isZero();
			assertThat(outcome.rolledBack()).as(outcome.toString()).isZero();
			assertThat(outcome.ownUnseen()).as(outcome.toString()).isZero();
			assertThat(outcome.wrongAtRest()).as(outcome.toString()).isZero();
		});
		assertThat(outcomes.get(0).hits()).isZero();
		assertThat(outcomes.get(1).hits()).isGreaterThan(0.5);
		assertThat(outcomes.get(2).hits()).isGreaterThan(0.5);
		assertThat(outcomes.get(2).stale()).isPositive();
		assertThat(outcomes.get(2).longestMillis()).isPositive();
		assertThat(outcomes.get(2).wrongAtRest()).isPositive();
		assertThat(Files.readString(folder.resolve("consistency.md"))).contains("--consistency no-cache",
				"#### everything", CacheSetup.REDIS.description());
		assertThat(Files.readString(folder.resolve("consistency.json"))).contains("\"wrongAtRest\"", "\"seed\"");
	}

}
