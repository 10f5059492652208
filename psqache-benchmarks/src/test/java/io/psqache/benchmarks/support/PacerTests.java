package io.psqache.benchmarks.support;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PacerTests {

	private long now = 1000;

	private final Pacer pacer = new Pacer(() -> this.now, (nanos) -> this.now += nanos, 1000, 10);

	@Test
	void callsStartWhenTheyAreDue() {
		for (int call = 0; call < 3; call++) {
			this.pacer.await();
			assertThat(this.now).isEqualTo(1000 + 10 * call);
			this.now += 4;
			assertThat(this.pacer.sinceDue()).isEqualTo(4);
		}
	}

	@Test
	void lateCallStartsAtOnceAndIsMeasuredFromWhenItWasDue() {
		this.pacer.await();
		this.now += 35;
		assertThat(this.pacer.sinceDue()).isEqualTo(35);
		this.pacer.await();
		assertThat(this.now).isEqualTo(1035);
		this.now += 1;
		assertThat(this.pacer.sinceDue()).isEqualTo(26);
	}

	@Test
	void callsAfterALongOneKeepTheirTimes() {
		this.pacer.await();
		this.now += 35;
		for (int call = 1; call < 5; call++) {
			this.pacer.await();
		}
		assertThat(this.now).isEqualTo(1040);
	}

}
