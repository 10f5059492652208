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

package io.psqache.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.psqache.test.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample while PostgreSQL is away, and after it has come back.
 */
class OutageIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Test
	void readsGoOnWithoutTheCacheAndCachingResumes() {
		try (TestDatabase database = TestDatabase.create();
				RunningSample sample = RunningSample.startOn(database,
						"--psqache.datasource.url=" + database.relayedUrl(),
						"--psqache.datasource.username=" + database.username(),
						"--psqache.datasource.password=" + database.password())) {
			Report report = sample.report().body();
			Sale sale = sample.sale(1).body();
			assertThat(sample.sale(1).cached()).isTrue();

			database.relay().cut();
			for (int i = 0; i < 3; i++) {
				assertThat(sample.report()).satisfies((answer) -> {
					assertThat(answer.cached()).isFalse();
					assertThat(answer.body().shops()).isEqualTo(report.shops());
				});
				assertThat(sample.sale(1)).isEqualTo(new RunningSample.Answer<>(sale, false));
				assertThat(sample.sales(1).body()).containsExactly(sale);
			}
			assertThat(sample.health()).isEqualTo("DOWN");
			sample.get("/actuator/health").expectStatus().isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);

			database.relay().restore();
			awaitCaching(sample);
			sample.get("/actuator/health").expectStatus().isOk();
		}
	}

	@Test
	void updateWhileTheCacheIsAwayIsSeenAtOnceAndAfterwards() {
		try (TestDatabase database = TestDatabase.create();
				RunningSample sample = RunningSample.startOn(database,
						"--psqache.datasource.url=" + database.relayedUrl(),
						"--psqache.datasource.username=" + database.username(),
						"--psqache.datasource.password=" + database.password())) {
			int quantity = sample.sale(2).body().quantity() + 1;

			database.relay().cut();
			sample.updateQuantity(2, quantity).expectStatus().isNoContent();
			assertThat(sample.sale(2).body().quantity()).isEqualTo(quantity);

			database.relay().restore();
			await().atMost(PATIENCE).untilAsserted(() -> {
				RunningSample.Answer<Sale> answer = sample.sale(2);
				assertThat(answer.body().quantity()).isEqualTo(quantity);
				assertThat(answer.cached()).isTrue();
			});
		}
	}

	@Test
	void oneDatabaseForBothIsStoppedAndStarted(@TempDir Path directory) throws IOException {
		EmbeddedPostgres postgres = postgres(directory).start();
		int port = postgres.getPort();
		try (RunningSample sample = RunningSample.start(
				"--spring.datasource.url=jdbc:postgresql://localhost:" + port + "/postgres",
				"--spring.datasource.username=postgres", "--spring.datasource.password=postgres")) {
			assertThat(sample.report().cached()).isTrue();

			postgres.close();
			sample.get("/api/report")
				.expectStatus()
				.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
				.expectBody()
				.jsonPath("$.title")
				.isEqualTo("The database is down");
			sample.get("/").expectStatus().isOk();
			assertThat(sample.health()).isEqualTo("DOWN");

			postgres = postgres(directory).setPort(port).start();
			awaitCaching(sample);
		}
		finally {
			postgres.close();
		}
	}

	private static EmbeddedPostgres.Builder postgres(Path directory) {
		return EmbeddedPostgres.builder()
			.setDataDirectory(directory.resolve("data"))
			.setCleanDataDirectory(false)
			.setRegisterShutdownHook(false);
	}

	private static void awaitCaching(RunningSample sample) {
		await().atMost(PATIENCE).until(() -> sample.health().equals("UP"));
		await().atMost(PATIENCE).untilAsserted(() -> {
			sample.report();
			long hits = sample.hits("report");
			assertThat(sample.report().cached()).isTrue();
			assertThat(sample.hits("report")).isEqualTo(hits + 1);
		});
	}

}
