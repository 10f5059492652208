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
