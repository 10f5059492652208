package io.psqache.store;

import java.time.Duration;

import io.psqache.TestCaches;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a walk makes of statements that take too long.
 */
class SweepIntegrationTests extends LanesFixture {

	private final StepSize size = new StepSize(1_000, true);

	private boolean isLate;

	private boolean isRun = true;

	@Test
	void stepThatTookTooLongIsTriedByASmallerOne() {
		Sweep sweep = begin();
		assertThatNextIsLate(sweep);
		assertThat(this.size.pages()).isEqualTo(250);
	}

	@Test
	void stepThatNoLaneTookIsTriedAsItIs() {
		Sweep sweep = begin();
		this.isRun = false;
		assertThatNextIsLate(sweep);
		assertThat(this.size.pages()).isEqualTo(1_000);
		this.isLate = false;
		this.isRun = true;
		assertThat(sweep.next().looked()).isEqualTo(2);
	}

	@Test
	void walkThatNoLaneTakesGivesUpInTheEnd() {
		Sweep sweep = begin();
		this.isRun = false;
		assertThatExceptionOfType(StoreException.class).isThrownBy(sweep::toTheEnd);
		assertThat(sweep.isStuck()).isTrue();
	}

	private Sweep begin() {
		Sweep sweep = new Sweep(new SweepSql(TestCaches.SCHEMA), new LateRequests(), 0, this.size, Evictions.NONE,
				new Horizon(Duration.ofMinutes(5), Duration.ofSeconds(1)));
		this.isLate = true;
		return sweep;
	}

	private static void assertThatNextIsLate(Sweep sweep) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(sweep::next);
	}

	/**
	 * Whose caller has given up, before or after a lane took what it asked for.
	 */
	private final class LateRequests implements Sweep.Requests {

		@Override
		public <T> T await(Solo.Work<T> work) {
			T answer = SweepIntegrationTests.this.isRun ? SweepIntegrationTests.this.store.sweep(work).await() : null;
			if (SweepIntegrationTests.this.isLate || answer == null) {
				throw new StoreException(FailureCause.TIMEOUT, null);
			}
			return answer;
		}

	}

}
