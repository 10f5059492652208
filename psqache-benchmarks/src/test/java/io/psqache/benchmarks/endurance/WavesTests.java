package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WavesTests {

	private static final Waves WAVES = new Waves(320_000, Duration.ofSeconds(30));

	@Test
	void eachWaveIsATwentiethOfTheEntries() {
		for (int wave = 0; wave < Waves.COUNT; wave++) {
			int number = wave;
			assertThat(IntStream.range(0, WAVES.entries()).filter((entry) -> WAVES.waveOf(entry) == number).count())
				.isEqualTo(16_000);
		}
	}

	@Test
	void keysTellTheirWaves() {
		assertThat(WAVES.key(2 * WAVES.chunk())).isEqualTo("wave:0:000032000");
		assertThat(WAVES.key(WAVES.chunk() + 16)).isEqualTo("wave:3:000016016");
		assertThat(WAVES.key(0)).isEqualTo("live:000000000");
	}

	@Test
	void putsGoToEntriesThatLiveOn() {
		assertThat(IntStream.range(0, 10_000).map(WAVES::living)).allMatch((entry) -> WAVES.waveOf(entry) < 0);
	}

}
