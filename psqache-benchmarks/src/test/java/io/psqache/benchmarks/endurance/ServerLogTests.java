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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ServerLogTests {

	private static final String DEADLOCK = "2026-01-01 10:00:00.000 UTC [12] ERROR:  deadlock detected\n";

	@TempDir
	private Path folder;

	private Path file;

	private ServerLog log;

	@BeforeEach
	void begin() {
		this.file = this.folder.resolve("log");
		this.log = new ServerLog(this.file);
	}

	@Test
	void errorsAndDeadlocksAreTroubles() throws IOException {
		write(DEADLOCK + "2026-01-01 10:00:00.000 UTC [12] DETAIL:  Process 12 waits for ShareLock\n"
				+ "2026-01-01 10:00:00.000 UTC [13] PANIC:  could not write\n");
		assertThat(this.log.troubles()).hasSize(2);
	}

	@Test
	void eachLineIsReportedOnce() throws IOException {
		write(DEADLOCK);
		assertThat(this.log.troubles()).hasSize(1);
		assertThat(this.log.troubles()).isEmpty();
		write(DEADLOCK);
		assertThat(this.log.troubles()).containsExactly(DEADLOCK.strip());
	}

	@Test
	void ordinaryLinesAndTheEndOfConnectionsAreNoTroubles() throws IOException {
		write("""
				2026-01-01 10:00:00.000 UTC [9] LOG:  checkpoint starting: time
				2026-01-01 10:00:00.000 UTC [9] FATAL:  connection to client lost
				2026-01-01 10:00:00.000 UTC [9] FATAL:  terminating connection due to administrator command
				2026-01-01 10:00:00.000 UTC [9] FATAL:  terminating autovacuum process due to administrator command
				""");
		assertThat(this.log.troubles()).isEmpty();
	}

	private void write(String text) throws IOException {
		Files.writeString(this.file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
