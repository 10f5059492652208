package io.psqache.sweep;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What ends a rest.
 */
@Timeout(30)
class RestTests {

	private static final Duration LONG = Duration.ofDays(1);

	private final Rest rest = new Rest();

	@Test
	void itEndsByItself() {
		assertThat(this.rest.isClosedAfter(Duration.ofMillis(1))).isFalse();
	}

	@Test
	void whoWakesBeforeItBeginsEndsOneRest() {
		this.rest.wake();
		long begun = System.nanoTime();
		assertThat(this.rest.isClosedAfter(LONG)).isFalse();
		assertThat(this.rest.isClosedAfter(Duration.ofMillis(20))).isFalse();
		assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
	}

	@Test
	void afterItIsClosedThereIsNone() {
		this.rest.close();
		assertThat(this.rest.isClosedAfter(LONG)).isTrue();
		assertThat(this.rest.isClosedAfter(LONG)).isTrue();
	}

	@Test
	void itEndsWhenItIsClosedMeanwhile() throws InterruptedException {
		Thread closing = new Thread(this.rest::close);
		closing.start();
		assertThat(this.rest.isClosedAfter(LONG)).isTrue();
		closing.join();
	}

}
