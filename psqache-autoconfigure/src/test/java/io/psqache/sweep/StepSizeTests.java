package io.psqache.sweep;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much one step of a sweep takes on.
 */
class StepSizeTests {

	@Test
	void whatTookTooLongIsTriedBySmallerStepsDownToARow() {
		StepSize size = new StepSize(1_000, true);
		assertThat(size.pages()).isEqualTo(1_000);
		for (int shrunk = 0; shrunk < StepSize.SIZES; shrunk++) {
			assertThat(size.isLeast()).isFalse();
			size.shrink();
		}
		assertThat(size.isLeast()).isTrue();
		size.shrink();
		assertThat(size.pages()).isOne();
		assertThat(size.rows()).isOne();
	}

	@Test
	void afterwardsItGrowsToWhatItWasAndNoFurther() {
		StepSize size = new StepSize(1_000, true);
		size.shrink();
		for (int grown = 0; grown < 20; grown++) {
			size.grow();
		}
		assertThat(size.pages()).isEqualTo(1_000);
		assertThat(size.rows()).isEqualTo(StepSize.ROWS);
	}

	@Test
	void whereReadsHaveNoOtherLaneStepsAreShort() {
		StepSize size = new StepSize(1_000, false);
		assertThat(size.pages()).isEqualTo(125);
		assertThat(size.rows()).isEqualTo(StepSize.ROWS / 8);
		assertThat(new StepSize(1, false).pages()).isOne();
	}

}
