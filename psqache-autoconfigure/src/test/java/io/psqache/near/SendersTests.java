package io.psqache.near;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SendersTests {

	private static final long PATIENCE = Senders.PATIENCE.toNanos();

	private final Senders senders = new Senders();

	@Test
	void nobodyIsMissingWhoWasHeardInTime() {
		this.senders.heard("a", 0);
		assertThat(this.senders.isOneMissing(PATIENCE - 1)).isFalse();
		this.senders.heard("a", PATIENCE - 1);
		assertThat(this.senders.isOneMissing(PATIENCE + 1)).isFalse();
	}

	@Test
	void oneWhoFallsSilentIsMissingAgainAndAgainUntilItCountsAsDead() {
		this.senders.heard("a", 0);
		int missing = 0;
		long step = Duration.ofMillis(250).toNanos();
		for (long now = 0; now <= 2 * Senders.MEMORY.toNanos(); now += step) {
			missing += this.senders.isOneMissing(now) ? 1 : 0;
		}
		assertThat(missing).isEqualTo((int) (Senders.MEMORY.toNanos() / PATIENCE));
	}

	@Test
	void oneWhoSaidGoodbyeIsNotMissed() {
		this.senders.heard("a", 0);
		this.senders.gone("a");
		assertThat(this.senders.isOneMissing(2 * PATIENCE)).isFalse();
	}

	@Test
	void oneWhoComesBackIsNotMissed() {
		this.senders.heard("a", 0);
		assertThat(this.senders.isOneMissing(PATIENCE)).isTrue();
		this.senders.heard("a", PATIENCE + 1);
		assertThat(this.senders.isOneMissing(2 * PATIENCE)).isFalse();
	}

}
