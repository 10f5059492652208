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
