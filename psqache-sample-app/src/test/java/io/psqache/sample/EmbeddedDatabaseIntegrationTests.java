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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with no database configured.
 */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedDatabaseIntegrationTests {

	@Test
	void postgresIsStartedAndStoppedAfterThePools(CapturedOutput output) {
		try (RunningSample sample = RunningSample.start("--logging.level.io.zonky.test=info")) {
			assertThat(output).contains("started an embedded PostgreSQL ");
			assertThat(sample.report().body().shops()).hasSize(24);
			assertThat(sample.report().cached()).isTrue();
			assertThat(sample.health()).isEqualTo("UP");
		}
		assertThat(output).contains("psqache - Shutdown completed", "shut down postmaster").doesNotContain(" ERROR ");
		String[] atStop = output.toString().split("Commencing graceful shutdown|Shutdown initiated", 2);
		assertThat(atStop[1]).doesNotContain(" WARN ");
		assertThat(output.toString().lastIndexOf("Shutdown completed"))
			.isLessThan(output.toString().indexOf("shut down postmaster"));
	}

}
