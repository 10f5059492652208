package io.psqache.autoconfigure;

import java.time.Duration;

import io.psqache.store.ServerState;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class PsqacheHealthIndicatorTests {

	@Test
	void standbyIsDown() {
		Health health = PsqacheHealthIndicator.health(new ServerState("18.1", true, true, 1, 0, Duration.ofMillis(2)));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("reason", "the server is a standby, which can hold no cache");
	}

	@Test
	void detailsAreThoseOfTheServer() {
		Health health = PsqacheHealthIndicator.health(new ServerState("18.1", false, true, 1, 3, Duration.ofMillis(2)));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("server", "PostgreSQL 18.1")
			.containsEntry("schemaVersion", 1)
			.containsEntry("table", "unlogged")
			.containsEntry("caches", 3)
			.containsEntry("roundTripMillis", 2.0);
	}

}
