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

package io.psqache.benchmarks.endurance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Finding;
import io.psqache.benchmarks.support.Finding.Verdict;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.Psqache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The experiments complete. Their figures are not judged.
 */
class EnduranceIntegrationTests {

	@TempDir
	private Path folder;

	@Test
	void experimentsCompleteAndAreInTheReport() throws Exception {
		assertThat(run("--endurance", "churn,scale")).hasSize(4)
			.extracting(Finding::verdict)
			.doesNotContain(Verdict.FAILED);
		assertThat(Files.readString(this.folder.resolve("endurance.md"))).contains("--endurance churn,scale",
				"upserts over existing keys: HOT", "#### scale", "failed calls");
		assertThat(Files.readString(this.folder.resolve("endurance.json"))).contains("\"upserts over existing keys");
		assertThat(this.folder.resolve("endurance-postgres.log")).isNotEmptyFile();
	}

	@Test
	void updatesOfWatchedTablesAreMeasured() throws Exception {
		assertThat(run("--endurance", "watch")).isEmpty();
		assertThat(Files.readString(this.folder.resolve("endurance.md")))
			.contains("1 row, a transaction each, not watched", "1 row, a transaction each, watched by key");
	}

	@Test
	void delaysOfInvalidationsAreMeasured() throws Exception {
		assertThat(run("--near", "near-delays")).hasSize(2).extracting(Finding::verdict).doesNotContain(Verdict.FAILED);
	}

	@Test
	void rowsOfACacheAreCountedWhetherTheyCanBeReadOrNot() throws Exception {
		try (PostgresServer server = PostgresServer.start();
				Database database = server.createDatabase("rows");
				Psqache psqache = Psqache.start(database.url())) {
			Stage stage = Stage.of(server, 1, 1, 1);
			stage.fill(psqache, 0, 250);
			psqache.cache("other").put("key", stage.value(1));
			assertThat(database.rows(Psqache.CACHE)).isEqualTo(250);
			assertThat(database.liveEntries()).isEqualTo(251);
			assertThat(psqache.cache().get(Stage.key(249))).isNotNull();
			psqache.cache().clear();
			assertThat(database.liveEntries()).isEqualTo(1);
			assertThat(psqache.failures()).isZero();
		}
	}

	@Test
	void unknownExperimentOrOptionIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Endurance((line) -> {
		}, "--endurance", "patience")).withMessageContaining("patience").withMessageContaining("churn");
		assertThatIllegalArgumentException().isThrownBy(() -> new Endurance((line) -> {
		}, "--endurance", "--rounds", "3")).withMessageContaining("--rounds");
	}

	private List<Finding> run(String option, String experiments) throws Exception {
		return new Endurance((line) -> {
		}, option, experiments, "--amount", "0.002", "--time", "0.03", "--output", this.folder.toString()).run();
	}

}
