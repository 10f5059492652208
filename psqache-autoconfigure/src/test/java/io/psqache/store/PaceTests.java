package io.psqache.store;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long the sweeper rests.
 */
class PaceTests {

	private static final Duration TOOK = Duration.ofMillis(30);

	private static final Sweep.Step NOTHING_TO_DELETE = new Sweep.Step(12_000, 0, 0);

	private final Pace pace = new Pace(Duration.ofSeconds(1));

	@Test
	void restsAsItWasToldWhileThereIsLittleToDo() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, false, TOOK)).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.pace.rest(new Sweep.Step(12_000, 60, 59), 10, false, TOOK)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void seesAllOfALargeTableInAMinuteAndAHalf() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 900, false, TOOK)).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void worksHalfOfTheTimeWhereThereIsMuchToDelete() {
		assertThat(this.pace.rest(new Sweep.Step(12_000, 120, 0), 10, false, TOOK)).isEqualTo(TOOK);
		assertThat(this.pace.rest(new Sweep.Step(12_000, 0, 120), 10, false, TOOK)).isEqualTo(TOOK);
		assertThat(this.pace.rest(new Sweep.Step(0, 2_000, 0), 10, false, TOOK)).isEqualTo(TOOK);
	}

	@Test
	void fewEntriesAreNotMuchHoweverSmallTheTable() {
		assertThat(this.pace.rest(new Sweep.Step(10, 10, 0), 1, false, TOOK)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void worksHalfOfTheTimeWhileABoundMayBeExceeded() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, true, TOOK)).isEqualTo(TOOK);
	}

	@Test
	void neverRestsLongerThanItWasTold() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, true, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(1));
	}

}
