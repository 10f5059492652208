package io.psqache.benchmarks.endurance;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MediansTests {

	@Test
	void theMiddleIsOneOrBetweenTwo() {
		assertThat(Medians.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
		assertThat(Medians.of(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
		assertThat(Medians.spread(List.of(0.5, 2.0, 1.0))).isEqualTo("1.00 x (0.50 x..2.00 x)");
	}

}
